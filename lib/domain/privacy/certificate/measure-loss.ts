import type { PlannedDataset } from '../../agreement/plan/plan';
import { buildLadder } from '../hierarchies/build-ladder';
import type { ClassValues } from '../hierarchies/ladder';
import { type ShareOf, type ShownShare, sharesAt, sharesOfRegions } from '../hierarchies/shown-shares';
import { typeInClass } from '../hierarchies/type-in-class';
import { addPopulationValues } from '../histogram/add-population';
import { DEFAULT_RECODING } from '../search/recoding';
import type { Solution } from '../search/solution';
import type { ReleaseMeasurement } from './release-measurement';

/** What the values in a written release lose. */
export interface MeasuredLoss {
  /** Summed over the cells of its class columns, over their number per row: in rows. */
  readonly lost: ShownShare;
  /** Columns whose values cannot be shown at the level that they are said to have. */
  readonly unlike: readonly string[];
}

/**
 * Measured from what a written release shows, and from what its delivery held: nothing but the levels, which the file has to
 * bear out, comes from the solver.
 * @param values Distinct values of the accepted rows, per class column.
 * @returns nothing where what is shown was not counted
 */
export function measureLoss(
  dataset: PlannedDataset,
  { rows, shown }: Pick<ReleaseMeasurement, 'rows' | 'shown'>,
  values: readonly ClassValues[],
  levels: Solution['levels'],
): MeasuredLoss | undefined {
  const { classColumns } = dataset;
  let least = 0;
  let greatest = 0;
  const unlike: string[] = [];
  for (const [index, { column, generalisation }] of classColumns.entries()) {
    const domain = listDomain(dataset, values, index);
    if (domain === undefined) return undefined;
    if (generalisation.kind === 'none') {
      // Whatever is made of it for the receiver, a value is shown as one.
      const share = domain.values.length === 0 ? 0 : rows / domain.values.length;
      least += share;
      greatest += share;
      continue;
    }
    const found = shown?.find((each) => each.column === column);
    if (found === undefined || found.rows.reduce((sum, count) => sum + count, 0) !== rows) return undefined;
    const shareOf = chooseShares(dataset, index, domain, levels[index]);
    for (const [place, text] of found.texts.entries()) {
      const share = shareOf?.(text);
      if (share === undefined) {
        unlike.push(column);
        break;
      }
      least += found.rows[place]! * share.least;
      greatest += found.rows[place]! * share.greatest;
    }
  }
  const columns = Math.max(1, classColumns.length);
  return { lost: { least: least / columns, greatest: greatest / columns }, unlike };
}

/** With the values of a population, where the floor counts on its table: they are leaves as well. */
function listDomain(dataset: PlannedDataset, values: readonly ClassValues[], index: number): ClassValues | undefined {
  const column = values.find(({ name }) => name === dataset.classColumns[index]!.column);
  const population = dataset.privacy?.population;
  if (column === undefined || population?.kind !== 'counts') return column;
  return addPopulationValues(column, population, typeInClass(dataset, column.name), index);
}

function chooseShares(
  dataset: PlannedDataset,
  index: number,
  domain: ClassValues,
  level: number | undefined,
): ShareOf | undefined {
  const type = typeInClass(dataset, domain.name);
  const ladder = buildLadder(dataset.classColumns[index]!.generalisation, type, domain);
  if (ladder.kind !== 'ladder') return undefined;
  const { mode } = dataset.recoding ?? DEFAULT_RECODING;
  if (mode === 'multidimensional') return sharesOfRegions(ladder, domain, type);
  const told = level === undefined ? undefined : ladder.levels[level];
  return told && sharesAt(told);
}
