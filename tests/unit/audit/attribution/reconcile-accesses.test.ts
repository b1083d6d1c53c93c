import type { AgreementInForce } from '../../../../lib/domain/agreement/agreement-in-force';
import { attributeAccesses } from '../../../../lib/domain/audit/attribution/attribute-accesses';
import { listPartyAccounts } from '../../../../lib/domain/audit/attribution/list-party-accounts';
import { reconcileAccesses } from '../../../../lib/domain/audit/attribution/reconcile-accesses';
import type { RecordedDecision } from '../../../../lib/domain/audit/attribution/recorded-decision';
import { joinAccesses } from '../../../../lib/domain/audit/records/join-accesses';
import {
  BUCKET,
  collect,
  LEDGER,
  makeChange,
  makeDecrypt,
  makeDoorUse,
  makeLakeRead,
  makeS3Read,
  makeSftpDownload,
  makeSftpUpload,
  makeSignIn,
  makeTrailChange,
  PARTNER,
  ROOM,
  type Sighting,
} from '../scenario';
import { AGREEMENT, decide, PURCHASES, SNOWFLAKE, USAGE } from './agreements';

const AT = '2026-03-01T09:05:00Z';
const STRANGER = '777788889999';
const LATER = '2026-03-02T00:00:00Z';
const OURS = { room: new Set([ROOM]), parties: listPartyAccounts([AGREEMENT]) };
const PERMITS = [decide(), decide({ id: 'decision-2', leg: PURCHASES })];

const REGISTRY = `arn:aws:dynamodb:eu-central-1:${ROOM}:table/BarterRoomEnforcement-Registry1F-2G`;
const PARTY = 'barter-party-telco-retail-2026.retail';
const WAREHOUSE = 'barter-warehouse-telco-retail-2026.telco-retail-usage';
const OUTBOX = 'outbox/telco-retail-2026/retail/';

/** The retailer may come from these alone, but for its warehouse. */
const HELD_TO_NETWORKS: AgreementInForce = {
  ...AGREEMENT,
  plan: {
    ...AGREEMENT.plan,
    parties: AGREEMENT.plan.parties.map((party) =>
      party.id === 'retail' ? { ...party, networks: ['198.51.100.0/24', '203.0.113.0/24'] } : party,
    ),
  },
};

/** A day on which all is well. */
const GOOD_DAY: readonly (readonly Sighting[])[] = [
  makeS3Read({ key: 'usage/a', at: AT, account: PARTNER }),
  [makeDecrypt({ key: 'usage/a', at: AT, account: PARTNER })],
  makeLakeRead({ keys: ['usage/b', 'usage/c'], at: AT, account: PARTNER }),
  makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/p.csv', at: AT }),
  makeS3Read({ key: 'usage/a', at: AT, account: ROOM }),
  makeS3Read({ key: 'usage/a', at: AT, account: null }),
  makeS3Read({ key: 'private/x', at: AT, account: PARTNER, error: 'AccessDenied' }).slice(0, 2),
  makeSignIn({ role: PARTY, at: AT, by: { kind: 'account', account: PARTNER } }),
  makeDoorUse({ role: PARTY, at: AT, operation: 'PutObject', key: 'raw/purchases/upload/p.csv' }),
  makeDoorUse({ role: PARTY, at: AT, operation: 'CompleteMultipartUpload', key: 'raw/purchases/upload/q.csv' }),
  makeDoorUse({ role: PARTY, at: AT, operation: 'ListObjects', key: 'raw/purchases/upload/' }),
  makeDoorUse({ role: PARTY, at: AT, operation: 'GetObject', key: `${OUTBOX}checkpoint`, bucket: LEDGER }),
  makeSignIn({ role: WAREHOUSE, at: AT, by: { kind: 'account', account: SNOWFLAKE } }),
  makeDoorUse({ role: WAREHOUSE, at: AT, operation: 'GetObject', key: 'usage/inbox/a' }),
  [makeChange({ call: 'dynamodb PutItem', at: AT, role: 'BarterRoomEnforcement-DecideRole7A', table: REGISTRY })],
  [makeChange({ call: 'glue StartJobRun', at: AT, role: 'BarterRoomAnonymisation-WorkflowRole1B' })],
];

