import type { Access } from '../../domain/audit/access';
import type { KnownAccounts } from '../../domain/audit/attribution/judge-access';
import { readEntry } from '../../domain/audit/ledger/ledger-entry';
import { readEntered } from '../../domain/audit/ledger/read-entered';
import type { LedgerAccess } from '../../domain/audit/ledger/read-latest';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { SESSION_MS } from '../../domain/audit/session-length';
import { encodeText } from '../../domain/bytes';
import { sha256 } from '../node-crypto';
import { ACCESS_TABLE } from '../pack/access-table';
import { asItIs } from '../pack/as-it-is';
import { packRowSchema } from '../pack/pack-rows';
import { readRows } from '../pack/read-rows';
import { type ExplainingGrounds, isOfConflict, listIds, openExplainer } from '../verify/open-explainer';
import { judgeCopies, type ShownByCopy } from '../verify/tell-copies';
import { asAccess, holdEntries, isContext, listContextNames } from './entered-ledger';
import type { RecordedLedger } from './ledger-writer';
import { citeEntries, type WantedEntry } from './locate-entries';
import { openEntries } from './open-entries';

const HOUR_MS = 60 * 60 * 1000;

/** By what what the ledger's copies show is found. */
interface CopyGrounds extends ExplainingGrounds {
  readonly accounts: KnownAccounts;
  readonly watermark: string;
}

/**
 * What the ledger shows of accesses of which the logs have another copy, of themselves or of what opened their session, and the
 * rows of the report do not tell.
 * @param folder of the report, whose table of accesses is written
 * @param conflicts ids and times of what copies differ of, in order of time
 */
export async function findCopies(
  folder: string,
  ledger: RecordedLedger,
  conflicts: readonly WantedEntry[],
  { accounts, watermark, ...grounds }: CopyGrounds,
): Promise<readonly ShownByCopy[]> {
  if (conflicts.length === 0) return [];
  const conflicting = new Set(conflicts.map(([id]) => id));
  const differing = await readCited(ledger, conflicts);
  const opened = new Set(differing.flatMap(({ access }) => (isContext(access) ? listContextNames(access.joins) : [])));
  const times = conflicts.map(([, at]) => at);
  const within = await readAround(ledger, times, opened, () => true);
  const concerned = new Set([...conflicting, ...within.map(({ access }) => access.id)]);
  const rows: ReportedAccess[] = [];
  for await (const [row] of readRows(folder, ACCESS_TABLE, asItIs<ReportedAccess>(packRowSchema)))
    if (row !== undefined && listIds(row).some((id) => concerned.has(id))) rows.push(row);
  const copies = await readCited(
    ledger,
    rows.flatMap((row) => listIds(row).map((id) => [id, row.at] as const)),
  );
  const named = new Set(copies.flatMap(({ access }) => listContextNames(access.joins)));
  const context = await readAround(
    ledger,
    rows.map(({ at }) => at),
    named,
    isContext,
  );
  const explainer = openExplainer(grounds, holdEntries([...copies, ...context]));
  return rows.flatMap((row) => {
    const entered = explainer.read(row);
    if (entered?.difference === undefined || !isOfConflict(row, entered, conflicting)) return [];
    return explainer.isLess(row, entered) ? [] : judgeCopies(row, entered, accounts, watermark);
  });
}

/** Entries of accesses, by their ids. */
async function readCited(ledger: RecordedLedger, wanted: readonly WantedEntry[]): Promise<readonly LedgerAccess[]> {
  const cited = [...(await citeEntries(ledger, wanted)).values()].toSorted((left, right) => left.record - right.record);
  const readText = openEntries(ledger.store, ledger.checkpoint.size);
  const entries: LedgerAccess[] = [];
  for (const { record: index, sha256: leaf } of cited) {
    const access = asAccess(readEntry(encodeText(await readText(index))));
    if (access !== undefined) entries.push({ access, index, leaf });
  }
  return entries;
}

/** Entries of sessions and queries, by the names of these, half a day around some times. */
async function readAround(
  { store, checkpoint: { size } }: RecordedLedger,
  times: readonly string[],
  names: ReadonlySet<string>,
  isWanted: (access: Access) => boolean,
): Promise<readonly LedgerAccess[]> {
  if (names.size === 0) return [];
  const found: LedgerAccess[] = [];
  const hours = [...new Set(times.map((at) => at.slice(0, HOUR)))].map((hour) => {
    const start = Date.parse(`${hour}:00:00Z`);
    const [from, to] = [new Date(start - SESSION_MS), new Date(start + SESSION_MS + HOUR_MS)];
    return { from: from.toISOString(), to: to.toISOString() };
  });
  for await (const each of readEntered(sha256, store, size, hours))
    if (isWanted(each.access) && listContextNames(each.access.joins).some((name) => names.has(name))) found.push(each);
  return found;
}

/** Of a time: `YYYY-MM-DDTHH`. */
const HOUR = 13;
