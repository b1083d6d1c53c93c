import type { PlannedDataset } from '../../agreement/plan/plan';
import { DEFAULT_RECODING } from '../search/recoding';
import type { RowCounts } from './certificate';
import type { CertifiedSolution } from './certify-release';
import { TOLERANCE } from './judge-release';
import type { MeasuredLoss } from './measure-loss';

/**
 * Where a written release and what its solver says of it differ, in words without values of the data. The solver did not know
 * which rows are left out as marks: what these would have lost is between nothing and all.
 */
export function judgeSolved(
  { recoding }: Pick<PlannedDataset, 'recoding'>,
  measured: MeasuredLoss | undefined,
  { loss, search }: Pick<CertifiedSolution, 'loss' | 'search'>,
  { suppressed, marked = 0, released }: RowCounts,
): readonly string[] {
  if (search.mode !== (recoding ?? DEFAULT_RECODING).mode) return ['it was not generalised in the way that is agreed'];
  if (measured === undefined) return ['what its values lose was not measured'];
  if (measured.unlike.length > 0)
    return [`${measured.unlike.join(', ')} shows values that it does not have at its level`];
  const rows = suppressed + marked + released;
  const solved = loss * rows;
  const { least, greatest } = measured.lost;
  const slack = TOLERANCE * Math.max(1, rows);
  const isBorneOut = solved >= least + suppressed - slack && solved <= greatest + suppressed + marked + slack;
  return isBorneOut ? [] : ['its values lose more, or less, than was solved'];
}

/** Of accepted rows but for marks: a cell of a suppressed row counts 1. The worse of two, where the file leaves it open. */
export function lossOf(
  { lost: { greatest } }: MeasuredLoss,
  { suppressed, released }: Pick<RowCounts, 'suppressed' | 'released'>,
): number {
  const rows = suppressed + released;
  return rows === 0 ? 0 : Math.min(1, (greatest + suppressed) / rows);
}
