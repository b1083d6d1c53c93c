import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { openRecordWalker } from '../../../../lib/audit/logs/open-record-walker';
import { attributeAccesses } from '../../../../lib/domain/audit/attribution/attribute-accesses';
import { isInternal, openGlance } from '../../../../lib/domain/audit/records/glance-at-record';
import { joinAccesses } from '../../../../lib/domain/audit/records/join-accesses';
import { readCloudTrailRecord } from '../../../../lib/domain/audit/records/read-cloudtrail-record';
import { splitRecords } from '../../../../lib/domain/audit/records/split-records';

const FOLDER = join(__dirname, '../../../cases/audit/records');
const ROOM = '111122223333';
const ACCOUNTS = new Set([ROOM]);

const RECORDS = readdirSync(FOLDER)
  .filter((file) => !/event-bus|transfer-log|access-log/.test(file))
  .flatMap((file): readonly { readonly record: unknown }[] => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')))
  .map(({ record }) => record);

/** The same records, done by the room itself, by a service, or by somebody with a session that stands for another. */
const IDENTITIES = [
  { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/Job/run` },
  { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/BarterRoomLake-X/f` },
  { type: 'AssumedRole', accountId: '444455556666', arn: `arn:aws:sts::${ROOM}:assumed-role/BarterRoomLake-X/f` },
  { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' },
  { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/R/AWSLF-00-AT-1-x` },
  { type: 'AssumedRole', accountId: ROOM, sessionContext: { sourceIdentity: 'V2.444455556666.AROA' } },
  {
    type: 'AssumedRole',
    accountId: ROOM,
    arn: `arn:aws:sts::${ROOM}:assumed-role/S/u.0123456789abcdef@s-0123456789abcdef0`,
  },
  { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/Links/JKJaXmPLvHcESHA-@link` },
  { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/barter-party-a.b/nightly` },
  { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/barter-warehouse-a.b-c-d/snowflake` },
  {
    type: 'AssumedRole',
    accountId: ROOM,
    arn: `arn:aws:sts::${ROOM}:assumed-role/BarterAgreement-a-BybSftp-X/cut-short`,
  },
  { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/BarterRoomCatalogue-Reader-X/other` },
  { type: 'AWSAccount', accountId: '444455556666' },
  { type: 'AWSAccount', accountId: 'anonymous' },
  { type: 'WebIdentityUser', principalId: 'x' },
  { accountId: 12, type: ['AWSService'] },
  { type: 'AWSAccount', arn: 'arn:aws:iam::444455556666:user/u', onBehalfOf: { accountId: ROOM } },
];

it('never counts what would be somebody else’s access, and names the rest as reading would', () => {
  const seen: Record<string, number> = {};
  const records = fc.tuple(fc.constantFrom(...RECORDS), fc.option(fc.constantFrom(...IDENTITIES)), fc.boolean());
  fc.assert(
    fc.property(records, ([original, identity, isEscaped]) => {
      const changed =
        typeof original === 'object' && identity !== null ? { ...original, userIdentity: identity } : original;
      const text = JSON.stringify({ Records: [changed] });
      const bytes = new TextEncoder().encode(isEscaped ? text.replace('amazonaws', '\\u0061mazonaws') : text);
      const glance = openGlance(decode);
      const handler = { onRecord: check, onMalformed: () => {} };
      splitRecords(handler, ACCOUNTS).push(bytes);

      function check(raw: Parameters<ReturnType<typeof openGlance>>[0]): void {
        const seenAs = glance(raw);
        seen[seenAs.kind] = (seen[seenAs.kind] ?? 0) + 1;
        const reading = readCloudTrailRecord(JSON.parse(decode(raw.bytes, raw.from, raw.to)));
        if (seenAs.kind === 'unknown') expect(reading).toEqual(seenAs);
        if (seenAs.kind !== 'internal' || reading.kind !== 'access') return;
        expect(isInternal(reading.access, ACCOUNTS)).toBe(true);
        const [attributed] = attributeAccesses(joinAccesses([reading.access], new Map(), []), [], [], ACCOUNTS);
        expect(attributed?.attribution.kind).toBe('internal');
      }
    }),
    { numRuns: 2000 },
  );
  // The test says nothing unless each of the three comes up.
  expect(Object.keys(seen).toSorted()).toEqual(['internal', 'read', 'unknown']);
});

it('a role of the room is known in whatever session, and no other is taken for the one before it', () => {
  const [change] = RECORDS.flatMap((record) => (isChange(record) ? [record] : []));
  const roles = [
    'BarterRoomLake-X/f',
    'BarterRoomLake-X/g',
    'Job/f',
    'BarterRoomLake-X/h',
    'BarterRoomLake-X',
    'Job/f',
  ];
  const Records = [...roles, 'BarterRoomAudit-Auditor-X/f', 'Job/BarterRoomLake-X/f'].map((role) => ({
    ...change,
    userIdentity: { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/${role}` },
  }));
  const kinds: string[] = [];
  const glance = openGlance(decode);
  const onRecord = (raw: Parameters<typeof glance>[0]) => kinds.push(glance(raw).kind);
  splitRecords({ onRecord, onMalformed: () => {} }, ACCOUNTS).push(
    new TextEncoder().encode(JSON.stringify({ Records })),
  );
  expect(kinds).toEqual(['internal', 'internal', 'read', 'internal', 'read', 'read', 'read', 'read']);
});

