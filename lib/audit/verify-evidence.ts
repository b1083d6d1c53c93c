import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Access } from '../domain/audit/access';
import { formatEntry } from '../domain/audit/ledger/ledger-entry';
import { hashLeaf } from '../domain/audit/ledger/merkle-tree';
import { LEDGER_EVIDENCE } from '../domain/audit/ledger-evidence';
import type { EvidenceReference } from '../domain/audit/report/reported-access';
import { formatHex } from '../domain/bytes';
import { compareTexts } from '../domain/compare-texts';
import { formatPlural } from '../report/format';
import { ACCESS_TABLE } from './access-table';
import type { EnteredLedger } from './entered-ledger';
import { INPUTS, readInputLines } from './input-list';
import { nameInput } from './input-names';
import { walkLogFiles } from './list-log-files';
import { sha256 } from './node-crypto';
import type { InputFolder } from './open-log-folders';
import { openSorter } from './open-sorter';
import { EDGE_MS, listTold } from './pack-rows';
import { openLogReader } from './read-log-file';
import { readPackReport } from './read-pack-report';
import { readRows } from './read-rows';
import type { PackFinding, PackVerdict } from './verify-pack';
import { EXCEPTION_TABLE } from './verify-rows';

const evidence = z.object({ file: z.string(), sha256: z.string(), record: z.number(), event: z.string() });
const rowSchema = z.looseObject({ evidence: z.array(evidence) });
const conflictSchema = z.looseObject({ kind: z.string(), evidence: z.array(evidence) });

/** A place that a table names as evidence, and where the table does. */
interface CitedPlace extends EvidenceReference {
  readonly by: string;
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
 * whole room every access of its period has to be in the table, be it one of the room's own.
 */
export async function verifyRecords(folder: string, given: readonly InputFolder[]): Promise<PackVerdict> {
  const header = readPackReport(folder)?.header;
  // That no report can be read is told with what follows from it.
  if (header === undefined || given.length === 0) return { checked: [], findings: [] };
  const { accounts } = header.room;
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
  const work = mkdtempSync(join(tmpdir(), 'barter-verify-'));
  try {
    const sorter = openSorter<CitedPlace>(work, 'cited', comparePlaces);
    // A file that is not there is told with the inputs.
    for await (const place of listCited(folder)) if (paths.has(place.file)) sorter.put(place);
    const cited = sorter.drain();
    const conflicts = await listConflicting(folder);
    const reader = openLogReader({ accounts: new Set(accounts), buckets: [] }, false);
    const miss = ({ by, file, record }: CitedPlace) =>
      findings.push({ file: by, problem: `record ${record} of ${file} is not the one that it names` });
    const same = ({ by, file, record }: CitedPlace) =>
      findings.push({ file: by, problem: `record ${record} of ${file} is the one of the ledger: no copies differ` });
    let next = cited.next();
    let records = 0;
    for (const file of [...paths.keys()].toSorted(compareTexts)) {
      if (told === undefined && (next.done || next.value.file !== file)) continue;
      /** Takes all places up to this record; those at it have to be of this event. */
      const meet = (event: string, record: number, access?: Access) => {
        while (!next.done && next.value.file === file && next.value.record <= record) {
          if (next.value.record === record && next.value.event === event) records += 1;
          else miss(next.value);
          if (access !== undefined && isEntered(next.value, access, conflicts)) same(next.value);
          next = cited.next();
        }
      };
      await reader.read(paths.get(file) ?? '', {
        access: (access, _, record) => {
          meet(access.id, record, access);
          if (told?.has(access.id) === false && isWithin(access.at))
            findings.push({ file, problem: `record ${record} is an access of the period, and in no table` });
        },
        summarise: ({ id }, record) => meet(id, record),
        count: () => {},
      });
      for (; !next.done && next.value.file === file; next = cited.next()) miss(next.value);
    }
    const checked = [`${formatPlural(records, 'record')} in the logs are those that evidence names`];
    if (told !== undefined) checked.push('no access of the period in these logs is missing in the tables');
    return { checked, findings };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function openWithin({ from, to }: { readonly from: string; readonly to: string }): (at: string) => boolean {
  const [first, end] = [Date.parse(from) + EDGE_MS, Date.parse(to) - EDGE_MS];
  return (at) => {
    const time = Date.parse(at);
    return time >= first && time < end;
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
      for (const place of row?.evidence ?? []) yield { ...place, by: `${table}:${at}` };
}

function readInputs(folder: string): ReadonlyMap<string, string> {
  return new Map(readInputLines(folder).map(({ file, sha256 }) => [file, sha256]));
}

function comparePlaces(left: CitedPlace, right: CitedPlace): number {
  return compareTexts(left.file, right.file) || left.record - right.record;
}
