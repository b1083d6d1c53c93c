import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { LAKE, LANDING, makeDecisions, makeRecords, ROOM as SAMPLE, USAGE } from '../../../examples/audit/make-records';
import { makeTrail, type SampleTrail } from '../../../examples/audit/make-trail';
import { openDynamoStore } from '../../../lambda/shared/dynamo-store';
import { sha256 } from '../../../lib/audit/node-crypto';
import { verifyEarlier } from '../../../lib/audit/verify/verify-earlier';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { parseVerifierKey } from '../../../lib/domain/audit/ledger/verifier-key';
import type { AuditReport } from '../../../lib/domain/audit/report/audit-report';
import { formatBase64 } from '../../../lib/domain/bytes';
import { API_CONTRACTS } from '../../../lib/domain/enforcement/api/api-contracts';
import { openRegistry, type Registry } from '../../../lib/domain/registry/registry';
import { nameSftpUser } from '../../../lib/domain/room/sftp-user';
import { AUDIT_OUTPUTS } from '../../../lib/report/audit/audit-outputs';

import { breachOf, roundOf } from '../../fixtures/conduct';
import { readExamplePlan } from '../../fixtures/example-plan';
import {
  type AccessLogFile,
  recordOfMove,
  type SftpMove,
  sftpSessionsOf,
  writeAccessLogs,
  writeTransferLog,
} from '../../fixtures/other-logs';
import { attestationOf } from '../../fixtures/party-keys';
import { signatureOf } from '../../fixtures/registered';
import { makeRoom } from '../../fixtures/room';
import { makeStoredRelease } from '../../fixtures/stored-release';
import { fetchCheckpoint } from '../../local-cloud/outbox-checkpoint';
import { type LogEvent, serveLogEvents } from '../../local-cloud/serve-log-events';
import { type LocalRoom, ROOM_ACCOUNT, startLocalRoom } from '../../local-cloud/start-local-room';

import { type LocalWorkflow, startWorkflow } from '../../local-cloud/start-workflow';
import { takeQueued } from '../../local-cloud/take-queued';
import { tryFaults } from '../../local-cloud/try-faults';
import { makeSummary } from '../../unit/audit/scenario';

/* A day of a room's trail, its record and its certificates: the report that the function writes is the one of `barter audit`. */

const ROOM = makeRoom();
const PLAN = readExamplePlan('telco-retail');
const AGREEMENT = PLAN.agreement.id;
/** Beside other work it takes long. */
jest.setTimeout(300_000);

