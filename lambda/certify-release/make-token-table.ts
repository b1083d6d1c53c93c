import type { PlannedLeg } from '../../lib/domain/agreement/plan/plan';
import { MOST_TOKENS, writeTokenTable } from '../../lib/domain/exchange/erasure/token-table';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import type { Objects } from '../shared/objects';
import type { ReadColumns } from '../solve-generalisation/read-histogram';
import { openTables } from './read-tables';

/** Whose tokens the job found in the release that it wrote. Undefined where it holds none, or too many to be put in order. */
export async function makeTokenTable(
  run: WorkflowRun,
  leg: PlannedLeg,
  { landing, readColumns }: { readonly landing: Objects; readonly readColumns: ReadColumns },
): Promise<Uint8Array | undefined> {
  const measured = await openTables(`${run.work}measure/${leg.id}/`, 'measureVersion', landing, readColumns);
  if (!measured.has('tokens') || measured.rows('tokens') > MOST_TOKENS) return undefined;
  const { high, low } = await measured.read('tokens', ['high', 'low']);
  return writeTokenTable(high.map(Number), low.map(Number));
}
