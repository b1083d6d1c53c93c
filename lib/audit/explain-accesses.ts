import { setImmediate } from 'node:timers/promises';
import type { Access, HashedEvidence } from '../domain/audit/access';
import { openLateness } from '../domain/audit/attribution/find-lateness';
import { LONE_KINDS } from '../domain/audit/attribution/judge-access';
import { listPartyAccounts } from '../domain/audit/attribution/list-party-accounts';
import type { AuditException } from '../domain/audit/attribution/reconcile-accesses';
import { compareExceptions, type FoundException, openReconciler } from '../domain/audit/attribution/reconcile-accesses';
import { readEntries } from '../domain/audit/ledger/read-entries';
import { type EntryRange, findMeanwhile } from '../domain/audit/ledger/told-entries';
import { isLogged } from '../domain/audit/ledger-evidence';
import { listRead } from '../domain/audit/records/join-accesses';
import type { AuditReport } from '../domain/audit/report/audit-report';
import type { AuditFindings } from '../domain/audit/report/audit-subject';
import { openRowReporter } from '../domain/audit/report/report-access';
import type { EvidenceReference, ReportedAccess } from '../domain/audit/report/reported-access';
import { formatBase64 } from '../domain/bytes';
import { compareTexts } from '../domain/compare-texts';
import type { AuditOutputs, AuditRun } from './audit-run';
import { findCopies } from './ledger/find-copies';
import { openLedgerWriter, type RecordedLedger } from './ledger/ledger-writer';
import { citeEntries, type WantedEntry } from './ledger/locate-entries';
import { type FoundOfAll, openPack, openPartyPacks, type PartyPack, type ToldException } from './pack/open-packs';
import type { Conflict, SpooledAccess } from './spool/join-spooled';
import { openSorter } from './spool/open-sorter';
import type { SortedRuns } from './spool/sorted-runs';

interface Explanation {
  readonly run: AuditRun;
  readonly outputs: AuditOutputs;
  readonly runs: SortedRuns<SpooledAccess>;
  /** How many they are, at the most. */
  readonly accesses: number;
  /** Whether an earlier report was made of what stands there, of a time before the period in milliseconds. */
  readonly isTold: (place: Pick<HashedEvidence, 'file' | 'record'>, time: number) => boolean;
  /** Entries of the ledger when it was read. */
  readonly entered: number;
  /** Of this run alone: for what does not fit into memory. */
  readonly folder: string;
  readonly trails: AuditRun['trails'];
  readonly period: { readonly from: string; readonly to: string };
  readonly watermark: string;
  readonly conflicts: readonly Conflict[];
  /** Ids of accesses of which the ledger has another copy than the logs. */
  readonly differing: ReadonlySet<string>;
  readonly findings: Omit<AuditFindings, 'ledger' | 'pending' | 'conflicts'>;
}