const BARTER = join(__dirname, '../../../bin/barter.js');
const PERIOD = { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' };
const DUE = { ...PERIOD, dueAt: '2026-03-04T06:00:00Z' };
const NAME = `reports/${PERIOD.from}--${PERIOD.to}/`;

/** CloudTrail's own count of five minutes in which fewer events are found. */
const OWN_COUNT = {
  ...makeSummary({ from: '2026-03-02T10:00:00Z', to: '2026-03-02T10:05:00Z', counts: { GetObject: 10_000 } }),
  accountId: ROOM_ACCOUNT,
  eventTime: '2026-03-02T10:05:00Z',
} as const;

/** By SFTP: a delivery that the trail has too, and a file of which S3 knows nothing. */
const DELIVERED: SftpMove = {
  user: nameSftpUser(AGREEMENT, 'retail'),
  session: '00000000000000a1',
  at: '2026-03-02T10:30:00Z',
  does: 'upload',
  key: `${AGREEMENT}/purchases/sftp/purchases-9.jsonl`,
};
const UNSEEN: SftpMove = {
  ...DELIVERED,
  session: '00000000000000b2',
  at: '2026-03-02T11:30:00Z',
  does: 'download',
  key: `${AGREEMENT}/${USAGE}/round-3/part-0001.parquet`,
};

/** As Lambda lists them, two at a time: the room's, one in a role of the room, and one that is nobody's business. */
const FUNCTIONS = [
  { name: 'BarterRoomIntake-PresignUpload8D5BA6A4-x1', role: 'BarterRoomIntake-PresignUploadRole', at: '2026-01-05' },
  { name: 'by-hand', role: 'BarterRoomExchange-PublishRole2E9BDF73-y2', at: '2026-03-02' },
  { name: 'website', role: 'website', at: '2026-03-02' },
  {
    name: 'BarterRoomExchange-Publish2E9BDF73-z3',
    role: 'BarterRoomExchange-PublishRole2E9BDF73-y2',
    at: '2026-01-05',
  },
].map(({ name, role, at }) => ({
  FunctionName: name,
  Role: `arn:aws:iam::${ROOM_ACCOUNT}:role/${role}`,
  CodeSha256: Buffer.from(name.padEnd(32).slice(0, 32)).toString('base64'),
  LastModified: `${at}T10:00:00.000+0000`,
}));

/** What the trail records. */
const SELECTORS = {
  AdvancedEventSelectors: [
    { Name: 'Objects of the room', FieldSelectors: [{ Field: 'resources.type', Equals: ['AWS::S3::Object'] }] },
  ],
};

/** What `record-access` enters as it happens, and no log of the room's will ever have. */
const [EXPORTED] = PLAN.legs.filter(({ via }) => via.kind === 'data-grant');
const EXPORTED_SET = '4afc6230000099e6fcc80000000000e9';
const [TELCO = ''] = PLAN.parties.filter(({ id }) => id === 'telco').map(({ account }) => account);
const FORWARDED = [
  // By the receiver's account: an export, and a grant of something of its own.
  {
    id: 'auto-export',
    source: 'aws.dataexchange',
    'detail-type': 'Auto-export Job Completed',
    account: TELCO,
    time: '2026-03-02T09:00:00Z',
    region: 'eu-central-1',
    detail: { DataSet: { Id: EXPORTED_SET }, Revision: { Id: 'r1' } },
  },
  {
    source: 'aws.ram',
    'detail-type': 'AWS API Call via CloudTrail',
    account: TELCO,
    detail: {
      eventVersion: '1.11',
      eventSource: 'ram.amazonaws.com',
      eventName: 'CreateResourceShare',
      eventID: 'shared-on',
      eventTime: '2026-03-02T09:30:00Z',
      recipientAccountId: TELCO,
      awsRegion: 'eu-central-1',
      userIdentity: { type: 'AssumedRole', accountId: TELCO, arn: `arn:aws:sts::${TELCO}:assumed-role/data/night` },
      requestParameters: { name: 'onwards', principals: ['666677778888'] },
    },
  },
  // By the room's own bus.
  {
    id: 'grant-accepted',
    source: 'aws.dataexchange',
    'detail-type': 'Data Grant Accepted',
    account: ROOM_ACCOUNT,
    time: '2026-03-02T08:30:00Z',
    region: 'eu-central-1',
    detail: {
      DataSet: { Id: EXPORTED_SET },
      DataGrant: { Arn: `arn:aws:dataexchange:eu-central-1:${ROOM_ACCOUNT}:data-grants/g` },
    },
  },
] as const;

let local: LocalRoom;
let trail: SampleTrail;
let s3: S3Client;
let ledger: string;
let folder: string;
let workflow: LocalWorkflow;
let machine: string;
let accessLogs: readonly AccessLogFile[];
const logGroups = new Map<string, readonly LogEvent[]>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'barter-report-'));
  const cloudtrail = {
    answer: async ({ operation }: { readonly operation?: string }) => {
      if (operation === 'GetEventSelectors') return { status: 200, body: JSON.stringify(SELECTORS) };
      const [key] = (trail.publicKeys as { readonly PublicKeyList: readonly Readonly<Record<string, string>>[] })
        .PublicKeyList;
      const seconds = (time = '') => Date.parse(time) / 1000;
      const { ValidityStartTime, ValidityEndTime } = key!;
      const times = { ValidityStartTime: seconds(ValidityStartTime), ValidityEndTime: seconds(ValidityEndTime) };
      return { status: 200, body: JSON.stringify({ PublicKeyList: [{ ...key, ...times }] }) };
    },
  };
  const lambda = {
    answer: async ({ url }: { readonly url: URL }) => {
      if (!/^\/2015-03-31\/functions\/?$/.test(url.pathname)) return undefined;
      const from = Number(url.searchParams.get('Marker') ?? 0);
      const page = { Functions: FUNCTIONS.slice(from, from + 2), ...(from === 0 ? { NextMarker: '2' } : {}) };
      return { status: 200, body: JSON.stringify(page) };
    },
  };
  local = await startLocalRoom({
    room: ROOM,
    plans: [PLAN],
    standIns: { cloudtrail, lambda, logs: serveLogEvents(logGroups) },
  });
  const noJobs = async () => Promise.reject(new Error('a report needs no job'));
  workflow = startWorkflow(() => ({ local, runJob: noJobs, now: () => DUE.dueAt }), 'BarterRoomAudit');
  machine = local.templates
    .listResources('AWS::StepFunctions::StateMachine')
    .find(({ stack }) => stack === 'BarterRoomAudit')!.id;
  s3 = new S3Client({ ...local.clientConfig, forcePathStyle: true });
  ledger = local.environmentOf('write-audit-report').LEDGER_BUCKET!;
  await fill();
  await forward();
}, 300_000);

afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function forward(): Promise<void> {
  await takeQueued(local.functionOf('record-access'), FORWARDED, '2026-03-02T12:00:00Z');
}

/** The sample's day, as if it had been this room's; the record of what was agreed, decided and done. */
async function fill(): Promise<void> {
  const { TRAIL_BUCKET, LANDING_BUCKET, LAKE_BUCKET, ACCESS_LOG_BUCKET, TRANSFER_LOG_GROUP } =
    local.environmentOf('write-audit-report');
  const ours = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(SAMPLE, ROOM_ACCOUNT)
        .replaceAll(LANDING, LANDING_BUCKET!)
        .replaceAll(LAKE, LAKE_BUCKET!),
    );
  const records = [...makeRecords(seedRandom(20_260_302)), recordOfMove(DELIVERED)];
  const retail = PLAN.parties.find(({ id }) => id === 'retail')!.account;
  const read = records.find((each) => each.eventName === 'GetObject' && JSON.stringify(each).includes(retail))!;
  const untold = { ...read, eventTime: '2026-03-02T12:30:00Z', requestID: 'UNTOLD0000000001' };
  trail = makeTrail([...ours(records), OWN_COUNT], { account: ROOM_ACCOUNT, bucket: TRAIL_BUCKET! });
  accessLogs = ours(writeAccessLogs([...records, untold]));
  for (const { key, text } of accessLogs) await put(ACCESS_LOG_BUCKET!, key, text);
  logGroups.set(TRANSFER_LOG_GROUP!, ours([...writeTransferLog(DELIVERED), ...writeTransferLog(UNSEEN)]));
  for (const { key, bytes } of trail.logs) await put(TRAIL_BUCKET!, key, bytes);
  for (const { key, bytes } of trail.digests) {
    const head = (trail.metadata as readonly { key: string; Metadata: Record<string, string> }[]).find(
      (each) => each.key === key,
    );
    await put(TRAIL_BUCKET!, key, bytes, head?.Metadata);
  }
  await local.deployCustomResources(`BarterAgreement-${AGREEMENT}`);
  const registry = openRegistry(
    openDynamoStore(new DynamoDBClient(local.clientConfig), local.environmentOf('decide').REGISTRY_TABLE!),
  );
  await putOnRecord(registry);
  const { objects } = makeStoredRelease(PLAN, PLAN.legs[0]!, '2026-03-02');
  for (const [key, body] of objects) await put(LAKE_BUCKET!, key, body);
}

