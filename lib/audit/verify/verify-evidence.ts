import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Access } from '../../domain/audit/access';
import { formatEntry } from '../../domain/audit/ledger/ledger-entry';
import { hashLeaf } from '../../domain/audit/ledger/merkle-tree';
import { LEDGER_EVIDENCE } from '../../domain/audit/ledger-evidence';
import type { EvidenceReference } from '../../domain/audit/report/reported-access';
import { formatHex } from '../../domain/bytes';
import { compareTexts } from '../../domain/compare-texts';
import { formatPlural } from '../../report/format';
import { INPUTS, readInputLines } from '../grounds/input-list';
import { INPUT_LABELS, nameInput, splitInputName } from '../grounds/input-names';
import type { EnteredLedger } from '../ledger/entered-ledger';
import { walkLogFiles } from '../logs/list-log-files';
import type { InputFolder } from '../logs/open-log-folders';
import { openLogReader } from '../logs/read-log-file';
import { sha256 } from '../node-crypto';
import { ACCESS_TABLE } from '../pack/access-table';
import { EXCEPTION_TABLE } from '../pack/exception-table';
import { EDGE_MS, isOwn, listTold } from '../pack/pack-rows';
import { readPackReport } from '../pack/read-pack-report';
import { readRows } from '../pack/read-rows';
import { openSorter } from '../spool/open-sorter';
import { openOwnExplainer } from './explain-own';
import { openRecount } from './recount-records';
import type { PackFinding, PackTools, PackVerdict } from './verify-pack';

const evidence = z.object({ file: z.string(), sha256: z.string(), record: z.number(), event: z.string() });
const rowSchema = z.looseObject({
  evidence: z.array(evidence),
  explained: z.object({ kind: z.string() }).optional().catch(undefined),
});
const conflictSchema = z.looseObject({ kind: z.string(), evidence: z.array(evidence) });

/** A place that a table names as evidence, and where the table does. */
interface CitedPlace extends EvidenceReference {
  readonly by: string;
  readonly explained?: { readonly kind: string } | undefined;
}

/** Where a table names a record, the file has to be one of those that were audited, or the entry to stand in the ledger. */
export async function verifyEvidence(folder: string, entered: EnteredLedger | undefined): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const inputs = readInputs(folder);
  let [logged, ledger] = [0, 0];
  for await (const { by, ...place } of listCited(folder)) {
    if (place.file !== LEDGER_EVIDENCE) logged += 1;
    else if (entered === undefined) continue;
    else ledger += 1;
    const problem = place.file === LEDGER_EVIDENCE ? judgeEntry(place, entered) : judgeFile(place, inputs);
    if (problem !== undefined) findings.push({ file: by, problem });
  }
  const entries = ledger === 0 ? '' : `, and ${formatPlural(ledger, 'record')} of the ledger`;
  return {
    checked: [`evidence names ${formatPlural(logged, 'record')} of files that were audited${entries}`],
    findings,
  };
}

function judgeFile({ file, sha256 }: EvidenceReference, inputs: ReadonlyMap<string, string>): string | undefined {
  const known = inputs.get(file);
  if (known === undefined) return `its evidence lies in a file that ${INPUTS} does not name`;
  return known === sha256 ? undefined : `the hash of its evidence is not the one that ${INPUTS} has`;
}

function judgeEntry(
  { event, record, sha256 }: EvidenceReference,
  entered: EnteredLedger | undefined,
): string | undefined {
  const entry = entered?.places.get(event)?.entry;
  return entry === record && entered?.hash(entry) === sha256
    ? undefined
    : 'its evidence is not the entry that the ledger has of it';
}

/**
 * Reads the logs once more: at each place that a table names, the record has to be the one that it says; and in a report of the
 * whole room every access of its period has to be in the table, be it one of the room's own, and each of these rows has to say
 * what follows from its records.
 */
