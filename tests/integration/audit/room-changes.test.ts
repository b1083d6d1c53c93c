import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signPack } from '../../../lib/audit/pack/sign-pack';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { makeChange, ROOM, type Sighting } from '../../unit/audit/scenario';
import { auditLogs, makeFolder, prepareTrial, put, TOOLS, writeLogs } from './audit-trial';

/** Long enough before the last log file to be judged. */
const AT = '2026-03-01T08:05:00Z';
const TABLE = `arn:aws:dynamodb:eu-central-1:${ROOM}:table/BarterRoomEnforcement-Registry1F-2G`;
const ADMIN = 'Administrator';

const DELIVERY = { bucketName: 'barterroomlake-landing8a-1b2c', key: 'other-agreement/customers/upload/march.csv' };
const KINDS = /^(deliveries|record|room)-/;

/** By the room itself, or by a deployment that somebody told. */
const ITS_OWN = [
  makeChange({ call: 'dynamodb PutItem', at: AT, role: 'BarterRoomEnforcement-DecideRole7A', table: TABLE }),
  makeChange({ call: 'glue StartJobRun', at: AT, role: 'BarterRoomAnonymisation-WorkflowRole1B' }),
  makeChange({ call: 's3 GetObject', at: AT, role: 'BarterRoomAnonymisation-JobRole1B', request: DELIVERY }),
  makeChange({ call: 'iam PutRolePolicy', at: AT, role: 'cdk-exec', invokedBy: 'cloudformation.amazonaws.com' }),
];

const BY_HAND = [
  makeChange({
    call: 'dynamodb PutItem',
    at: AT,
    role: ADMIN,
    table: TABLE,
    request: { key: { pk: 'decisions#other-agreement', sk: 'decision#2026-01-01T00:00:00Z#forged' } },
  }),
  makeChange({ call: 'iam TagRole', at: AT, role: ADMIN, request: { roleName: 'Mine' } }),
  makeChange({ call: 'lambda UpdateFunctionCode20150331v2', at: AT, role: ADMIN }),
  makeChange({ call: 'glue StartJobRun', at: AT, role: ADMIN }),
  makeChange({ call: 's3 GetObject', at: AT, role: ADMIN, request: DELIVERY }),
  makeChange({
    call: 'cloudformation ExecuteChangeSet',
    at: AT,
    role: ADMIN,
    request: { stackName: 'BarterRoomLake' },
  }),
];

test('what the room does itself is counted, and nothing more', async () => {
  const logs = makeFolder();
  writeLogs(logs, ITS_OWN);
  const { report, exceptions } = await auditLogs(logs);
  expect(exceptions.filter(({ kind }) => KINDS.test(kind))).toEqual([]);
  expect(report.header.records.internal.reduce((sum, { records }) => sum + records, 0)).toBe(ITS_OWN.length);
});

test('what somebody does by hand is found, and every party is told that it was', async () => {
  const [logs, parties] = [makeFolder(), makeFolder()];
  writeLogs(logs, [...ITS_OWN, ...BY_HAND]);
  const { report, exceptions } = await auditLogs(logs, { parties });
  const kinds = ['deliveries-read', 'record-changed', 'room-changed', 'room-changed', 'room-changed', 'room-deployed'];
  const ours = exceptions.filter(({ kind }) => KINDS.test(kind));
  expect(ours.map(({ kind }) => kind).toSorted()).toEqual(kinds);
  expect(ours.find(({ kind }) => kind === 'record-changed')?.detail).toContain(
    'decisions#other-agreement decision#2026-01-01T00:00:00Z#forged',
  );
  expect(report.verdict.kind).toBe('breached');
  expect(report.verdict.sentence).toMatch(
    /^1 write to the record by .*, 1 reading of deliveries by the room’s own people, and /,
  );
  for (const party of ['retail', 'telco']) {
    const told = readFileSync(join(parties, 'telco-retail-2026', party, 'exceptions.jsonl'), 'utf8');
    expect([...told.matchAll(/"kind":"((?:deliveries|record|room)-\w+)"/g)].map(([, kind]) => kind).toSorted()).toEqual(
      kinds,
    );
    // Whose agreement it was about, and who did it, is not a party's business.
    expect(told).not.toMatch(/other-agreement|Administrator/);
  }
});

