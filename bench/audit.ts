import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';

const ROOM = '111122223333';
const PARTNER = '444455556666';
/** One access in so many is a partner's; the rest is the room's own jobs, as in a room at work. */
const PARTNERS_SHARE = 50;
/** The other size is 5,000 events a file. */
const SMALL_FILES = 8000;
const THREADS = 2;

export interface Measured {
  readonly seconds: number;
  /** Processor time of all its threads: what other work on the machine hardly changes. */
  readonly cpu: number;
  /** Peak resident memory of a process that does nothing else, bytes. */
  readonly peak: number;
}

/** What partners do in the logs. Both have as many accesses of theirs. */
interface Mix {
  readonly name: string;
  /** What they do, in turn. */
  readonly operations: readonly string[];
  /** One of their accesses in so many has no decision; absent: no decision is on record, and none has one. */
  readonly undecided?: number;
}

/** Nobody decided on anything: all that reaches data is an exception, with a proof that it is in the ledger. */
export const UNDECIDED: Mix = {
  name: 'nothing decided',
  operations: ['GetObject', 'PutObject', 'HeadObject', 'ListObjects'],
};
/** A room at work: partners read what they were permitted. */
const AT_WORK: Mix = { name: 'a room at work', operations: ['GetObject', 'HeadObject'], undecided: 1000 };

export const WAYS = ['gunzip and JSON.parse', 'DuckDB, typed read', 'barter audit'] as const;

/**
 * Reading logs: `barter audit`, whole, against gunzip and JSON.parse alone and DuckDB's typed read of the same files, each
 * with two threads (the audit has as many as there are processors, and one that joins and writes) and in a process of its
 * own, in turn; medians. Of the audit all is counted from the start of its process, of the baselines only their reading.
 */
export async function benchAudit(events: number, count = 3): Promise<void> {
  for (const mix of [UNDECIDED, AT_WORK]) {
    for (const perFile of [5000, Math.ceil(events / SMALL_FILES)]) benchMix(mix, events, perFile, count);
  }
}

