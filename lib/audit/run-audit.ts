import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { findWatermark } from '../domain/audit/attribution/find-watermark';
import { measureCoverage } from '../domain/audit/attribution/measure-coverage';
import { mayTellOf } from '../domain/audit/integrity/place-findings';
import { type TrailVerdict, verifyTrail } from '../domain/audit/integrity/verify-trail';
import { openTold } from '../domain/audit/ledger/told-entries';
import { LEDGER_EVIDENCE } from '../domain/audit/ledger-evidence';
import { mergeReached } from '../domain/audit/records/count-reached';
import type { InputFile } from '../domain/audit/report/audit-header';
import type { AuditReport } from '../domain/audit/report/audit-report';
import type { AuditFindings } from '../domain/audit/report/audit-subject';
import { findTrails } from '../domain/audit/report/find-trails';
import { SESSION_MS } from '../domain/audit/session-length';
import type { AuditOutputs, AuditRun } from './audit-run';
import { explainAccesses, LedgerGrown } from './explain-accesses';
import { findPeriod } from './grounds/find-period';
import { INPUTS, writeInputs } from './grounds/input-list';
import { markReported } from './grounds/mark-reported';
import { hashRecord, keepTrailKeys } from './grounds/record-folder';
import { writeSigned } from './grounds/signed-versions';
import { spoolEntered } from './ledger/spool-entered';
import { compareCounts, type ReportedCounts } from './logs/compare-counts';
import { countRecords } from './logs/count-records';
import { compareNames, type UnreadFile } from './logs/list-log-files';
import { listUnread } from './logs/list-unread';
import { listTrailLogs, type ReadDigest } from './logs/read-digests';
import type { ScannedFile, ScanSetting } from './logs/scan-files';
import type { LogScan } from './logs/scan-logs';
import { type FileSurvey, surveyFiles } from './logs/survey-files';
import { TRAIL_CRYPTO } from './node-crypto';
import { openDrafts } from './pack/draft-packs';
import type { PartyPack } from './pack/open-packs';
import { LEDGER, signPack } from './pack/sign-pack';
import { joinSpooled } from './spool/join-spooled';

export interface AuditOutcome {
  readonly report: AuditReport;
  readonly appended: number;
  /** Their own packs, where those were asked for. */
  readonly parties: readonly PartyPack[];
  /** Files that were not read, or not to their end, or are no logs. */
  readonly unread: readonly UnreadFile[];
}

/** Reports that are begun because the ledger grew under the one before, to have in it what others entered meanwhile. */
const TRIES_TO_FOLLOW = 3;
/** With those that leave it to the next: all that one tried to tell the next one finds entered, unless others make more of it. */
const MAX_TRIES = 10;

/**
 * Reads logs, explains every access, enters it in the ledger, and writes the signed pack. What others enter meanwhile of a time
 * that it judges is in it, too: it is made again; where that does not end, the report after it tells the rest.
 * @throws NothingLogged, LedgerGrown
 */
export async function runAudit(run: AuditRun, outputs: AuditOutputs): Promise<AuditOutcome> {
  for (let tried = 1; ; tried += 1)
    try {
      return await writePack(run, outputs, tried >= TRIES_TO_FOLLOW);
    } catch (error) {
      if (!(error instanceof LedgerGrown) || tried === MAX_TRIES) throw error;
    }
}

async function writePack(asked: AuditRun, outputs: AuditOutputs, leavesLater: boolean): Promise<AuditOutcome> {
  const drafts = openDrafts(asked);
  try {
    const run = { ...asked, ...drafts.places };
    const { work } = drafts;
    const read = await readLogs(run, work);
    await run.keepRecord?.(run.out);
    const { joined, entered, ...explanation } = await joinRead(run, read, work);
    run.onProgress('Writing the ledger and the report …');
    const { report, appended, parties } = await explainAccesses({
      run,
      outputs,
      ...explanation,
      conflicts: joined.conflicts,
      differing: joined.differing,
      runs: joined.runs,
      accesses: joined.counts.accesses + joined.counts.entered,
      isTold: openToldPlaces(run, read.scan, read.isAsReported),
      entered,
      leavesLater,
      folder: work,
    });
    for (const { agreement, party, folder } of parties) writeSigned(run.out, folder, agreement, party);
    for (const folder of [...parties.map((each) => each.folder), run.out]) {
      copyFileSync(join(work, INPUTS), join(folder, INPUTS));
      await signPack(folder, run.signer, run, join(drafts.placeOf(folder), LEDGER));
    }
    drafts.publish(parties.map(({ folder }) => folder));
    const placed = parties.map((each) => ({ ...each, folder: drafts.placeOf(each.folder) }));
    return { report, appended, parties: placed, unread: [...read.broken, ...read.survey.foreign] };
  } finally {
    drafts.close();
  }
}

/** All logs and digests, once; what of the logs does not fit into memory lies in `work`. */
async function readLogs(run: AuditRun, work: string) {
  const { found, ...reported } = await markReported(await run.logs.list(work), run.earlier, work);
  const setting = describeScan(run, work);
  const scan = await run.logs.scan(found, setting, (done, bytes) =>
    run.onProgress(`Reading logs … ${done} of ${found.files.count} files, ${describeBytes(bytes)}`),
  );
  const survey = surveyFiles(scan.files);
  if (run.logs.digests !== undefined) run.onProgress('Reading digests …');
  const digests = (await run.logs.digests?.read()) ?? [];
  const period = findPeriod(run, scan, survey.delivered, digests);
  // Digests tell what lies behind a file of a trail, where there are some.
  const trailing = run.logs.digests === undefined ? survey.trailing : [];
  const broken = [...found.unread, ...survey.broken, ...trailing];
  return { setting, found, scan, survey, digests, period, broken, ...reported };
}