const RELEASE = { bucketName: 'barterroomlake-lake8a-1b2c', key: 'a/leg/round=2026-03-01/release.parquet' };
const ANSWER = { bucketName: 'barterroomlake-results8a-1b2c', key: 'audit/1.csv' };
const STRANGER = '777788889999';

/** What is judged by what was reached, of each kind and each service. */
const REACHED: readonly (readonly [kind: string, ...Parameters<typeof makeChange>])[] = [
  ['deliveries-read', { call: 's3 GetObject', at: AT, role: ADMIN, request: DELIVERY }],
  ['deliveries-read', { call: 's3 SelectObjectContent', at: AT, role: ADMIN, request: DELIVERY }],
  ['room-changed', { call: 's3 PutObject', at: AT, role: ADMIN, request: RELEASE }],
  ['room-changed', { call: 's3 DeleteObject', at: AT, role: ADMIN, request: RELEASE }],
  ['room-changed', { call: 'glue UpdateTable', at: AT, role: ADMIN, request: { databaseName: 'a', name: 'b' } }],
  ['room-changed', { call: 'dataexchange CreateRevision', at: AT, role: ADMIN, request: { DataSetId: 'd' } }],
  ['room-changed', { call: 'kms ScheduleKeyDeletion', at: AT, role: ADMIN, request: { keyId: 'k' } }],
  [
    'room-changed',
    {
      call: 'sts AssumeRole',
      at: AT,
      role: ADMIN,
      request: { roleArn: `arn:aws:iam::${ROOM}:role/BarterRoomEnforcement-DecideRole7A` },
    },
  ],
  ['record-changed', { call: 'dynamodb PutItem', at: AT, role: ADMIN, table: TABLE }],
  [
    'room-deployed',
    { call: 'cloudformation UpdateStack', at: AT, role: ADMIN, request: { stackName: 'BarterRoomLake' } },
  ],
  [
    'granted-to-stranger',
    {
      call: 'iam UpdateAssumeRolePolicy',
      at: AT,
      role: ADMIN,
      request: { policyDocument: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: STRANGER } }] }) },
    },
  ],
];
/** What an answer to somebody's query changed is the query's. */
const FOLLOWS = makeChange({
  call: 's3 PutObject',
  at: AT,
  role: ADMIN,
  request: ANSWER,
  invokedBy: 'athena.amazonaws.com',
});
/** S3's own log alone tells of a copy's source. */
const COPIED: Sighting['source'] = {
  log: 's3-access-log',
  line: `${'ab'.repeat(32)} ${DELIVERY.bucketName} [01/Mar/2026:08:05:00 +0000] 203.0.113.9 arn:aws:sts::${ROOM}:assumed-role/${ADMIN}/a 3E57427F3EXAMPLE REST.COPY.OBJECT_GET other-agreement/customers/upload/april.csv "GET /x HTTP/1.1" 200 - 100 100 7 - "-" "S3Console/0.4" -`,
};

test('each is drawn again from its row: an honest pack has no finding, and none may be left out', async () => {
  const logs = makeFolder();
  const made = REACHED.map(([, change]) => makeChange(change));
  writeLogs(logs, [...made, FOLLOWS, { ...FOLLOWS, source: COPIED }]);
  const { out, signer } = prepareTrial(logs);
  const { exceptions } = await auditLogs(logs, { out, signer });
  const verify = async () => (await verifyPack(out, signer.key, TOOLS)).findings.map(({ problem }) => problem);
  expect(await verify()).toEqual([]);
  const kinds = [...REACHED.map(([kind]) => kind), 'deliveries-read'].toSorted();
  const ours = exceptions.filter(({ kind }) => kinds.includes(kind));
  expect(ours.map(({ kind }) => kind).toSorted()).toEqual(kinds);
  const table = readFileSync(join(out, 'exceptions.jsonl'), 'utf8');
  for (const { kind, evidence } of ours) {
    const [event = ''] = evidence.map((each) => each.event);
    put(
      out,
      'exceptions.jsonl',
      table
        .split('\n')
        .filter((line) => !line.includes(event))
        .join('\n'),
    );
    await signPack(out, signer, { produced: '2026-04-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
    expect(await verify()).toContain(`it is an exception (${kind}), and not listed as that`);
  }
});
