import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findWatermark } from '../domain/audit/attribution/find-watermark';
import { measureCoverage } from '../domain/audit/attribution/measure-coverage';
import { digestSpan, mayTellOf } from '../domain/audit/integrity/place-findings';
import type { DigestFile } from '../domain/audit/integrity/trail-copy';
import { type LogKey, parseLogKey } from '../domain/audit/integrity/trail-key';
import { type TrailVerdict, verifyTrail } from '../domain/audit/integrity/verify-trail';
import { openTold } from '../domain/audit/ledger/told-entries';
import { LEDGER_EVIDENCE } from '../domain/audit/ledger-evidence';
import { type CountedKind, countKinds } from '../domain/audit/records/collect-accesses';
import { mergeReached } from '../domain/audit/records/count-reached';
import type { AuditReport, InputFile } from '../domain/audit/report/audit-report';
import type { AuditFindings } from '../domain/audit/report/audit-subject';
import { findTrails } from '../domain/audit/report/find-trails';
import type { AuditOutputs, AuditRun } from './audit-run';
import { explainAccesses, LedgerGrown } from './explain-accesses';
import { INPUTS, writeInputs } from './grounds/input-list';
import { splitInputName } from './grounds/input-names';
import { markReported } from './grounds/mark-reported';
import { hashRecord, keepTrailKeys } from './grounds/record-folder';
import { writeSigned } from './grounds/signed-versions';
import { spoolEntered } from './ledger/spool-entered';
import { compareCounts } from './logs/compare-counts';
import { compareNames, type UnreadFile } from './logs/list-log-files';
import { listUnread } from './logs/list-unread';
import { NothingLogged } from './logs/nothing-logged';
import { listTrailLogs, type ReadDigest } from './logs/read-digests';
import type { ScannedFile, ScanResult, ScanSetting } from './logs/scan-files';
import type { LogScan } from './logs/scan-logs';
import { TRAIL_CRYPTO } from './node-crypto';
import type { PartyPack } from './pack/open-packs';
import { signPack } from './pack/sign-pack';
import { joinSpooled } from './spool/join-spooled';

export interface AuditOutcome {
  readonly report: AuditReport;
  readonly appended: number;
  /** Their own packs, where those were asked for. */
  readonly parties: readonly PartyPack[];
  /** Files that were not read, or not to their end, or are no logs. */
  readonly unread: readonly UnreadFile[];
}

/** Around the period: what belongs to an access at its ends. */
const MARGIN_MS = 12 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** Reports that are begun because the ledger grew under the one before. */
const MAX_TRIES = 3;

/**
 * Reads logs, explains every access, enters it in the ledger, and writes the signed pack. What others enter meanwhile of a time
 * that it judges is in it, too: it is made again.
 * @throws NothingLogged, LedgerGrown where that does not end
 */
export async function runAudit(run: AuditRun, outputs: AuditOutputs): Promise<AuditOutcome> {
  for (let tried = 1; ; tried += 1)
    try {
      return await writePack(run, outputs);
    } catch (error) {
      if (!(error instanceof LedgerGrown) || tried === MAX_TRIES) throw error;
    }
}

async function writePack(run: AuditRun, outputs: AuditOutputs): Promise<AuditOutcome> {
  mkdirSync(run.out, { recursive: true });
  clearWork(run.out);
  const work = mkdtempSync(join(run.out, WORK));
  try {
    const { found, isAsReported } = await markReported(await run.logs.list(work), run.earlier, work);
    const setting = describeScan(run, work);
    const scan = await run.logs.scan(found, setting, (done, bytes) =>
      run.onProgress(`Reading logs … ${done} of ${found.files.count} files, ${describeBytes(bytes)}`),
    );
    const { delivered, broken: cut, trailing, foreign } = surveyFiles(scan.files);
    if (run.logs.digests !== undefined) run.onProgress('Reading digests …');
    const digests = (await run.logs.digests?.read()) ?? [];
    const period = findPeriod(run, scan, delivered, digests);
    const around = { from: shiftTime(period.from, -MARGIN_MS), to: shiftTime(period.to, MARGIN_MS) };
    const entered = await spoolEntered(
      run.ledger,
      { ...setting, ...around, writer: scan.results.length },
      scan.results.flatMap(({ late }) => late),
      run.earlier?.told ?? [],
    );
    run.onProgress('Joining and attributing accesses …');
    const roomAccounts = new Set(run.room.accounts);
    const agreements = run.agreements.map(({ inForce }) => inForce);
    const grounds = { agreements, proposed: run.proposed ?? [], decisions: run.decisions, roomAccounts };
    const joined = joinSpooled(
      work,
      [...scan.results, entered].map(({ held }) => held),
      grounds,
      run.bucketOwners,
      setting.earlier?.begin,
    );
    if (run.logs.digests !== undefined) run.onProgress('Checking digests …');
    const integrity = checkIntegrity(run, digests, scan.files, period);
    if (run.logs.digests !== undefined) keepTrailKeys(run.out, run.logs.digests.publicKeys);
    const inputs = writeInputs(join(work, INPUTS), listInputs(run.out, digests, scan.files));
    const trails = findTrails(run, integrity, delivered);
    const watermark = findWatermark({
      ...describeGrounds(run, scan, delivered),
      from: period.from,
      trails,
      spans: integrity?.spans ?? [],
    });
    const counts = await compareCounts(run.logs, scan, { from: period.from, to: watermark });
    run.onProgress('Writing the ledger and the report …');
    const broken = [...found.unread, ...cut, ...(integrity === undefined ? trailing : [])];
    const findings: Omit<AuditFindings, 'ledger' | 'pending' | 'conflicts'> = {
      ...(integrity === undefined ? {} : { integrity }),
      coverage: measureCoverage(trails, integrity?.spans ?? [], delivered, period),
      records: countRecords(scan.results, joined.counts),
      inputs,
      reached: mergeReached(scan.results.map(({ reached }) => reached)),
      counts,
      conduct: run.conduct,
      unread: broken.filter(({ file }) => mayTellOf(file, period)),
      unexplained: listUnread(
        scan.results.map(({ unread }) => unread),
        period,
      ),
    };
    const { report, appended, parties } = await explainAccesses({
      run,
      outputs,
      trails,
      period,
      watermark,
      conflicts: joined.conflicts,
      differing: joined.differing,
      runs: joined.runs,
      accesses: joined.counts.accesses + joined.counts.entered,
      isTold: openToldPlaces(run, scan, isAsReported),
      entered: entered.size,
      folder: work,
      findings,
    });
    for (const { agreement, party, folder } of parties) writeSigned(run.out, folder, agreement, party);
    for (const folder of [...parties.map((each) => each.folder), run.out]) {
      copyFileSync(join(work, INPUTS), join(folder, INPUTS));
      await signPack(folder, run.signer, { produced: run.produced, toolVersion: run.toolVersion });
    }
    return { report, appended, parties, unread: [...broken, ...foreign] };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
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
    ...(from === undefined ? {} : { from: shiftTime(from, -MARGIN_MS) }),
    ...(to === undefined ? {} : { to: shiftTime(to, MARGIN_MS) }),
    ...(from === undefined || earlier === undefined ? {} : { earlier: { begin: from, periods: earlier.periods } }),
  };
}

