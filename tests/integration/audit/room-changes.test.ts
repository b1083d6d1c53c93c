import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeChange, ROOM } from '../../unit/audit/scenario';
import { auditLogs, makeFolder, writeLogs } from './audit-trial';

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