async function putOnRecord(registry: Registry): Promise<void> {
  for (const { id } of PLAN.parties) await registry.signatures(AGREEMENT).create(signatureOf(PLAN, id));
  await registry.current(AGREEMENT).change([], (current) => ({
    ...current,
    state: 'active',
    provisioned: {
      ...current.provisioned,
      dataSets: { [EXPORTED!.id]: EXPORTED_SET },
      sftpSessions: sftpSessionsOf('retail'),
    },
    history: [
      ...current.history,
      {
        act: 'begin',
        from: 'signed',
        to: 'active',
        at: '2026-01-01T00:05:00Z',
        by: 'room',
        reason: 'its term begins',
        clause: 'term.starts',
      },
    ],
  }));
  for (const { id, effect, agreement, party, leg, clause, at, until } of makeDecisions())
    if (leg === USAGE)
      await registry.standing(AGREEMENT).create({
        id,
        agreement,
        effect,
        door: 'read',
        operation: 'read-release',
        party,
        leg,
        clause,
        reason: 'agreed',
        policy: 'entitlement',
        at,
        ...(until === undefined ? {} : { until }),
      });
  await registry.breaches(AGREEMENT).create(
    breachOf(PLAN, {
      report: 'late-1',
      party: 'retail',
      leg: PLAN.legs[1]!.id,
      since: '2026-03-02T04:00:00Z',
      // What is due after a while follows from the clock, which is another's where the command is run.
      resolvedAt: '2026-03-02T09:00:00Z',
    }),
  );
  await registry.rounds(AGREEMENT).create(roundOf(PLAN, '2026-03-02'));
  const { record } = makeStoredRelease(PLAN, PLAN.legs[0]!, '2026-03-02');
  await registry.releases(AGREEMENT).create({ ...record, at: '2026-03-02T08:00:00Z' });
  // Whose certificate lies nowhere.
  const { record: gone } = makeStoredRelease(PLAN, PLAN.legs[1]!, '2026-03-02');
  await registry.releases(AGREEMENT).create({ ...gone, at: '2026-03-02T08:00:00Z' });
  for (const { id: leg } of PLAN.legs)
    await registry.attestations(AGREEMENT).create(attestationOf(PLAN, leg, '2026-03-03T00:00:00Z'));
}

/** As the schedule has it: by the state machine. */
async function write(): Promise<void> {
  await run();
  expect(workflow.failures).toEqual([]);
}

/** Whatever the state machine had to ask again. */
async function run(): Promise<void> {
  workflow.start(local.templates.resolve('BarterRoomAudit', { Ref: machine }) as string, DUE, () => 'report');
  await workflow.settle();
  const state = workflow.executions.get('report');
  expect({ state, failures: state === 'succeeded' ? [] : workflow.failures }).toEqual({
    state: 'succeeded',
    failures: [],
  });
}

/** Packs are verified by the version that made them. */
const toolsOf = (pack: string, ledger: string) => ({
  outputs: AUDIT_OUTPUTS,
  toolVersion: readReport(pack).header.toolVersion,
  ledger,
});