/** What the files say by themselves. */
interface FileSurvey {
  /** When something was delivered, once each: files are many, and minutes of a period are not. */
  readonly delivered: readonly LogKey[];
  readonly broken: readonly UnreadFile[];
  /** Of the trail's: digests tell of it where there are some, for no reader of gzip shows what lies there. */
  readonly trailing: readonly UnreadFile[];
  /** Told, and no exception: a folder of logs may hold a note. */
  readonly foreign: readonly UnreadFile[];
}

function surveyFiles(files: Iterable<ScannedFile>): FileSurvey {
  const delivered = new Map<string, LogKey>();
  const [broken, trailing, foreign]: [UnreadFile[], UnreadFile[], UnreadFile[]] = [[], [], []];
  for (const { file, kind, problem, trailing: behind } of files) {
    const key = parseLogKey(file);
    if (key !== undefined) delivered.set(`${key.account} ${key.region} ${key.delivered}`, key);
    if (problem !== undefined) broken.push({ file, problem });
    else if (behind > 0)
      (splitInputName(file).label === '' ? trailing : broken).push({
        file,
        problem: `${behind} bytes lie behind its compressed content`,
      });
    if (kind === 'foreign' && problem === undefined) foreign.push({ file, problem: 'it is no log that is known here' });
  }
  return { delivered: [...delivered.values()], broken, trailing, foreign };
}

const WORK = '.work-';

/** What a run that was killed left behind. */
function clearWork(out: string): void {
  for (const name of existsSync(out) ? readdirSync(out) : []) {
    if (name.startsWith(WORK)) rmSync(join(out, name), { recursive: true, force: true });
  }
}

/**
 * What was asked for; where nothing was, the hours that the accesses and the names of the log files fill, and what digests are
 * of: a file that is missing at the ends is then missing from the period.
 * @throws NothingLogged
 */
function findPeriod(
  { from, to }: AuditRun,
  { results }: LogScan,
  delivered: readonly LogKey[],
  digests: readonly DigestFile[],
) {
  const ends = results.flatMap(({ first = [], last = [] }) => [first, last].flat());
  const times = [...ends, ...delivered.map((log) => log.delivered)].toSorted();
  const [first = from ?? to] = times;
  if (first === undefined || (times.length === 0 && (from === undefined || to === undefined)))
    throw new NothingLogged('Nothing in the logs tells of a time, so that no period can be told.');
  const last = times.at(-1) ?? first;
  const spans = digests.flatMap((digest) => digestSpan(digest) ?? []);
  const begin = Math.floor(Date.parse(first) / HOUR_MS) * HOUR_MS;
  const end = (Math.floor(Date.parse(last) / HOUR_MS) + 1) * HOUR_MS;
  return {
    from: from ?? formatTime(spans.reduce((least, span) => Math.min(least, span.from), begin)),
    to: to ?? formatTime(spans.reduce((most, span) => Math.max(most, span.to), end)),
  };
}

function describeGrounds({ to }: AuditRun, { results }: LogScan, delivered: readonly LogKey[]) {
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

function countRecords(results: readonly ScanResult[], counts: ReturnType<typeof joinSpooled>['counts']) {
  const merge = (kinds: (result: ScanResult) => readonly CountedKind[]) => {
    const counter = countKinds();
    for (const result of results) {
      for (const { what, first, records } of kinds(result)) counter.add(what, first, records);
    }
    return counter.list();
  };
  const others = {
    internal: merge(({ internal }) => internal),
    unknown: merge(({ unknown }) => unknown),
    malformed: merge(({ malformed }) => malformed),
  };
  const outside = results.reduce((sum, result) => sum + result.outside, 0);
  const counted = Object.values(others).flat();
  const read = counted.reduce(
    (sum, { records }) => sum + records,
    counts.accesses + counts.duplicates + counts.conflicts,
  );
  const { entered, ...found } = counts;
  return { ...found, ...(entered === 0 ? {} : { entered }), ...others, read: read + outside };
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

function formatTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
