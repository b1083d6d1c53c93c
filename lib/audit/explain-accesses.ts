import { setImmediate } from 'node:timers/promises';
import type { Access, HashedEvidence } from '../domain/audit/access';
import { openLateness } from '../domain/audit/attribution/find-lateness';
import type { KnownAccounts } from '../domain/audit/attribution/judge-access';
import { listPartyAccounts } from '../domain/audit/attribution/list-party-accounts';
import type { Checkpoint } from '../domain/audit/ledger/checkpoint';
import { readEntries } from '../domain/audit/ledger/read-entries';
import { type EntryRange, findMeanwhile } from '../domain/audit/ledger/told-entries';
import { isLogged } from '../domain/audit/ledger-evidence';
import { listRead } from '../domain/audit/records/join-accesses';
import type { AuditReport } from '../domain/audit/report/audit-report';
import type { AuditFindings } from '../domain/audit/report/audit-subject';
import { openRowReporter } from '../domain/audit/report/report-access';
import type { EvidenceReference } from '../domain/audit/report/reported-access';
import { formatBase64 } from '../domain/bytes';
import { compareTexts } from '../domain/compare-texts';
import type { AuditOutputs, AuditRun } from './audit-run';
import { findCopies } from './ledger/find-copies';
import { type LedgerWriter, openLedgerWriter, type RecordedLedger } from './ledger/ledger-writer';
import { citeEntries, type WantedEntry } from './ledger/locate-entries';
import { isWithin } from './pack/is-within';
import { type Exceptions, openExceptions } from './pack/open-exceptions';
import { type FoundOfAll, type OpenPack, openPack, openPartyPacks, type PartyPack } from './pack/open-packs';
import type { Conflict, SpooledAccess } from './spool/join-spooled';
import type { SortedRuns } from './spool/sorted-runs';

interface Explanation {
  readonly run: AuditRun;
  readonly outputs: AuditOutputs;
  readonly runs: SortedRuns<SpooledAccess>;
  /** How many they are, at the most. */
  readonly accesses: number;
  /** Whether an earlier report was made of what stands there, of a time before the period in milliseconds. */
  readonly isTold: (place: Pick<HashedEvidence, 'file' | 'record'>, time: number) => boolean;
  /** What the ledger had come to when it was read. */
  readonly entered: Checkpoint;
  /** Whether what others have entered since is left to the next report, where all that this one tells was in the ledger before. */
  readonly leavesLater: boolean;
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
  const { run } = given;
  const { main, parties } = await openAllPacks(given);
  const packs = [main, ...parties];
  const versions = run.agreements.map(({ inForce }) => inForce);
  const accounts = {
    room: new Set(run.room.accounts),
    parties: listPartyAccounts([...versions, ...(run.proposed ?? [])]),
  };
  const exceptions = openExceptions(
    { ...given, decisions: run.decisions, earlier: run.earlier?.exceptions ?? [] },
    accounts,
    packs,
  );
  const ledger = await openLedgerWriter(run.ledger, run.signer);
  try {
    const own = await tellAccesses(given, accounts, packs, exceptions, ledger);
    const recorded = await ledger.finish(given.leavesLater ? given.entered : undefined);
    const findings = await tellFound(given, accounts, packs, exceptions, recorded, own);
    const report = await main.finish(findings, recorded);
    for (const pack of parties) await pack.finish(findings, recorded);
    return {
      report,
      appended: recorded.appended,
      parties: parties.flatMap(({ concern, folder }) =>
        concern === undefined ? [] : [{ agreement: concern.agreement, party: concern.party, folder }],
      ),
    };
  } finally {
    await ledger.close();
  }
}

async function openAllPacks({ run, outputs, accesses, folder, period, watermark, trails }: Explanation) {
  const { agreements, proposed = [], room, toolVersion, produced, functions } = run;
  const after = run.earlier?.periods ?? [];
  const series = after.length === 0 ? {} : { after };
  const code = functions === undefined ? {} : { functions };
  const subject = { period, watermark, produced, toolVersion, room, agreements, proposed, trails, ...series, ...code };
  const main = await openPack(run.out, subject, outputs, folder, accesses);
  const parties = run.parties === undefined ? [] : openPartyPacks(run.parties, subject, outputs, run.decisions, folder);
  return { main, parties };
}

/** Gives what is told of each access to packs, exceptions and ledger; answers what the room did itself, and the ledger has otherwise. */
async function tellAccesses(
  { run, runs, period, isTold, differing }: Explanation,
  accounts: KnownAccounts,
  packs: readonly OpenPack[],
  exceptions: Exceptions,
  ledger: LedgerWriter,
): Promise<readonly Access[]> {
  const report = openRowReporter(run.agreements);
  const isInPeriod = isWithin(period);
  const latenessOf = openLateness(period.from, run.earlier?.periods ?? [], isTold);
  const own: Access[] = [];
  let rows = 0;
  for (const { attributed, evidence } of runs.merge()) {
    rows += 1;
    if (rows % ROWS === 0) await setImmediate();
    const { access, otherSides, witnesses } = attributed.joined;
    const copies = [access, ...otherSides, ...witnesses];
    const placesOf = ({ id }: Access) => evidence[id] ?? [];
    const late = latenessOf(access.at, copies.map(placesOf));
    const isReported = isInPeriod(access.at) || late !== undefined;
    const row = isReported
      ? report(attributed, (copy) => placesOf(copy).map((place) => cite(place, copy.id)), late)
      : undefined;
    exceptions.add(attributed, row, isLogged(placesOf(access)));
    if (row === undefined) continue;
    for (const pack of packs) pack.addAccess(row, attributed);
    // The ledger is of what others did, or tell; what the room did for itself is in its trail.
    if (attributed.attribution.kind !== 'internal' || isOthersWord(access, accounts.room))
      await ledger.add(listRead(attributed.joined));
    else own.push(...copies.filter(({ id }) => differing.has(id)));
  }
  await exceptions.finish();
  return own;
}

/** What is known when every access was told. */
async function tellFound(
  given: Explanation,
  accounts: KnownAccounts,
  packs: readonly OpenPack[],
  exceptions: Exceptions,
  recorded: RecordedLedger,
  own: readonly Access[],
): Promise<FoundOfAll> {
  const { run, watermark } = given;
  const { agreements, proposed = [], decisions, bucketOwners } = run;
  const { checkpoint, isVerified } = recorded;
  const meanwhile = findMeanwhile(given.entered.size, checkpoint.size, recorded.own);
  await refuseGrown(recorded, meanwhile, watermark);
  const [flushed] = packs.map((pack) => pack.flush());
  const differing = [...recorded.conflicts, ...own].map(({ id, at }) => [id, at] as const).toSorted(compareTold);
  const versions = agreements.map(({ inForce }) => inForce);
  const attribution = { agreements: versions, proposed, decisions, roomAccounts: accounts.room };
  const grounds = { agreements, bucketOwners, attribution, accounts, watermark };
  if (differing.length > 0) await flushed;
  const copies = await findCopies(run.out, recorded, differing, grounds);
  exceptions.tell();
  for (const pack of packs) for (const each of copies) pack.addCopy(each);
  return {
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