export async function verifyRecords(
  folder: string,
  given: readonly InputFolder[],
  { toolVersion }: Pick<PackTools, 'toolVersion'>,
): Promise<PackVerdict> {
  const report = readPackReport(folder);
  // That no report can be read is told with what follows from it.
  if (report === undefined) return { checked: [], findings: [] };
  if (given.length === 0) return { checked: [], unchecked: [RECORDS], findings: [] };
  const { header } = report;
  const { accounts } = header.room;
  const isExplained = header.recipient === undefined && header.toolVersion === toolVersion;
  const own = isExplained ? await openOwnExplainer(folder, report) : undefined;
  const told = header.recipient === undefined ? await listTold(folder) : undefined;
  const isWithin = openWithin(header.period);
  const findings: PackFinding[] = [];
  const paths = new Map<string, string>();
  for (const { label, folder: logs } of given)
    walkLogFiles(
      logs,
      ({ file, path }) => paths.set(nameInput(label, file), path),
      () => {},
    );
  const inputs = readInputs(folder);
  const isWhole = [...inputs.keys()].every((file) => !isLog(file) || paths.has(file));
  const recount = told === undefined || !isWhole ? undefined : openRecount(folder, report);
  const work = mkdtempSync(join(tmpdir(), 'barter-verify-'));
  try {
    const sorter = openSorter<CitedPlace>(work, 'cited', comparePlaces);
    // A file that is not there is told with the inputs.
    for await (const place of listCited(folder)) if (paths.has(place.file)) sorter.put(place);
    const places = openPlaces(sorter.drain(), await listConflicting(folder), findings);
    const room = { accounts: new Set(accounts), buckets: recount?.buckets ?? [] };
    const reader = openLogReader(room, false, recount?.reached);
    for (const file of [...paths.keys()].toSorted(compareTexts)) {
      if (told === undefined && !places.isIn(file)) continue;
      const counts = inputs.has(file) ? recount : undefined;
      const log = { file, path: paths.get(file) ?? '' };
      const reading = await reader.read(log, {
        access: (access, _, record) => {
          counts?.addAccess(access.at);
          const isCited = places.meet(file, record, access.id, access);
          own?.take(access, isCited);
          if (told?.has(access.id) === false && isWithin(access))
            findings.push({ file, problem: `record ${record} is an access of the period, and in no table` });
        },
        summarise: ({ id }, record) => places.meet(file, record, id),
        count: (kind, what, record, count = 1) => counts?.count(kind, what, { file, record }, count),
      });
      counts?.addFile(reading.records);
      places.end(file);
    }
    const records = places.met();
    const checked = [`${formatPlural(records, 'record')} in the logs are those that evidence names`];
    if (told !== undefined) checked.push('no access of the period in these logs is missing in the tables');
    if (recount !== undefined) checked.push('records that were read were counted again');
    const explained = await own?.finish();
    return {
      checked: [...checked, ...(explained?.checked ?? [])],
      unchecked: [...(recount === undefined ? [RECORDS] : []), ...(explained?.unchecked ?? [])],
      findings: [...findings, ...((await recount?.finish()) ?? []), ...(explained?.findings ?? [])],
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Places that tables name, in the order in which logs are read. */
function openPlaces(cited: Iterator<CitedPlace>, conflicts: ReadonlyMap<string, string>, findings: PackFinding[]) {
  let next = cited.next();
  let met = 0;
  const tell = ({ by, file, record }: CitedPlace, what: string) =>
    findings.push({ file: by, problem: `record ${record} of ${file} is ${what}` });
  const pass = (file: string, record: number, event?: string, access?: Access) => {
    let isOfOwn = false;
    while (!next.done && next.value.file === file && next.value.record <= record) {
      const place = next.value;
      const isSame = place.record === record && place.event === event;
      if (isSame) met += 1;
      else tell(place, 'not the one that it names');
      isOfOwn ||= isSame && isOwn(place);
      if (access !== undefined && isEntered(place, access, conflicts))
        tell(place, 'the one of the ledger: no copies differ');
      next = cited.next();
    }
    return isOfOwn;
  };
  return {
    isIn: (file: string) => !next.done && next.value.file === file,
    /** Takes all places up to this record; those at it have to be of this event. @returns whether a row of the room's own doing names it */
    meet: pass,
    end: (file: string) => pass(file, Number.POSITIVE_INFINITY),
    met: () => met,
  };
}

/** What a pack tells of its records, as verdicts tell it. */
const RECORDS = 'how many records were read, and of which kinds: that needs all logs and the whole record';

/** Digests and what is on record are no logs. */
function isLog(name: string): boolean {
  const { label } = splitInputName(name);
  return label !== INPUT_LABELS.digests && label !== INPUT_LABELS.record;
}

/** What another witness saw is told with the trail's record of it, beyond the period's end perhaps. */
function openWithin({ from, to }: { readonly from: string; readonly to: string }): (access: Access) => boolean {
  const [first, end] = [Date.parse(from), Date.parse(to)];
  return ({ at, witness }) => {
    const time = Date.parse(at);
    const edge = witness === 'cloudtrail' ? 0 : EDGE_MS;
    return time >= first + edge && time < end - edge;
  };
}

/** Hashes of the entries of which the exceptions say that the logs have another copy, by event. */
async function listConflicting(folder: string): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for await (const [row] of readRows(folder, EXCEPTION_TABLE, conflictSchema))
    if (row?.kind === 'conflicting-record')
      for (const { file, event, sha256 } of row.evidence) if (file === LEDGER_EVIDENCE) hashes.set(event, sha256);
  return hashes;
}

/** Whether what a row tells by a record is what the ledger has of it, though copies are said to differ. */
function isEntered({ by, event }: CitedPlace, access: Access, conflicts: ReadonlyMap<string, string>): boolean {
  const leaf = by.startsWith(ACCESS_TABLE) && access.id === event ? conflicts.get(event) : undefined;
  return leaf !== undefined && formatHex(hashLeaf(sha256, formatEntry(sha256, access).bytes)) === leaf;
}

async function* listCited(folder: string): AsyncGenerator<CitedPlace> {
  for (const table of [ACCESS_TABLE, EXCEPTION_TABLE])
    for await (const [row, at] of readRows(folder, table, rowSchema))
      for (const place of row?.evidence ?? []) yield { ...place, by: `${table}:${at}`, explained: row?.explained };
}

function readInputs(folder: string): ReadonlyMap<string, string> {
  return new Map(readInputLines(folder).map(({ file, sha256 }) => [file, sha256]));
}

function comparePlaces(left: CitedPlace, right: CitedPlace): number {
  return compareTexts(left.file, right.file) || left.record - right.record;
}