describe('who did it is told by what counts in the record', () => {
  const own = `{"type":"AssumedRole","accountId":"${ROOM}","arn":"arn:aws:sts::${ROOM}:assumed-role/Job/run"}`;
  const foreign = '"arn":"arn:aws:iam::444455556666:user/u"';

  it.each([
    ['one identity', `"userIdentity":${own}`, 'internal'],
    ['the last of two', `"userIdentity":${own},"userIdentity":{"type":"AWSAccount",${foreign}}`, 'read'],
    ['the last of two, a service first', `"userIdentity":{"type":"AWSService"},"userIdentity":{${foreign}}`, 'read'],
    ['an account that only lies in it', `"userIdentity":{${foreign},"onBehalfOf":{"accountId":"${ROOM}"}}`, 'read'],
    [
      'the account of its role',
      `"userIdentity":{"sessionContext":{"sessionIssuer":{"accountId":"${ROOM}"}}}`,
      'internal',
    ],
    [
      'an account that is no text, behind one',
      `"userIdentity":{"accountId":"${ROOM}",${foreign},"accountId":null}`,
      'read',
    ],
    ['a type that is no text', `"userIdentity":{"type":"AWSService","type":["x"],${foreign}}`, 'read'],
    ['an ARN that is no text', `"userIdentity":{"accountId":"${ROOM}","arn" : 12}`, 'read'],
  ])('%s', (_, identity, kind) => {
    const record = `{${identity},"eventSource":"s3.amazonaws.com","eventName":"ListObjects","eventTime":"2026-03-01T00:00:00Z"}`;
    for (const walker of [undefined, openRecordWalker()]) {
      const kinds: string[] = [];
      const glance = openGlance(decode);
      const onRecord = (raw: Parameters<typeof glance>[0]) => kinds.push(glance(raw).kind);
      splitRecords({ onRecord, onMalformed: () => {} }, ACCOUNTS, walker).push(new TextEncoder().encode(`[${record}]`));
      expect(kinds).toEqual([kind]);
    }
  });
});

it('what a role of the room does with what is not its own is no business of the room alone', () => {
  const [table] = RECORDS.filter((record) => isNamed(record, 'GetTable'));
  const userIdentity = { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/Job/run` };
  const judge = (catalogId: string) => {
    const reading = readCloudTrailRecord({
      ...table,
      userIdentity,
      requestParameters: { catalogId, databaseName: 'd', name: 't' },
    });
    return reading.kind === 'access' ? isInternal(reading.access, ACCOUNTS) : undefined;
  };
  expect([judge(ROOM), judge('444455556666')]).toEqual([true, false]);
});

function isNamed(record: unknown, name: string): record is object {
  return typeof record === 'object' && record !== null && 'eventName' in record && record.eventName === name;
}

function isChange(record: unknown): record is object {
  return isNamed(record, 'PutBucketPolicy');
}

function decode(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}