function benchMix(mix: Mix, events: number, perFile: number, count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'barter-bench-audit-'));
  try {
    const { files, bytes } = writeTrail(join(folder, 'logs'), events, perFile, { mix });
    console.log(`${mix.name}: ${events} events, ${files} files of ${perFile}, ${Math.round(bytes / 1e6)} MB`);
    const measured = new Map<string, Measured[]>();
    for (let run = 0; run < count; run += 1) {
      for (const way of WAYS) measured.set(way, [...(measured.get(way) ?? []), measure(way, folder)]);
    }
    const rows = WAYS.map((way) => {
      const runs = measured.get(way) ?? [];
      const [seconds, cpu] = [median(runs.map((run) => run.seconds)), median(runs.map((run) => run.cpu))];
      return { way, seconds, cpu, peak: Math.max(...runs.map(({ peak }) => peak)) };
    });
    const baselines = rows.slice(0, 2);
    const fastest = Math.min(...baselines.map(({ seconds }) => seconds));
    const cheapest = Math.min(...baselines.map(({ cpu }) => cpu));
    for (const { way, seconds, cpu, peak } of rows) {
      console.log(
        `  ${way.padEnd(24)} ${seconds.toFixed(2)} s  ${(seconds / fastest).toFixed(2)} ×  processor ${cpu.toFixed(2)} s  ${(cpu / cheapest).toFixed(2)} ×  ${Math.round(events / seconds)} events/s  ${Math.round(peak / 1e6)} MB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A way in a process of its own. */
export function measure(way: string, folder: string): Measured {
  const isAudit = way === WAYS[2];
  const args = isAudit ? prepareAudit(folder) : ['--import', 'tsx', __filename, way, folder];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== (isAudit ? EXCEPTIONS_FOUND : 0)) throw new Error(stderr);
  return JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')) ?? '{}');
}

/** The exit code of `barter audit`. */
const EXCEPTIONS_FOUND = 3;

async function runAlone(way: string, folder: string): Promise<void> {
  const [started, used] = [performance.now(), process.cpuUsage()];
  if (way === WAYS[0]) await parseAll(join(folder, 'logs'));
  else await readWithDuckDb(join(folder, 'logs'));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(used);
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS * 1024 }));
}

const PARSER = `
const { workerData } = require('node:worker_threads');
const { gunzipSync } = require('node:zlib');
const { readFileSync } = require('node:fs');
let records = 0;
for (const file of workerData) records += JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')).Records.length;
`;

async function parseAll(logs: string): Promise<void> {
  const files = readdirSync(logs).map((file) => join(logs, file));
  const workers = Array.from({ length: THREADS }, (_, thread) => {
    const workerData = files.filter((_, at) => at % THREADS === thread);
    const worker = new Worker(PARSER, { eval: true, workerData });
    return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
  });
  await Promise.all(workers);
}

async function readWithDuckDb(logs: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:', { threads: String(THREADS) })).connect();
  const identity = 'STRUCT("type" VARCHAR, accountId VARCHAR, arn VARCHAR)';
  const record = `STRUCT(eventTime VARCHAR, eventSource VARCHAR, eventName VARCHAR, eventID VARCHAR, recipientAccountId VARCHAR, sharedEventID VARCHAR, requestID VARCHAR, userIdentity ${identity}, requestParameters STRUCT(bucketName VARCHAR, "key" VARCHAR))[]`;
  await connection.run(`
    SELECT count(*), count(DISTINCT r.eventID), count(r.requestParameters."key")
    FROM (SELECT unnest(Records) AS r FROM read_json('${logs}/*.json.gz', format = 'unstructured',
      maximum_object_size = 100000000, columns = {Records: '${record.replaceAll("'", "''")}'}))`);
}

/** The command as it is called. */
function prepareAudit(folder: string): readonly string[] {
  const out = join(folder, 'out');
  rmSync(out, { recursive: true, force: true });
  const agreements = placeRoom(folder);
  const decisions = join(folder, DECISIONS);
  const decided = readFileSync(decisions).length === 0 ? [] : ['--decisions', decisions];
  const command = ['audit', '--agreements', agreements, '--logs', join(folder, 'logs'), ...decided, '--out', out];
  return ['--require', join(__dirname, 'tell-usage.js'), join(__dirname, '../bin/barter.js'), ...command];
}

/** The example's agreement, in a room with an inventory. @returns the folder that `--agreements` names */
export function placeRoom(folder: string): string {
  const agreements = join(folder, 'agreements');
  mkdirSync(agreements, { recursive: true });
  const example = join(__dirname, '../examples/telco-retail');
  for (const file of ['agreement.yaml', 'segment.csv']) {
    writeFileSync(join(agreements, file), readFileSync(join(example, file)));
  }
  const room = { account: ROOM, region: 'eu-central-1', landingBucket: 'room-landing', lakeBucket: 'room-releases' };
  writeFileSync(join(agreements, 'inventory.yaml'), JSON.stringify({ room }));
  return agreements;
}

interface TrailSetting {
  /** One access in so many is a partner's. */
  readonly share?: number;
  readonly mix?: Mix;
}

/** Writes the logs and, beside them, the decisions of the mix. */
export function writeTrail(
  logs: string,
  events: number,
  perFile: number,
  { share = PARTNERS_SHARE, mix = UNDECIDED }: TrailSetting = {},
) {
  mkdirSync(logs, { recursive: true });
  let [files, bytes] = [0, 0];
  for (let at = 0; at < events; at += perFile) {
    const length = Math.min(perFile, events - at);
    const records = Array.from({ length }, (_, index) => makeRecord(at + index, share, mix));
    const stored = gzipSync(JSON.stringify({ Records: records }));
    writeFileSync(join(logs, `${ROOM}_CloudTrail_eu-central-1_20260301T0905Z_${files}.json.gz`), stored);
    files += 1;
    bytes += stored.length;
  }
  writeFileSync(join(logs, '..', DECISIONS), listDecisions(events, share, mix).join(''));
  return { files, bytes };
}

const DECISIONS = 'decisions.jsonl';

/** Lines: permits one after the other, each from behind an access that none of them covers. */
function listDecisions(events: number, share: number, { undecided }: Mix): readonly string[] {
  if (undecided === undefined) return [];
  const step = undecided * share;
  return Array.from({ length: Math.ceil(events / step) }, (_, at) => {
    const about = { agreement: { id: 'telco-retail-2026', version: 1 }, party: 'retail', leg: 'telco-retail-usage' };
    const [from, until] = [formatTime(at * step + 1), formatTime((at + 1) * step)];
    const decision = { id: `${from}/permit-${at}`, effect: 'permit', ...about, clause: '2.1', at: from, until };
    return `${JSON.stringify(decision)}\n`;
  });
}

/** Of the event of this number: one a second. */
function formatTime(number: number): string {
  return new Date(Date.UTC(2026, 2, 1) + (number % 2_000_000) * 1000).toISOString().replace('.000Z', 'Z');
}

function makeRecord(number: number, share: number, mix: Mix): object {
  const isPartners = number % share === 0;
  const account = isPartners ? PARTNER : ROOM;
  const serial = String(number).padStart(12, '0');
  const mixed = (Math.imul(number + 1, 2654435761) >>> 0).toString(16).padStart(8, '0');
  const role = isPartners ? 'Analyst' : 'BarterRoomAnonymisation-JobRole1A2B3C4D-AbCdEf123456';
  const { operations } = isPartners ? mix : UNDECIDED;
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROA${mixed}:run-${number % 997}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/run-${number % 997}`,
      accountId: account,
      accessKeyId: `ASIA${mixed.toUpperCase()}`,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          arn: `arn:aws:iam::${account}:role/${role}`,
          accountId: account,
          userName: role,
        },
        attributes: { creationDate: '2026-03-01T00:00:00Z', mfaAuthenticated: 'false' },
      },
    },
    eventTime: formatTime(number),
    eventSource: 's3.amazonaws.com',
    eventName: operations[(number >> 3) % operations.length],
    awsRegion: 'eu-central-1',
    sourceIPAddress: `203.0.113.${number % 250}`,
    userAgent: '[aws-sdk-java/2.31.1 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#17]',
    requestParameters: {
      bucketName: 'room-releases',
      Host: 'room-releases.s3.eu-central-1.amazonaws.com',
      key: `telco-retail-2026/telco-retail-usage/round=2026-03-01/part-${mixed}.parquet`,
    },
    responseElements: null,
    additionalEventData: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: 0,
      AuthenticationMethod: 'AuthHeader',
      'x-amz-id-2': `${mixed}${serial}${mixed}${mixed}${mixed}${mixed}=`,
      bytesTransferredOut: number % 10_000_000,
    },
    requestID: mixed.toUpperCase() + serial,
    eventID: `${mixed}-0000-4000-8000-${serial}`,
    readOnly: true,
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::room-releases/telco-retail-2026/part-${mixed}.parquet` },
      { accountId: ROOM, type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::room-releases' },
    ],
    eventType: 'AwsApiCall',
    managementEvent: false,
    recipientAccountId: ROOM,
    eventCategory: 'Data',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
}

const [, , way, folder] = process.argv;
if (require.main === module && way !== undefined && folder !== undefined) runAlone(way, folder);