describe('reconciliation', () => {
  it('of a day on which all is well finds nothing', () => {
    expect(reconcile(GOOD_DAY.flat())).toEqual([]);
  });

  it.each([
    [
      'nobody decided',
      [],
      makeS3Read({ key: 'usage/a', at: AT, account: PARTNER }),
      'bypass',
      { party: 'retail', leg: USAGE },
    ],
    [
      'it was forbidden',
      [decide(), decide({ id: 'suspended', effect: 'forbid', at: '2026-02-20T00:00:00Z' })],
      makeS3Read({ key: 'usage/a', at: AT, account: PARTNER }),
      'forbidden-access',
      { decision: 'suspended' },
    ],
    ['nobody knows who', PERMITS, makeS3Read({ key: 'usage/a', at: AT, account: STRANGER }), 'unexplained', {}],
    [
      'a stranger came in by a role',
      PERMITS,
      makeSignIn({ role: 'Administrator', at: AT, by: { kind: 'account', account: STRANGER } }),
      'unexplained',
      {},
    ],
    [
      'the room’s own account came in as a party',
      PERMITS,
      makeSignIn({ role: 'barter-party-telco-retail-2026.retail', at: AT, by: { kind: 'own' } }),
      'operator-as-party',
      { party: 'retail' },
    ],
    [
      'nobody decided what a warehouse reads',
      [],
      makeDoorUse({ role: WAREHOUSE, at: AT, operation: 'GetObject', key: 'usage/inbox/a' }),
      'bypass',
      { party: 'retail', leg: USAGE },
    ],
    ...(
      [
        ['a receiver reads', 'GetObject', 'raw/usage/u.csv'],
        ['a receiver lists', 'ListObjects', 'raw/usage/'],
        ['a receiver plants a file among', 'PutObject', 'raw/usage/u.csv'],
      ] as const
    ).map(
      ([what, operation, key]) =>
        [
          `${what} what the giver handed in`,
          PERMITS,
          makeDoorUse({ role: PARTY, at: AT, operation, key }),
          'outside-role',
          { party: 'retail', leg: USAGE },
        ] as const,
    ),
    ...(['PutObject', 'CopyObject', 'DeleteObject'] as const).map(
      (operation) =>
        [
          `a receiver changes a release by ${operation}`,
          PERMITS,
          makeDoorUse({ role: PARTY, at: AT, operation, key: 'usage/a' }),
          'outside-role',
          { party: 'retail', leg: USAGE },
        ] as const,
    ),
    [
      'a giver overwrites its release',
      [...PERMITS, decide({ id: 'give', leg: PURCHASES })],
      makeDoorUse({ role: PARTY, at: AT, operation: 'PutObject', key: 'purchases/a' }),
      'outside-role',
      { party: 'retail', leg: PURCHASES },
    ],
    ...(
      [
        ['with a permit', PERMITS],
        ['with none', []],
      ] as const
    ).map(
      ([what, decisions]) =>
        [
          `it came from a network that was not agreed, ${what}`,
          decisions,
          makeDoorUse({ role: PARTY, at: AT, operation: 'GetObject', key: 'usage/a', ip: '192.0.2.55' }),
          'foreign-network',
          { party: 'retail', leg: USAGE },
        ] as const,
    ),
    [
      'it was listed from above what is others’',
      PERMITS,
      makeDoorUse({ role: PARTY, at: AT, operation: 'ListObjects', key: 'raw/' }),
      'outside-role',
      { party: 'retail', leg: USAGE },
    ],
    ['it is no leg’s', PERMITS, makeS3Read({ key: 'private/x', at: AT, account: PARTNER }), 'unexplained', {}],
    [
      'only S3’s own log tells',
      PERMITS,
      makeS3Read({ key: 'usage/a', at: AT, account: PARTNER }).slice(2),
      'missing-from-trail',
      { party: 'retail' },
    ],
    [
      'a key was used for nothing',
      PERMITS,
      [makeDecrypt({ key: 'usage/z', at: AT, account: PARTNER })],
      'decrypt-without-read',
      { leg: USAGE },
    ],
    [
      'credentials were used for nothing',
      PERMITS,
      makeLakeRead({ keys: [], at: AT, account: PARTNER }),
      'vend-without-read',
      { leg: USAGE },
    ],
    ['the trail was stopped', PERMITS, [makeTrailChange(AT)], 'logging-changed', {}],
    [
      'a decision was written by hand',
      PERMITS,
      [makeChange({ call: 'dynamodb PutItem', at: AT, role: 'Administrator', table: REGISTRY })],
      'record-changed',
      {},
    ],
    [
      'a function has other code',
      PERMITS,
      [makeChange({ call: 'lambda UpdateFunctionCode20150331v2', at: AT, role: 'Administrator' })],
      'room-changed',
      {},
    ],
    [
      'a stranger was let in by hand',
      PERMITS,
      [
        makeChange({
          call: 'ram CreateResourceShare',
          at: AT,
          role: 'Administrator',
          request: { principals: [STRANGER] },
        }),
      ],
      'granted-to-stranger',
      {},
    ],
    [
      'a party was let in by hand',
      PERMITS,
      [makeChange({ call: 'kms CreateGrant', at: AT, role: 'Administrator', request: { granteePrincipal: PARTNER } })],
      'room-changed',
      {},
    ],
    [
      'a stranger let itself in',
      PERMITS,
      [makeChange({ call: 'kms RevokeGrant', at: AT, role: 'Administrator', by: STRANGER })],
      'unexplained',
      {},
    ],
  ] as const)('finds it when %s', (_, decisions, sightings, kind, more) => {
    const exceptions = reconcile(sightings, decisions);
    expect(exceptions).toHaveLength(1);
    expect(exceptions[0]).toMatchObject({ kind, ...more });
    expect(exceptions[0]?.accesses.length).toBeGreaterThan(0);
  });

  it('finds a file of which only Transfer tells', () => {
    const upload = makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/p.csv', at: AT });
    const exceptions = reconcile(upload.filter((_, at) => at !== 1));
    expect(exceptions).toMatchObject([{ kind: 'sftp-without-object', party: 'retail', leg: PURCHASES }]);
  });

  describe('of two files of one SFTP session', () => {
    const [first, second] = ['raw/purchases/p.csv', 'raw/purchases/q.csv'];
    const session = '00000000000000ab';
    const upload = { user: 'retail-sftp', at: AT, session } as const;
    const moves = (keys: readonly string[]) => keys.flatMap((key) => makeSftpUpload({ ...upload, key }));
    const lineAlone = (key: string, told: object) => makeSftpUpload({ ...upload, key, told })[2]!;
    const without = (sightings: readonly Sighting[], lost: string) =>
      sightings.filter((sighting) => !(isAccess(sighting, 'write', 'cloudtrail') && keyOf(sighting) === lost));

    it.each([
      ['another file', [first, second]],
      ['the same file, moved again', [second, second]],
    ])('finds the one of which S3 tells nothing, beside %s', (_, keys) => {
      const all = moves(keys);
      expect(reconcile(all)).toEqual([]);
      const half = all.length / 2;
      const exceptions = reconcile([...all.slice(0, half), ...without(all.slice(half), second)]);
      expect(exceptions).toMatchObject([{ kind: 'sftp-without-object', party: 'retail', leg: PURCHASES }]);
    });

    it('holds what has no bytes against all that S3 tells of the session', () => {
      const made = lineAlone(second, { 'activity-type': 'MKDIR', 'bytes-in': undefined });
      expect(reconcile([...moves([first]), made])).toEqual([]);
      expect(reconcile([...moves([first]).slice(0, 1), made])).toMatchObject([{ kind: 'sftp-without-object' }]);
    });

    it('does so, too, where the path is none of the room’s', () => {
      const mapped = lineAlone(second, { path: '/upload/q.csv' });
      expect(reconcile([...moves([first]), mapped])).toMatchObject([{ kind: 'unexplained' }]);
    });

    it.each([
      [9, ['sftp-without-object']],
      [0, []],
    ])('finds a download that broke off after %d bytes, where S3 tells nothing of it', (out, kinds) => {
      const broken = lineAlone('usage/a', { 'activity-type': 'PARTIAL_CLOSE', 'bytes-in': 0, 'bytes-out': out });
      const exceptions = reconcile([...moves([first]), broken]);
      expect(exceptions.map(({ kind }) => kind)).toEqual(kinds);
    });
  });

  it('judges a session by SFTP by from where it was opened, whichever log tells of what was fetched', () => {
    const fetch = (ip: string) => makeSftpDownload({ user: 'retail-sftp', keys: ['usage/a'], at: AT, ip });
    const find = (sightings: readonly Sighting[]) =>
      reconcileAccesses(attributed(collect(sightings), PERMITS), PERMITS, LATER, OURS).map(({ kind }) => kind);
    const isNoCall = (sighting: Sighting) => !isAccess(sighting, 'read', 'cloudtrail');
    const isNoLine = (sighting: Sighting) => !isAccess(sighting, 'read', 'transfer-log');
    expect(find(fetch('198.51.100.9'))).toEqual([]);
    expect(find(fetch('192.0.2.1'))).toEqual(['foreign-network']);
    expect(find(fetch('192.0.2.1').filter(isNoLine))).toEqual(['foreign-network']);
    expect(find(fetch('192.0.2.1').filter(isNoCall))).toEqual(['foreign-network', 'sftp-without-object']);
    // Nothing tells from where it came.
    expect(find(fetch('192.0.2.1').slice(1, 2))).toEqual([]);
  });

  it('finds a permit that ran out unused, and none that is still open or was used', () => {
    const ended = decide({ id: 'ended', until: '2026-03-01T12:00:00Z' });
    const open = decide({ id: 'open', leg: PURCHASES, until: '2026-05-01T00:00:00Z' });
    const unused = {
      kind: 'unused-decision',
      at: '2026-03-01T11:59:59.999Z',
      party: 'retail',
      leg: USAGE,
      accesses: [],
      decision: 'ended',
    };
    expect(reconcile([], [ended, open])).toEqual([unused]);
    // What ran out at the end of a period is of that period, to the millisecond.
    const foundBy = (end: string) => reconcile([], [ended], end);
    expect([foundBy('2026-03-01T11:59:59.999Z'), foundBy('2026-03-01T12:00:00Z')]).toEqual([[], [unused]]);
    const read = makeS3Read({ key: 'usage/a', at: AT, account: PARTNER });
    expect(reconcile(read, [ended, open])).toEqual([]);
  });

  it('takes a read anywhere in the bucket for a bucket’s key', () => {
    const decrypt = makeDecrypt({ key: 'usage/a', at: AT, account: PARTNER });
    const access = collect([decrypt])[0]!;
    const bucketKey = { ...access, joins: { ...access.joins, object: `arn:aws:s3:::${BUCKET}` } };
    const read = collect(makeS3Read({ key: 'usage/q', at: '2026-03-01T09:55:00Z', account: PARTNER }));
    const late = collect(makeS3Read({ key: 'usage/q', at: '2026-03-01T11:00:00Z', account: PARTNER }));
    const judge = (accesses: typeof read) => attributed(accesses, PERMITS);
    expect(reconcileAccesses(judge([bucketKey, ...read]), PERMITS, LATER, OURS)).toEqual([]);
    expect(reconcileAccesses(judge([bucketKey, ...late]), PERMITS, LATER, OURS)).toMatchObject([
      { kind: 'decrypt-without-read' },
    ]);
  });

  it('leaves what is newer than the watermark for later', () => {
    const read = makeS3Read({ key: 'usage/a', at: AT, account: PARTNER });
    expect(reconcile(read, [], AT)).toEqual([]);
    expect(reconcile(read, [], '2026-03-01T09:05:01Z')).toMatchObject([{ kind: 'bypass' }]);
  });

  it.each([
    ['both trails’ copies of a read', (s: Sighting) => isAccess(s, 'read', 'cloudtrail') && keyOf(s) === 'usage/a'],
    ['the credentials’ own record', (s: Sighting) => isAccess(s, 'vend', 'cloudtrail')],
    ['the reads with the credentials', (s: Sighting) => ['usage/b', 'usage/c'].includes(keyOf(s))],
    ['S3’s record of an upload', (s: Sighting) => isAccess(s, 'write', 'cloudtrail')],
  ])('finds the loss of %s', (_, lost) => {
    expect(reconcile(GOOD_DAY.flat().filter((sighting) => !lost(sighting)))).not.toEqual([]);
  });

  it('finds a key in a stranger’s hands', () => {
    const exceptions = reconcile([makeDecrypt({ key: 'usage/a', at: AT, account: STRANGER })]);
    expect(exceptions).toMatchObject([{ kind: 'unexplained' }]);
  });
});

function isAccess({ reading }: Sighting, act: string, witness: string): boolean {
  return reading.kind === 'access' && reading.access.act === act && reading.access.witness === witness;
}

function keyOf({ reading }: Sighting): string {
  return reading.kind === 'access' && reading.access.resource.kind === 'object'
    ? (reading.access.resource.key ?? '')
    : '';
}

function reconcile(
  sightings: readonly Sighting[],
  decisions: readonly RecordedDecision[] = PERMITS,
  watermark = LATER,
) {
  return reconcileAccesses(attributed(collect(sightings), decisions), decisions, watermark, OURS);
}

function attributed(accesses: ReturnType<typeof collect>, decisions: readonly RecordedDecision[]) {
  const joined = joinAccesses(accesses, new Map([[BUCKET, ROOM]]), []);
  return attributeAccesses(joined, [HELD_TO_NETWORKS], decisions, OURS.room);
}
