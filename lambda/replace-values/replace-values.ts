import { createHash } from 'node:crypto';
import { groupNeighbours } from '../../lib/domain/privacy/treatments/group-neighbours';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import type { JobOrders, LegSecrets, MappingOrder } from '../../lib/engine/glue/job-orders';
import { assertReplaceable } from '../../lib/engine/mapping/assert-replaceable';
import { createFormatPreserver } from '../../lib/engine/mapping/preserve-format';
import { type JobTables, openTables } from '../certify-release/read-tables';
import { leaveLines } from '../shared/leave-lines';
import type { Log } from '../shared/log';
import type { Objects } from '../shared/objects';
import type { ReadColumns } from '../solve-generalisation/read-histogram';

export class UnfitOrders extends Error {
  override readonly name = 'UnfitOrders';
}

interface ReplaceSurroundings {
  readonly landing: Objects;
  readonly readColumns: ReadColumns;
  /** HMAC-SHA256 of a message under a KMS key. */
  readonly makeMac: (key: string, message: string) => Promise<Uint8Array>;
  readonly log: Log;
}

/**
 * Computes what is released in place of the values of columns that SQL cannot treat, by the code of the other engine, and
 * leaves it for the second run of the job.
 * @throws UnfitOrders, IncompleteWork, TooManyValues: then nothing is treated.
 */
export async function replaceValues(run: WorkflowRun, surroundings: ReplaceSurroundings): Promise<void> {
  const { landing, readColumns, log } = surroundings;
  const text = await landing.read(`${run.work}orders.json`);
  if (createHash('sha256').update(text).digest('hex') !== run.orders.sha256)
    throw new UnfitOrders('The orders are not those that the delivery was taken in under.');
  const { mappings }: JobOrders = JSON.parse(new TextDecoder().decode(text));
  const tables = await openTables(`${run.work}mapping/`, 'mappingVersion', landing, readColumns);
  for (const mapping of mappings) {
    const replaced = await replaceColumn(mapping, tables, surroundings);
    const lines = replaced.map((shown, code) => JSON.stringify({ code, text: shown }));
    await leaveLines(landing, `${run.work}${mapping.replacements}/`, lines);
  }
  const { agreement, dataset } = run;
  log.info('Values replaced', { agreement, dataset, run: run.run, mappings: mappings.length });
}

/** By code. */
async function replaceColumn(
  { column, treatment, values: table, leg }: MappingOrder,
  tables: JobTables,
  { makeMac }: ReplaceSurroundings,
): Promise<readonly (string | null)[]> {
  assertReplaceable(column, treatment.kind, tables.rows(table));
  if (treatment.kind === 'microaggregate') {
    const { code, subjects } = await tables.read(table, ['code', 'subjects']);
    const counts = orderByCode(code).map((at) => Number(subjects[at]));
    return groupNeighbours(counts, treatment.k).map((group) => (group === null ? null : String(group)));
  }
  const { code, text } = await tables.read(table, ['code', 'text']);
  const preserve = createFormatPreserver(column, treatment, await askForSecret(leg, makeMac));
  return orderByCode(code).map((at) => preserve(String(text[at])));
}

/** Places of the codes 0, 1, … */
function orderByCode(codes: readonly unknown[]): readonly number[] {
  const places = new Int32Array(codes.length).fill(-1);
  for (const [at, code] of codes.entries()) places[Number(code)] = at;
  if (places.includes(-1))
    throw new UnfitOrders('The job did not number the values of a column. Run the delivery again.');
  return Array.from(places);
}

async function askForSecret(leg: LegSecrets | undefined, makeMac: ReplaceSurroundings['makeMac']): Promise<Uint8Array> {
  const message = leg?.messages.format_preserving;
  if (leg === undefined || message === undefined) throw new UnfitOrders('The orders name no key for what is keyed.');
  return makeMac(leg.key, message);
}
