import type { Access } from '../../../../lib/domain/audit/access';
import {
  believeName,
  indexSessions,
  isUnnamed,
  type KnownSessions,
  readPose,
} from '../../../../lib/domain/audit/records/session-name';
import { BUCKET, PARTNER, ROOM, SERVER } from '../scenario';

/* What the name of a session says is believed where nobody but AWS can have given it. */

const ACCOUNTS: ReadonlySet<string> = new Set([ROOM]);
const NONE: KnownSessions = new Map();
const OBJECT: Access['resource'] = { kind: 'object', bucket: BUCKET, key: 'a' };
const LAKE = 'AWSLF-00-AT-444455556666-x';
const SESSION = '0123456789abcdef';

const accessBy = (session: string, told: Partial<Access> = {}): Access => ({
  id: 'event',
  at: '2026-03-01T09:05:00Z',
  witness: 'cloudtrail',
  service: 's3',
  operation: 'GetObject',
  act: 'read',
  outcome: 'allowed',
  actor: { kind: 'account', account: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/${session}` },
  resource: OBJECT,
  joins: {},
  ...told,
});

test.each([
  ['lakeformation', { lakeFormationSession: LAKE }],
  ['sts', {}],
])('of what is handed out, the session that %s names is believed as is due', (service, joins) => {
  const handed = accessBy(`OwnAdmin/${LAKE}`, { act: 'vend', service, joins: { lakeFormationSession: LAKE } });
  expect(believeName(handed, ACCOUNTS, NONE).joins).toEqual(joins);
});

test.each([
  ['its server and role', SERVER, 'BarterAgreement-a-b-BybSftp-1', 'sftp-user'],
  ['another role', SERVER, 'BarterAgreement-a-b-BycSftp-2', 'account'],
  ['another server', 's-99999999999999999', 'BarterAgreement-a-b-BybSftp-1', 'account'],
])('a user who comes by %s is believed where his sessions are known', (_, server, role, kind) => {
  const known = { user: 'a.b', server: SERVER, role: 'BarterAgreement-a-b-BybSftp-1' };
  const sftp = indexSessions([{ sftpUsers: { 'a.b': 'b' }, sftpSessions: [known] }]);
  const access = accessBy(`${role}/a.b.${SESSION}@${server}`, { joins: { session: SESSION } });
  expect(believeName(access, ACCOUNTS, sftp).actor.kind).toBe(kind);
});

test.each([
  ['the role that Lake Formation takes up', 'BarterRoomCatalogue-Reader-1', undefined],
  ['any other role', 'OwnAdmin', { kind: 'account', account: PARTNER }],
])('%s passes for an account that the identity names, as is due', (_, role, pose) => {
  const access = accessBy(`${role}/any`, { joins: { sourceIdentity: `V2.${PARTNER}.AROA` } });
  expect(readPose(access)).toEqual(pose);
});

test.each([
  ['an object', 'BarterAgreement-a-b-BybSftp-1/cut-short', { resource: OBJECT }, true],
  [
    'the key of an object',
    'BarterAgreement-a-b-BybSftp-1/cut-short',
    { resource: { kind: 'none' }, joins: { object: `arn:aws:s3:::${BUCKET}/a` } },
    true,
  ],
  ['no object', 'BarterAgreement-a-b-BybSftp-1/cut-short', { resource: { kind: 'none' } }, false],
  ['an object, in a role of the room’s own', 'BarterRoomLake-X/cut-short', { resource: OBJECT }, false],
  [
    'an object, by its full name',
    `BarterAgreement-a-b-BybSftp-1/a.b.${SESSION}@${SERVER}`,
    { resource: OBJECT },
    false,
  ],
] as const)('a session that comes to %s is for somebody, and says not for whom: as is due', (_, session, told, is) => {
  expect(isUnnamed(accessBy(session, told))).toBe(is);
});