/** Every access once more, in order: into the ledger, the tables, the reconciliation and the reports. */
export async function explainAccesses(given: Explanation): Promise<{
  readonly report: AuditReport;
  readonly appended: number;
  /** The folders of the parties' packs, which are still to be signed. */
  readonly parties: readonly PartyPack[];
}> {
  const { run, outputs, runs, period, watermark, trails } = given;
  const { agreements, proposed = [], room, toolVersion, produced, functions } = run;
  const after = run.earlier?.periods ?? [];
  const series = after.length === 0 ? {} : { after };
  const code = functions === undefined ? {} : { functions };
  const subject = { period, watermark, produced, toolVersion, room, agreements, proposed, trails, ...series, ...code };
  const main = await openPack(run.out, subject, outputs, given.folder, given.accesses);
  const parties =
    run.parties === undefined ? [] : openPartyPacks(run.parties, subject, outputs, run.decisions, given.folder);
  const packs = [main, ...parties];
  const report = openRowReporter(agreements);
  const versions = agreements.map(({ inForce }) => inForce);
  const accounts = { room: new Set(room.accounts), parties: listPartyAccounts([...versions, ...proposed]) };
  const reconciler = openReconciler<ReportedAccess | undefined>(run.decisions, watermark, accounts);
  const exceptions = openSorter<ShownException>(given.folder, 'exceptions', compareShown, MAX_SHOWN);
  const ledger = await openLedgerWriter(run.ledger, run.signer);
  const isInPeriod = isWithin(period);
  const latenessOf = openLateness(period.from, after, given.isTold);
  const take = (found: readonly FoundException<ReportedAccess | undefined>[]) => {
    for (const { exception, notes } of found)
      if (isInPeriod(exception.at) || isOfLate(exception.kind, notes)) {
        const shown = notes.flatMap((row) => row ?? []);
        exceptions.put({ exception, told: packs.map((pack) => pack.tellException(exception, shown) ?? null) });
      }
  };
  try {
    let rows = 0;
    const own: Access[] = [];
    for (const { attributed, evidence } of runs.merge()) {
      rows += 1;
      if (rows % ROWS === 0) await setImmediate();
      const { access, otherSides, witnesses } = attributed.joined;
      const copies = [access, ...otherSides, ...witnesses];
      const late = latenessOf(
        access.at,
        copies.map(({ id }) => evidence[id] ?? []),
      );
      const row =
        isInPeriod(access.at) || late !== undefined
          ? report(attributed, ({ id }) => (evidence[id] ?? []).map((place) => cite(place, id)), late)
          : undefined;
      take(reconciler.add(attributed, row, isLogged(evidence[access.id] ?? [])));
      if (row === undefined) continue;
      for (const pack of packs) pack.addAccess(row, attributed);
      // The ledger is of what others did, or tell; what the room did for itself is in its trail.
      if (attributed.attribution.kind !== 'internal' || isOthersWord(access, accounts.room))
        await ledger.add(listRead(attributed.joined));
      else own.push(...copies.filter(({ id }) => given.differing.has(id)));
    }
    take(reconciler.finish());
    const recorded = await ledger.finish();
    const meanwhile = findMeanwhile(given.entered, recorded.checkpoint.size, recorded.own);
    await refuseGrown(recorded, meanwhile, watermark);
    const [flushed] = packs.map((pack) => pack.flush());
    const differing = [...recorded.conflicts, ...own].map(({ id, at }) => [id, at] as const).toSorted(compareTold);
    const attribution = { agreements: versions, proposed, decisions: run.decisions, roomAccounts: accounts.room };
    const grounds = { agreements, bucketOwners: run.bucketOwners, attribution, accounts, watermark };
    if (differing.length > 0) await flushed;
    const copies = await findCopies(run.out, recorded, differing, grounds);
    for (const { told } of exceptions.drain())
      for (const [at, pack] of packs.entries()) if (told[at]) pack.addException(told[at]);
    for (const pack of packs) for (const each of copies) pack.addCopy(each);
    const { checkpoint, isVerified } = recorded;
    const findings: FoundOfAll = {
      ...given.findings,
      ledger: {
        origin: checkpoint.origin,
        size: checkpoint.size,
        root: formatBase64(checkpoint.root),
        verified: isVerified,
        ...(meanwhile.length === 0 ? {} : { meanwhile }),
      },
      conflicts: [
        ...given.conflicts.map(({ at, id, evidence }) => ({ at, evidence: evidence.map((place) => cite(place, id)) })),
        ...(await citeConflicts(recorded, differing)),
      ],
    };
    const written = await main.finish(findings, recorded);
    for (const pack of parties) await pack.finish(findings, recorded);
    return {
      report: written,
      appended: recorded.appended,
      parties: parties.flatMap(({ concern, folder }) =>
        concern === undefined ? [] : [{ agreement: concern.agreement, party: concern.party, folder }],
      ),
    };
  } finally {
    await ledger.close();
  }
}

/** While the report was made, something was entered that it would have to judge: made again, it does. */
export class LedgerGrown extends Error {
  override readonly name = 'LedgerGrown';
}

/**
 * What others enter of a time that is judged, or was before, is rare: a report is made some hours after it.
 * @param watermark UTC: what is younger is told by the next report
 * @throws LedgerGrown
 */
async function refuseGrown(
  { store }: RecordedLedger,
  meanwhile: readonly EntryRange[],
  watermark: string,
): Promise<void> {
  for (const { from, to } of meanwhile)
    if ((await readEntries(store, from, to)).some(({ at }) => Date.parse(at) < Date.parse(watermark)))
      throw new LedgerGrown(
        `Entries ${from} to ${to - 1} of the ledger were entered while the report was made, and some are of a time that it tells of. Make it again.`,
      );
}

/** What another account did at home: that account may forward it, too, and then the ledger has it already. */
function isOthersWord({ recordedBy }: Access, roomAccounts: ReadonlySet<string>): boolean {
  return recordedBy !== undefined && !roomAccounts.has(recordedBy);
}

/** Rows from one look at what else can go on to the next: the ledger is written meanwhile. */
const ROWS = 32;

/** Exceptions in memory; more go to disk. */
const MAX_SHOWN = 16_384;

/** Of what came late only what it shows by itself: what it belongs to may not have been read again. */
function isOfLate(kind: AuditException['kind'], notes: readonly (ReportedAccess | undefined)[]): boolean {
  return LONE_KINDS.some((each) => each === kind) && notes.some((row) => row?.late !== undefined);
}

/** Accesses of which the ledger has another copy: where that stands. */
async function citeConflicts(
  recorded: RecordedLedger,
  differing: readonly WantedEntry[],
): Promise<AuditFindings['conflicts']> {
  const cited = await citeEntries(recorded, differing);
  return differing.map(([id, at]) => ({ at, evidence: [cited.get(id) ?? []].flat() }));
}

function compareTold([, left]: WantedEntry, [, right]: WantedEntry): number {
  return compareTexts(left, right);
}

function cite({ file, sha256, record }: HashedEvidence, event: string): EvidenceReference {
  return { file, sha256, record, event };
}

/** An exception, and what each report tells of it. */
interface ShownException {
  readonly exception: AuditException;
  readonly told: readonly (ToldException | null)[];
}

function compareShown({ exception: left }: ShownException, { exception: right }: ShownException): number {
  return compareExceptions(left, right);
}

function isWithin({ from, to }: { readonly from: string; readonly to: string }): (at: string) => boolean {
  const [first, end] = [Date.parse(from), Date.parse(to)];
  return (at) => {
    const time = Date.parse(at);
    return time >= first && time < end;
  };
}