test('the report is written whole, with everything that is on record, and verifies offline', async () => {
  await write();
  const pack = await fetchFolder(NAME, 'report');
  const copy = await fetchFolder('ledger/', 'ledger');
  const key = parseVerifierKey(sha256, readFileSync(join(copy, 'verifier-key'), 'utf8'));
  expect(key?.kind).toBe('ecdsa-p256');
  const { findings, checked } = await verifyPack(pack, key!, toolsOf(pack, copy));
  expect(findings).toEqual([]);
  expect(checked.join('\n')).toMatch(/manifest is signed by barter-room\/123456789012/);
  const report = readReport(pack);
  expect(report.header.integrity).toMatchObject({ kind: 'intact', logs: { given: 24, believed: 24 } });
  expect(report.exceptions.counts.map(({ kind, count }) => [kind, count])).toEqual([
    // One of them an export that is in the ledger alone: of that leg nobody had decided anything.
    ['bypass', 3],
    ['unexplained', 1],
    ['missing-from-trail', 1],
    ['count-mismatch', 1],
    ['foreign-function', 1],
    ['logging-changed', 1],
    ['decrypt-without-read', 1],
    ['sftp-without-object', 1],
  ]);
  const { listed } = report.header.inputs;
  const beside = listed.map(({ file }) => file).filter((file) => /^(server-access|transfer)-logs\//.test(file));
  expect(beside).toEqual(
    [...accessLogs.map(({ key }) => `server-access-logs/${key}`), 'transfer-logs/2026-03-02.jsonl'].toSorted(),
  );
  expect(report.header.records.malformed).toEqual([]);
  expect(report.header.trails).toMatchObject([
    { trail: 'barter-room', selectors: ['Objects of the room: resources.type is AWS::S3::Object'] },
  ]);
  const [upload, byHand, , publish] = FUNCTIONS;
  expect(report.header.functions).toEqual(
    [publish!, upload!, byHand!].map(({ FunctionName: name, CodeSha256: code, LastModified }) => ({
      name,
      code,
      changed: LastModified.replace('+0000', 'Z'),
    })),
  );
  expect(report.reliance.map(({ on }) => on)).toEqual(['trail-keys', 'decisions', 'room-roles', 'code']);
  expect(report.breaches).toMatchObject([{ breach: 'late-delivery', party: 'retail' }]);
  expect(report.rounds).toMatchObject([{ day: '2026-03-02', state: 'published' }]);
  expect(report.releases.map(({ leg, certificate }) => [leg, certificate.state]).toSorted()).toEqual([
    [PLAN.legs[1]!.id, 'not-read'],
    [PLAN.legs[0]!.id, 'read'],
  ]);
  expect(report.header.ledger?.size).toBeGreaterThan(200);
});

test('it tells what was entered in the ledger as it happened, of the room and of partners, and is in no log', async () => {
  const pack = join(folder, 'report');
  const report = readReport(pack);
  expect(report.header.records.entered).toBe(3);
  const rows = readFileSync(join(pack, 'accesses.jsonl'), 'utf8').split('\n').slice(0, -1);
  const told = rows.map((row) => JSON.parse(row)).filter(({ evidence: [first] }) => first.file === 'ledger');
  expect(
    told.map(({ operation, recordedBy, explained }) => [operation, recordedBy, explained.kind, explained.leg]),
  ).toEqual([
    ['Data Grant Accepted', ROOM_ACCOUNT, 'internal', undefined],
    ['Auto-export Job Completed', TELCO, 'attributed', EXPORTED!.id],
    // A party at home: of no leg, and nobody's access to the room.
    ['CreateResourceShare', TELCO, 'internal', undefined],
  ]);
  // The first three of the ledger, in the order in which they happened.
  expect(told.map(({ evidence: [{ record }] }) => record)).toEqual([0, 1, 2]);
  expect(report.unseen.find(({ leg }) => leg === EXPORTED!.id)?.sentence).toContain(
    'were forwarded and are in this report',
  );
});

test('asked again, it writes nothing', async () => {
  const before = local.gateway.calls.length;
  await write();
  expect(local.gateway.calls.slice(before).map(({ operation }) => operation)).toEqual(['HeadObject', 'HeadObject']);
});

test('every party finds its own report in its outbox, with nothing of what is not its business', async () => {
  for (const party of ['telco', 'retail']) {
    const pack = await fetchFolder(`outbox/${AGREEMENT}/${party}/${NAME}`, `of-${party}`);
    const copy = join(folder, 'ledger');
    const key = parseVerifierKey(sha256, readFileSync(join(copy, 'verifier-key'), 'utf8'))!;
    expect((await verifyPack(pack, key, toolsOf(pack, copy))).findings).toEqual([]);
    const report = readReport(pack);
    expect(report.header.records.internal).toEqual([]);
    // A stranger read what the telco gives and the retailer gets: that is the business of both.
    expect(report.exceptions.counts.map(({ kind }) => kind)).toContain('unexplained');
  }
});

test('every party finds the signed checkpoint of the report in its outbox, the very note beside the ledger, and its key', async () => {
  const copy = join(folder, 'ledger');
  const { size = 0, root } = readReport(join(folder, 'report')).header.ledger ?? {};
  for (const { id: party } of PLAN.parties) {
    const found = await fetchCheckpoint(s3, { bucket: ledger, agreement: AGREEMENT, party }, size);
    expect(found.note).toBe(readFileSync(join(copy, `checkpoints/${size}`), 'utf8'));
    expect(found.verifierKey).toBe(readFileSync(join(copy, 'verifier-key'), 'utf8'));
    expect([found.checkpoint?.size, formatBase64(found.checkpoint?.root ?? new Uint8Array())]).toEqual([size, root]);
  }
});

test('what anybody makes of the same logs and of the record in the report is the same report', async () => {
  const place = (name: string) => join(folder, 'cli', name);
  for (const { key, bytes } of trail.logs) save(place(`logs/${key}`), bytes);
  for (const { key, bytes } of trail.digests) save(place(`digests/${key}`), bytes);
  save(place('digests/metadata.jsonl'), trail.metadata.map((line) => `${JSON.stringify(line)}\n`).join(''));
  save(place('keys.json'), JSON.stringify(trail.publicKeys));
  for (const { key, text } of accessLogs) save(place(`server-access/${key}`), text);
  const told = [...logGroups.values()].flat().map(({ eventId: id, ...event }) => JSON.stringify({ id, ...event }));
  save(place('transfer/2026-03-02.jsonl'), told.map((line) => `${line}\n`).join(''));
  const given = ['--logs', place('logs'), '--digests', place('digests'), '--trail-keys', place('keys.json')];
  const others = ['--server-access-logs', place('server-access'), '--transfer-logs', place('transfer')];
  const record = ['--record', join(folder, 'report', 'record')];
  // What no log has is in a copy of the ledger, which another key signs from then on.
  cpSync(join(folder, 'ledger'), place('ledger'), { recursive: true });
  rmSync(place('ledger/checkpoints'), { recursive: true });
  const args = [
    ...['audit', ...record, ...given, ...others, '--as-of', DUE.dueAt, '--key', place('key.pem')],
    ...['--from', PERIOD.from, '--to', PERIOD.to, '--out', place('out'), '--parties', place('parties')],
    ...['--ledger', place('ledger')],
  ];
  expect(() => execFileSync(process.execPath, [BARTER, ...args])).toThrow(expect.objectContaining({ status: 3 }));
  const pairs = [
    [join(folder, 'report'), place('out')],
    ...['telco', 'retail'].map((party) => [join(folder, `of-${party}`), place(`parties/${AGREEMENT}/${party}`)]),
  ] as const;
  for (const [cloud = '', cli = ''] of pairs) {
    const files = listFiles(cli).filter((file) => !file.startsWith('ledger/'));
    expect(listFiles(cloud)).toEqual(files);
    const differing = files.filter((file) => !readFileSync(join(cloud, file)).equals(readFileSync(join(cli, file))));
    // Another key signs, and ECDSA signs never twice the same; of the copy no checkpoint was signed before.
    expect(differing).toEqual(['checkpoint.txt', 'consistency.jsonl', 'manifest.json', 'manifest.sig']);
  }
  const verify = (pack: string, kept: string) =>
    spawnSync(
      process.execPath,
      [BARTER, 'verify', pack, '--key', join(folder, 'ledger', 'verifier-key'), '--record', kept, ...given],
      { encoding: 'utf8' },
    );
  // A party's pack has no record of its own: what it was made of can be compared by whoever has that.
  const whole = verify(join(folder, 'of-retail'), place('out/record'));
  expect([whole.status, whole.stdout]).toEqual([
    0,
    expect.stringContaining('4 files of what is on record were compared'),
  ]);
  const lines = readFileSync(place('out/record/registry.jsonl'), 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('"door":"read"'));
  save(place('out/record/registry.jsonl'), lines.with(at, lines[at]!.replace('permit', 'forbid')).join('\n'));
  const changed = verify(join(folder, 'report'), place('out/record'));
  expect([changed.status, changed.stdout]).toEqual([
    3,
    expect.stringContaining(`record/registry.jsonl:${at + 1}: it is not what was audited`),
  ]);
});

test('the record in the report is what the table holds, and no party’s report has it', async () => {
  const { REGISTRY_TABLE } = local.environmentOf('write-audit-report');
  const client = new DynamoDBClient(local.clientConfig);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: REGISTRY_TABLE! }));
  const stored = openDynamoStore(client, REGISTRY_TABLE!);
  const kept = new Map(
    readFileSync(join(folder, 'report/record/registry.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
      .map(({ pk, sk, ...rest }) => [`${pk} ${sk}`, { sk, ...rest }]),
  );
  const used = /^(agreement#\S+ (current|version|signature|breach|round|release|attestation)|room|decisions#)/;
  const inTable = Items.flatMap(({ pk, sk }) => ({ pk: pk?.S ?? '', sk: sk?.S ?? '' }));
  const expected = inTable.filter(({ pk, sk }) => used.test(`${pk} ${sk}`));
  expect(expected.length).toBeGreaterThan(8);
  for (const key of expected) expect(kept.get(`${key.pk} ${key.sk}`)).toEqual(await stored.read(key));
  expect(listFiles(join(folder, 'of-retail')).filter((file) => file.startsWith('record/'))).toEqual([]);
});

describe('a party that asks for its accesses', () => {
  const ask = async (account: string, before?: string) => {
    const answer = (await local.functionOf('decide').invoke(
      {
        routeKey: 'GET /agreements/{agreement}/accesses',
        pathParameters: { agreement: AGREEMENT },
        requestContext: {
          accountId: ROOM_ACCOUNT,
          requestId: `ask-${account}-${before ?? 'latest'}`,
          authorizer: { iam: { accountId: account, userArn: `arn:aws:iam::${account}:role/x` } },
        },
        ...(before === undefined ? {} : { queryStringParameters: { before } }),
      },
      '2026-03-04T12:00:00Z',
    )) as { readonly statusCode: number; readonly body: string };
    return { status: answer.statusCode, body: JSON.parse(answer.body) };
  };

  test('is shown them, with clause and place in the ledger, and those to its data', async () => {
    const { status, body } = await ask(PLAN.parties.find(({ id }) => id === 'retail')!.account);
    expect(status).toBe(200);
    const read = body.accesses.filter(
      ({ party, act }: { party?: string; act: string }) => party === 'retail' && act === 'read',
    );
    expect(read.length).toBeGreaterThan(200);
    expect(read.filter(({ clause }: { clause?: string }) => clause === '1.1').length).toBeGreaterThan(200);
    expect(API_CONTRACTS['list-accesses'].answers[200]!.schema.safeParse(body).success).toBe(true);
    expect(await ask(PLAN.parties[0]!.account, '0')).toMatchObject({ status: 200, body: { accesses: [] } });
  });

  test('is on record; a stranger is refused', async () => {
    const registry = openRegistry(
      openDynamoStore(new DynamoDBClient(local.clientConfig), local.environmentOf('decide').REGISTRY_TABLE!),
    );
    expect((await ask('777766665555')).status).toBe(403);
    const asked = (await registry.decisions(AGREEMENT).list()).filter(({ operation }) => operation === 'list-accesses');
    expect(asked.map(({ party, effect }) => [party, effect]).toSorted()).toEqual([
      ['retail', 'permit'],
      ['telco', 'permit'],
    ]);
  });
});

test('the next report tells what came late for this one, and nothing of it twice', async () => {
  const { TRAIL_BUCKET } = local.environmentOf('write-audit-report');
  const records = trail.logs.flatMap(
    ({ bytes }) =>
      JSON.parse(gunzipSync(bytes).toString('utf8')).Records as readonly Readonly<Record<string, unknown>>[],
  );
  const retail = PLAN.parties.find(({ id }) => id === 'retail')!.account;
  const read = records.find((each) => each.eventName === 'GetObject' && JSON.stringify(each).includes(retail));
  // Some hours late, most of a day late, and one that a file of the day itself told.
  const late = ['2026-03-02T23:30:00Z', '2026-03-02T03:00:00Z'].map((eventTime, at) => ({
    ...read,
    eventTime,
    eventID: `late-${at}`,
    sharedEventID: `shared-late-${at}`,
    requestID: `LATE00000000000${at}`,
  }));
  const again = records.findLast(({ eventTime }) => String(eventTime) > '2026-03-02T23');
  const name = `${ROOM_ACCOUNT}_CloudTrail_eu-central-1_20260303T0105Z_late.json.gz`;
  const key = `AWSLogs/${ROOM_ACCOUNT}/CloudTrail/eu-central-1/2026/03/03/${name}`;
  await put(TRAIL_BUCKET!, key, gzipSync(JSON.stringify({ Records: [...late, again] })));
  const next = { from: PERIOD.to, to: '2026-03-04T00:00:00Z' };
  // Without its signature it is no report.
  await put(ledger, 'reports/2026-02-01T00:00:00Z--2026-03-01T00:00:00Z/report.json', '{}');
  await local.functionOf('write-audit-report').invoke({ ...next, dueAt: DUE.dueAt }, DUE.dueAt);
  const pack = await fetchFolder(`reports/${next.from}--${next.to}/`, 'next');
  const { header, accesses } = readReport(pack);
  expect(header.after).toEqual([PERIOD]);
  expect(accesses.late).toMatchObject({ accesses: 2, further: 0, first: '2026-03-02T03:00:00Z' });
  const rows = readFileSync(join(pack, 'accesses.jsonl'), 'utf8').split('\n').slice(0, -1);
  expect(rows.map((row) => JSON.parse(row)).filter((row) => row.late !== undefined)).toMatchObject(
    late.toReversed().map(({ eventTime }) => ({ at: eventTime, late: 'whole', explained: { party: 'retail' } })),
  );
  const copy = await fetchFolder('ledger/', 'ledger-next');
  const verifier = parseVerifierKey(sha256, readFileSync(join(copy, 'verifier-key'), 'utf8'))!;
  expect((await verifyPack(pack, verifier, toolsOf(pack, copy))).findings).toEqual([]);
  expect((await verifyEarlier(pack, [join(folder, 'report')])).findings).toEqual([]);
  await s3.send(new DeleteObjectCommand({ Bucket: TRAIL_BUCKET!, Key: key }));
});

/** Reading ahead is broken off at every call by a test of its own. */
test('broken off at any call, throttled or unanswered, it ends as if it had not been', async () => {
  // Parties have asked since, which is on record.
  await forget();
  await forward();
  const { end } = await tryFaults({
    name: 'a report',
    rooms: [local],
    callers: new Set(['write-audit-report']),
    steps: [
      // A function that ended is asked again by the state machine itself; what it threw ends the execution, and is alarmed on.
      async () => {
        await run().catch(() => undefined);
        workflow.forget();
      },
      async () => {
        await run();
        workflow.forget();
      },
    ],
    look: readWritten,
    apart: ['order'],
    stride: 32,
  });
  expect(end.keys.length).toBeGreaterThan(50);
  expect(JSON.parse(end.report ?? '')).toHaveProperty('exceptions');
}, 3_600_000);

test('no function asked for more than its role has', () => {
  const { calls } = local.gateway;
  expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
});

/** Which objects there are of report, outboxes and ledger, and what the report says. */
async function readWritten() {
  const keys = (await listKeys('')).filter((key) => !key.startsWith('scanned/'));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: ledger, Key: `${NAME}report.json` }));
  return { keys, report: await Body?.transformToString() };
}

/** The ledger's bucket as it was before the report. */
async function forget(): Promise<void> {
  for (const Key of await listKeys('')) await s3.send(new DeleteObjectCommand({ Bucket: ledger, Key }));
}

async function listKeys(Prefix: string): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: ledger, Prefix }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

function readReport(root: string): AuditReport {
  return JSON.parse(readFileSync(join(root, 'report.json'), 'utf8'));
}

function listFiles(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(root, file)).isFile())
    .toSorted();
}

async function put(Bucket: string, Key: string, Body: string | Uint8Array, Metadata?: Record<string, string>) {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...(Metadata === undefined ? {} : { Metadata }) }));
}

async function fetchFolder(prefix: string, name: string): Promise<string> {
  let from: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: ledger, Prefix: prefix, ...(from && { ContinuationToken: from }) }),
    );
    for (const { Key = '' } of page.Contents ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: ledger, Key }));
      save(join(folder, name, Key.slice(prefix.length)), (await Body?.transformToByteArray()) ?? '');
    }
    from = page.NextContinuationToken;
  } while (from !== undefined);
  return join(folder, name);
}

function save(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A linear congruential generator. */
function seedRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