type ReadLogs = Awaited<ReturnType<typeof readLogs>>;

/** Joins what was read with what the ledger has of the time around the period, and finds what there is to say of the logs. */
async function joinRead(run: AuditRun, read: ReadLogs, work: string) {
  const { setting, scan, survey, digests, period, broken } = read;
  const around = { from: shiftTime(period.from, -SESSION_MS), to: shiftTime(period.to, SESSION_MS) };
  const entered = await spoolEntered(
    run.ledger,
    { ...setting, ...around, writer: scan.results.length },
    scan.results.flatMap(({ late }) => late),
    run.earlier?.told ?? [],
  );
  run.onProgress('Joining and attributing accesses …');
  const joined = joinSpooled(
    work,
    [...scan.results, entered].map(({ held }) => held),
    {
      agreements: run.agreements.map(({ inForce }) => inForce),
      proposed: run.proposed ?? [],
      decisions: run.decisions,
      roomAccounts: new Set(run.room.accounts),
    },
    run.bucketOwners,
    setting.earlier?.begin,
  );
  if (run.logs.digests !== undefined) run.onProgress('Checking digests …');
  const integrity = checkIntegrity(run, digests, scan.files, period);
  if (run.logs.digests !== undefined) keepTrailKeys(run.out, run.logs.digests.publicKeys);
  const spans = integrity?.spans ?? [];
  const trails = findTrails(run, integrity, survey.delivered);
  const watermark = findWatermark({ ...describeEnds(run, scan, survey), from: period.from, trails, spans });
  const findings: Omit<AuditFindings, 'ledger' | 'pending' | 'conflicts'> = {
    ...(integrity === undefined ? {} : { integrity }),
    coverage: measureCoverage(trails, spans, survey.delivered, period),
    records: countRecords(scan.results, joined.counts),
    inputs: writeInputs(join(work, INPUTS), listInputs(run.out, digests, scan.files)),
    reached: mergeReached(scan.results.map(({ reached }) => reached)),
    counts: await compareCounts(run.logs, scan, { from: period.from, to: watermark }, listEarlierCounts(run, read)),
    conduct: run.conduct,
    unread: broken.filter(({ file }) => mayTellOf(file, period)),
    unexplained: listUnread(
      scan.results.map(({ unread }) => unread),
      period,
    ),
  };
  return { joined, entered: entered.checkpoint, trails, period, watermark, findings };
}

function listEarlierCounts({ earlier }: AuditRun, { found, missingUntil }: ReadLogs): ReportedCounts | undefined {
  if (earlier === undefined) return undefined;
  return { periods: earlier.periods, files: found.files, ...(missingUntil === undefined ? {} : { missingUntil }) };
}

/** What a report of the time before was made of: a file, or an entry of the ledger. */
function openToldPlaces(
  { earlier }: AuditRun,
  { files, results }: LogScan,
  isAsReported: (file: ScannedFile) => boolean,
): Parameters<typeof explainAccesses>[0]['isTold'] {
  const reported = new Set(results.flatMap((each) => each.reported));
  if (earlier !== undefined) for (const file of files) if (isAsReported(file)) reported.add(file.file);
  const { isTold } = openTold(earlier?.told ?? []);
  return ({ file, record }, time) => (file === LEDGER_EVIDENCE ? isTold(time, record) : reported.has(file));
}

function describeScan(run: AuditRun, folder: string): Omit<ScanSetting, 'writer'> {
  const { room, bucketOwners, logs, from, to, earlier } = run;
  return {
    folder,
    roomAccounts: room.accounts,
    buckets: [...bucketOwners.keys()],
    hashContent: logs.digests !== undefined,
    ...(from === undefined ? {} : { from: shiftTime(from, -SESSION_MS) }),
    ...(to === undefined ? {} : { to: shiftTime(to, SESSION_MS) }),
    ...(from === undefined || earlier === undefined ? {} : { earlier: { begin: from, periods: earlier.periods } }),
  };
}

/** Until when the logs tell: what was asked for, and what came last. */
function describeEnds({ to }: AuditRun, { results }: LogScan, { delivered }: Pick<FileSurvey, 'delivered'>) {
  const lastAccess = results
    .flatMap(({ last = [] }) => last)
    .toSorted()
    .at(-1);
  return {
    delivered: delivered.map((log) => log.delivered),
    ...(lastAccess === undefined ? {} : { lastAccess }),
    ...(to === undefined ? {} : { to }),
  };
}

function checkIntegrity(
  { logs }: AuditRun,
  digests: readonly ReadDigest[],
  files: Iterable<ScannedFile>,
  period: { readonly from: string; readonly to: string },
): TrailVerdict | undefined {
  if (logs.digests === undefined) return undefined;
  const { publicKeys } = logs.digests;
  return verifyTrail(TRAIL_CRYPTO, { digests, logs: listTrailLogs(files, digests), publicKeys, period });
}

/** What is on record, digests, logs: each in order of their names. */
function* listInputs(
  out: string,
  digests: readonly ReadDigest[],
  logs: Iterable<ScannedFile>,
): Generator<InputFile, void, undefined> {
  yield* hashRecord(out);
  yield* digests.map(({ input }) => input).toSorted(compareNames);
  yield* logs;
}

function describeBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function shiftTime(time: string, by: number): string {
  return new Date(Date.parse(time) + by).toISOString();
}
