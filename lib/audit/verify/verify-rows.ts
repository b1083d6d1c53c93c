import * as z from 'zod';
import { openReported } from '../../domain/audit/attribution/find-lateness';
import type { EnteredLedger } from '../ledger/entered-ledger';
import { PROOFS } from '../ledger/write-proofs';
import { ACCESS_TABLE } from '../pack/access-table';
import { EXCEPTION_TABLE } from '../pack/exception-table';
import { type PackHeader, readPackHeader } from '../pack/pack-header';
import { EDGE_MS, isOwn } from '../pack/pack-rows';
import { readRows } from '../pack/read-rows';
import { LEDGER } from '../pack/sign-pack';
import type { PackFinding, PackVerdict } from './verify-pack';
import { findUntoldBefore, isIn } from './verify-series';

const evidence = z.array(z.object({ event: z.string() }));
const rowSchema = z.object({
  id: z.string(),
  at: z.string(),
  explained: z.object({ kind: z.string() }),
  late: z.enum(['whole', 'further']).optional(),
  evidence,
});
const exceptionSchema = z.object({ evidence });

const NOT_LATE = 'no time of which this report says that one was made before, and is told as late';

/** All that is entered, by the id of the access. */
type Entered = EnteredLedger['places'];

/**
 * Compares the tables of a pack with what is entered: each access that an exception rests on is proven; with the ledger each
 * access of the table is in it, and each entry of the period in the table.
 * @param proven ids of accesses whose proofs hold
 * @param entered absent: the ledger is not at hand
 * @param earlier folders of packs of the time before
 */
export async function verifyRows(
  folder: string,
  proven: ReadonlySet<string>,
  entered: EnteredLedger | undefined,
  earlier: readonly string[] = [],
): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const wanted = await listWanted(folder, findings);
  const header = readPackHeader(folder);
  const isOfPeriod = openReported(header === undefined ? [] : [header.period]);
  const isBefore = openReported(header?.after ?? []);
  const told = new Set<string>();
  let rows = 0;
  for await (const [row, at] of readRows(folder, ACCESS_TABLE, rowSchema)) {
    const file = `${ACCESS_TABLE}:${at}`;
    if (row === undefined) {
      findings.push({ file, problem: 'it is no access' });
      continue;
    }
    rows += 1;
    if (entered !== undefined)
      findings.push(...noteTold(row, entered.places, told).map((problem) => ({ file, problem })));
    const time = Date.parse(row.at);
    if (header !== undefined && !(row.late === undefined ? isOfPeriod(time) : isBefore(time) && !isOfPeriod(time)))
      findings.push({ file, problem: `it is of ${row.late === undefined ? 'no time of this report' : NOT_LATE}` });
    if (isOwn(row)) continue;
    if (entered?.places.has(row.id) === false) findings.push({ file, problem: 'its access is not in the ledger' });
    if (wanted.has(row.id) && !proven.has(row.id))
      findings.push({ file, problem: `an exception rests on it, and ${PROOFS} has no proof that holds` });
  }
  const compared = entered === undefined ? 'proofs' : 'proofs and the ledger';
  const checked = [`${rows} accesses in the tables were compared with ${compared}`];
  const unchecked: string[] = [];
  if (entered === undefined || header === undefined)
    unchecked.push('whether all that is entered is in the tables: that needs the ledger');
  else if (header.recipient !== undefined)
    unchecked.push('whether all that is this party’s business is in the tables: what others did is entered, too');
  else {
    const { compared, left } = findUntold(entered, told, header, findings);
    const before = await findUntoldBefore(entered, told, header, earlier, findings);
    checked.push(compared);
    unchecked.push(...left, ...before);
  }
  return { checked, unchecked, findings };
}

/**
 * Notes by which entries a row stands: those of the room's own doing, which is in no ledger, stand by none, whatever they name.
 * @returns what is wrong with that
 */
function noteTold(row: z.output<typeof rowSchema>, places: Entered, told: Set<string>): readonly string[] {
  const ids = places.has(row.id) ? new Set([row.id, ...row.evidence.map(({ event }) => event)]) : [row.id];
  const problems = new Set<string>();
  for (const id of ids) {
    if (told.has(id)) problems.add('another row tells it, too');
    // What the room did itself was told by its trail, whoever entered it later.
    else if (!isOwn(row) && places.get(id)?.isCovered === false)
      problems.add('it was entered after this report was made');
    told.add(id);
  }
  return [...problems];
}

/** @returns what was compared, and what of it was left */
function findUntold(
  { places, read }: EnteredLedger,
  told: ReadonlySet<string>,
  { period: { from, to }, watermark, ledger }: PackHeader,
  findings: PackFinding[],
): { readonly compared: string; readonly left: readonly string[] } {
  const [first, end] = [Date.parse(from), Date.parse(to)];
  /** Whatever it says, what it judges it has to tell. */
  const isLeft = (time: number, entry: number) => time >= Date.parse(watermark) && isIn(entry, ledger?.meanwhile);
  let [compared, later, near] = [0, 0, 0];
  for (const [id, { entry, at = '', isCovered }] of places) {
    const time = Date.parse(at);
    if (told.has(id)) compared += 1;
    else if (!(time >= first && time < end)) continue;
    else if (!isCovered || isLeft(time, entry)) later += 1;
    // What another witness saw is told with the trail's record of it, beyond the period's end perhaps.
    else if ((time < first + EDGE_MS || time >= end - EDGE_MS) && read(entry)?.witness !== 'cloudtrail') near += 1;
    else findings.push({ file: `${LEDGER}: entry ${entry}`, problem: 'it is of this period, and in no table' });
  }
  const listed = later + near === 0 ? '' : ' but what is listed';
  return {
    compared: `${compared} entries of the ledger are in the tables, and none of this period is missing${listed}`,
    left: [
      ...(later === 0 ? [] : [`${later} accesses of this period that were entered after it had read the ledger`]),
      ...(near === 0 ? [] : [`${near} of the five minutes at its ends, seen beside the trail: the next may tell them`]),
    ],
  };
}

async function listWanted(folder: string, findings: PackFinding[]): Promise<ReadonlySet<string>> {
  const wanted = new Set<string>();
  for await (const [exception, at] of readRows(folder, EXCEPTION_TABLE, exceptionSchema)) {
    if (exception === undefined) findings.push({ file: `${EXCEPTION_TABLE}:${at}`, problem: 'it is no exception' });
    for (const { event } of exception?.evidence ?? []) wanted.add(event);
  }
  return wanted;
}
