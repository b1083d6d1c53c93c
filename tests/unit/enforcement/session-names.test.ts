import type { Access } from '../../../lib/domain/audit/access';
import { attributeAccesses } from '../../../lib/domain/audit/attribution/attribute-accesses';
import { judgeAccess } from '../../../lib/domain/audit/attribution/judge-access';
import { placeAgreement } from '../../../lib/domain/audit/attribution/place-agreement';
import type { RecordedDecision } from '../../../lib/domain/audit/attribution/recorded-decision';
import { isInternal } from '../../../lib/domain/audit/records/glance-at-record';
import { joinAccesses } from '../../../lib/domain/audit/records/join-accesses';
import { readBusEvent } from '../../../lib/domain/audit/records/read-bus-event';
import { readCloudTrailRecord } from '../../../lib/domain/audit/records/read-cloudtrail-record';
import { readS3AccessLine } from '../../../lib/domain/audit/records/read-s3-access-line';
import { watchAccesses } from '../../../lib/domain/enforcement/breaches/watch-accesses';
import type { SftpSessions } from '../../../lib/domain/registry/registered-agreement';
import { namePartyRole } from '../../../lib/domain/room/room-names';
import { nameSftpUser } from '../../../lib/domain/room/sftp-user';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { NOTHING_MADE } from '../../fixtures/registered';

/* Whoever takes a role up names the session. A name is believed in the role that the room gives it to, and in no other. */

const ROOM = {
  account: '999900001111',
  region: 'eu-central-1',
  landingBucket: 'barterroomlake-landing-x',
  lakeBucket: 'barterroomlake-lake-x',
};
const STRANGER = '666677778888';
const [LEG, OTHER] = TELCO_RETAIL_PLAN.legs as [
  (typeof TELCO_RETAIL_PLAN.legs)[number],
  (typeof TELCO_RETAIL_PLAN.legs)[number],
];
const { id: AGREEMENT } = TELCO_RETAIL_PLAN.agreement;
const [TELCO, RETAIL] = ['telco', 'retail'].map(
  (id) => TELCO_RETAIL_PLAN.parties.find((party) => party.id === id)!.account,
) as [string, string];
const PLAN = {
  ...TELCO_RETAIL_PLAN,
  parties: TELCO_RETAIL_PLAN.parties.map((party) =>
    party.id === 'retail' ? { ...party, networks: ['203.0.113.0/24'] } : party,
  ),
  legs: [{ ...LEG, via: { kind: 'api' as const }, quota: { bytes: 1000 } }, OTHER],
};
const OWNERS = new Map([ROOM.landingBucket, ROOM.lakeBucket].map((bucket) => [bucket, ROOM.account]));
const IN_FORCE = [placeAgreement({ plan: PLAN, from: '2026-01-01T00:00:00.000Z' }, ROOM, NOTHING_MADE)];
const ROOM_ACCOUNTS = new Set([ROOM.account]);

/** Roles as the room's stacks have them made. */
const SFTP = 'BarterAgreement-telco-re-ByretailSftpAEE8DABD-1A2B3C4D5E6F';
const LINKS = 'BarterRoomIntake-PresignDownloadLinkRole1234-1A2B3C4D5E6F';
const LAKE = 'BarterRoomCatalogue-ReaderF7BF189D-1A2B3C4D5E6F';
const PARTY = namePartyRole(AGREEMENT, 'telco');

const RIVAL = `${nameSftpUser(AGREEMENT, 'retail')}.0123456789abcdef@s-0123456789abcdef0`;
const CREDENTIALS = `AWSLF-00-AT-${RETAIL}-EXAMPLE`;
const RELEASE = `${AGREEMENT}/${LEG.id}/round=2026-03-01/part.parquet`;
const DELIVERY = `${AGREEMENT}/${LEG.dataset}/upload/usage.csv`;
const AT = '2026-03-01T10:00:00Z';
const GIVEN: RecordedDecision = {
  id: '2026-03-01T09:59:00.000Z/req-123',
  effect: 'permit',
  agreement: { id: AGREEMENT, version: PLAN.agreement.version },
  party: 'retail',
  leg: LEG.id,
  clause: '1',
  at: '2026-03-01T09:59:00.000Z',
};

interface Call {
  readonly role: string;
  readonly name: string;
  readonly operation?: 'GetObject' | 'PutObject';
  readonly account?: string;
  readonly key?: string;
  readonly at?: string;
  readonly sourceIdentity?: string;
}

function call({
  role,
  name,
  operation = 'GetObject',
  account = ROOM.account,
  key = RELEASE,
  at = AT,
  sourceIdentity,
}: Call): Access {
  const bucketName = key === DELIVERY ? ROOM.landingBucket : ROOM.lakeBucket;
  const reading = readCloudTrailRecord({
    eventSource: 's3.amazonaws.com',
    eventName: operation,
    eventID: '11111111-1111-4111-8111-111111111111',
    eventTime: at,
    recipientAccountId: ROOM.account,
    awsRegion: ROOM.region,
    sourceIPAddress: '192.0.2.9',
    requestID: 'REQUEST',
    userIdentity: {
      type: 'AssumedRole',
      accountId: account,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
      sessionContext: { ...(sourceIdentity === undefined ? {} : { sourceIdentity }) },
    },
    requestParameters: { bucketName, key },
    additionalEventData: { bytesTransferredOut: 5000 },
    resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM.account, ARN: `arn:aws:s3:::${bucketName}` }],
  });
  if (reading.kind !== 'access') throw new Error(JSON.stringify(reading));
  return reading.access;
}

function lookAt(access: Access, agreements = IN_FORCE) {
  const joins = joinAccesses([access], OWNERS, agreements);
  const [found] = attributeAccesses(joins, agreements, [GIVEN], ROOM_ACCOUNTS);
  const { joined, attribution } = found!;
  const accounts = { room: ROOM_ACCOUNTS, parties: new Set([TELCO, RETAIL]) };
  const watched = watchAccesses(
    [access],
    { agreement: AGREEMENT, position: 0, days: [], periods: [] },
    {
      plan: PLAN,
      lastDay: PLAN.term.ends,
      agreements,
      decisions: [GIVEN],
      roomAccounts: ROOM_ACCOUNTS,
      bucketOwners: OWNERS,
      now: '2026-03-01T12:00:00Z',
    },
  );
  return {
    attribution,
    isCounted: isInternal(access, ROOM_ACCOUNTS),
    exceptions: judgeAccess(joined.access, attribution, accounts, true).map(({ kind }) => kind),
    breaches: watched.reports.map(({ breach, party }) => `${breach} ${party}`),
    counted: watched.usage.days,
  };
}

describe('in the role that it belongs to, a name says for whom the session is', () => {
  test.each([
    ['an SFTP user’s', { role: SFTP, name: RIVAL }, 'sftp-user'],
    ['of a decision that gave links', { role: LINKS, name: 'req-123@link' }, 'link'],
    ['Lake Formation’s', { role: LAKE, name: CREDENTIALS, sourceIdentity: `V2.${RETAIL}.AROA` }, 'source-identity'],
  ])('%s', (_, given, party) => {
    expect(lookAt(call(given)).attribution).toMatchObject({ kind: 'attributed', party: 'retail', joins: { party } });
  });

  test('S3’s own line tells it as well', () => {
    const arn = `arn:aws:sts::${ROOM.account}:assumed-role/${SFTP}/${RIVAL}`;
    const key = `${RELEASE} "GET /x HTTP/1.1" 200 - 10 10 5 4 "-" "agent" -`;
    const line = `OWNER ${ROOM.lakeBucket} [01/Mar/2026:10:00:00 +0000] 203.0.113.9 ${arn} REQ REST.GET.OBJECT ${key}`;
    const reading = readS3AccessLine(line);
    if (reading.kind !== 'access') throw new Error(JSON.stringify(reading));
    expect(lookAt(reading.access)).toMatchObject({
      attribution: { kind: 'attributed', party: 'retail', joins: { party: 'sftp-user' } },
      exceptions: expect.arrayContaining(['missing-from-trail']),
    });
  });
});

describe('where it is on record what the room made, a user comes by its server, and in its role', () => {
  const SERVER = 's-0123456789abcdef0';
  const made = (sftpSessions?: readonly SftpSessions[]) => [
    placeAgreement({ plan: PLAN, from: '2026-01-01T00:00:00.000Z' }, ROOM, {
      ...NOTHING_MADE,
      version: 1,
      ...(sftpSessions === undefined ? {} : { sftpSessions }),
    }),
  ];
  const role = `arn:aws:iam::${ROOM.account}:role/${SFTP}`;
  const known = made([
    { party: 'retail', role: `${role}-before`, server: 's-fedcba98765432100' },
    { party: 'retail', role, server: SERVER },
    { party: 'telco', role: `${role}-of-telco`, server: SERVER },
  ]);
  const byServer = (server: string): Access => {
    const download = readBusEvent({
      id: 'e-1',
      source: 'aws.transfer',
      'detail-type': 'SFTP Server File Download Completed',
      account: ROOM.account,
      region: ROOM.region,
      time: AT,
      detail: {
        'server-id': server,
        username: nameSftpUser(AGREEMENT, 'retail'),
        'file-path': `/${ROOM.lakeBucket}/${RELEASE}`,
        bytes: 100,
        'session-id': '0123456789abcdef',
        'client-ip': '203.0.113.9',
      },
    });
    if (download.kind !== 'access') throw new Error(JSON.stringify(download));
    return download.access;
  };

  test('and by its role’s name where a stack made roles before sessions were put on record', () => {
    const before = [
      placeAgreement({ plan: PLAN, from: '2026-01-01T00:00:00.000Z' }, ROOM, {
        ...NOTHING_MADE,
        version: 1,
        sftpRoles: { retail: role },
      }),
    ];
    expect(lookAt(call({ role: SFTP, name: RIVAL }), before)).toMatchObject({
      attribution: { kind: 'attributed', party: 'retail' },
      breaches: [],
    });
  });

  test('which may be those that it had before', () => {
    for (const access of [
      call({ role: SFTP, name: RIVAL }),
      call({ role: `${SFTP}-before`, name: RIVAL.replace(SERVER, 's-fedcba98765432100') }),
      byServer(SERVER),
    ])
      expect(lookAt(access, known).attribution).toMatchObject({ kind: 'attributed', party: 'retail' });
  });

  test.each([
    ['in a role that is called so', SFTP.replace('1A2B3C', 'ZZZZZZ'), RIVAL],
    ['in another’s role', `${SFTP}-of-telco`, RIVAL],
    ['by another server', SFTP, RIVAL.replace(SERVER, 's-00000000000000000')],
    ['by its server, in the role that it had with another', `${SFTP}-before`, RIVAL],
  ])('and not %s: that is somebody of the room, in its name', (_, other, name) => {
    const { attribution, breaches, counted, exceptions } = lookAt(call({ role: other, name }), known);
    const as = { party: 'retail', agreement: AGREEMENT };
    expect(attribution).toEqual({ kind: 'unattributed', reason: 'operator-as-party', account: ROOM.account, as });
    expect([breaches, counted, exceptions]).toEqual([['foreign-principal undefined'], [], ['operator-as-party']]);
  });

  test.each([
    ['of a server of somebody’s own', known, 's-00000000000000000'],
    ['of any server, where the room has made none', made(), SERVER],
  ])('what an event tells %s is nobody’s of the parties', (_, agreements, server) => {
    const { attribution, breaches, counted, exceptions } = lookAt(byServer(server), agreements);
    expect(attribution).toEqual({ kind: 'unattributed', reason: 'no-party' });
    expect([breaches, counted, exceptions]).toEqual([['foreign-principal undefined'], [], ['unexplained']]);
  });
});

describe('a partner that takes another’s name for a session of its own role', () => {
  test.each([
    ['an SFTP user’s', { name: RIVAL }],
    ['of a decision that gave links', { name: 'req-123@link' }],
    ['Lake Formation’s', { name: CREDENTIALS }],
    ['Lake Formation’s, by its source', { name: 'nightly', sourceIdentity: `V2.${RETAIL}.AROA` }],
  ])('is itself all the same, and does no harm to the other: %s', (_, named) => {
    const upload = lookAt(call({ role: PARTY, ...named, operation: 'PutObject', key: DELIVERY }));
    expect(upload.attribution).toMatchObject({ kind: 'attributed', party: 'telco', joins: { party: 'role' } });
    expect(upload.breaches).toEqual([]);
    const write = lookAt(call({ role: PARTY, ...named, operation: 'PutObject' }));
    expect(write).toMatchObject({ breaches: ['outside-role telco'], exceptions: ['outside-role'] });
  });
});

describe('a stranger’s session', () => {
  test.each([
    ['an SFTP user’s', RIVAL],
    ['of a decision that gave links', 'req-123@link'],
    ['Lake Formation’s', CREDENTIALS],
  ])('is a stranger’s, whatever it and its role are called: %s', (_, name) => {
    for (const role of ['Any', SFTP, LINKS, LAKE, PARTY]) {
      const read = lookAt(call({ role, name, account: STRANGER, sourceIdentity: `V2.${RETAIL}.AROA` }));
      expect(read.attribution).toEqual({ kind: 'unattributed', reason: 'no-party', account: STRANGER });
      expect(read).toMatchObject({
        exceptions: ['unexplained'],
        breaches: ['foreign-principal undefined'],
        counted: [],
      });
    }
  });

  test('as what a partner’s account forwards, it names nobody but that partner', () => {
    const forwarded = { ...call({ role: SFTP, name: RIVAL, account: TELCO }), recordedBy: TELCO };
    const { owner: _, ...atHome } = { ...forwarded, resource: { kind: 'object', bucket: 'own', key: 'a' } as const };
    for (const access of [forwarded, atHome])
      expect(JSON.stringify(lookAt(access))).not.toMatch(/"party":"retail"|retail"\]/);
  });
});

describe('somebody of the room who takes a party’s name', () => {
  const AS = { party: 'retail', agreement: AGREEMENT };
  test.each([
    ['an SFTP user’s', { name: RIVAL }, AS],
    ['of a user that there is not', { name: 'nobody.0123456789abcdef@s-0123456789abcdef0' }, undefined],
    ['of a party that no agreement has', { name: RIVAL.replace('.retail.', '.nobody.') }, undefined],
    ['of an agreement that there is not', { name: RIVAL.replace(AGREEMENT, 'another-2026') }, undefined],
    ['of a decision that gave links', { name: 'req-123@link' }, AS],
    ['of a decision that there is not', { name: 'req-124@link' }, undefined],
    ['Lake Formation’s', { name: CREDENTIALS }, undefined],
    ['Lake Formation’s, by its source', { name: 'anna', sourceIdentity: `V2.${RETAIL}.AROA` }, AS],
    ['of a stranger, by its source', { name: 'anna', sourceIdentity: `V2.${STRANGER}.AROA` }, undefined],
  ])('is told as that: %s', (_, named, as) => {
    const read = lookAt(call({ role: 'Administrator', ...named }));
    expect(read.attribution).toEqual({
      kind: 'unattributed',
      reason: 'operator-as-party',
      account: ROOM.account,
      ...(as && { as }),
    });
    expect(read).toMatchObject({ isCounted: false, exceptions: ['operator-as-party'], counted: [] });
    expect(read.breaches).toEqual(['foreign-principal undefined']);
    const raw = lookAt(call({ role: 'Administrator', ...named, key: DELIVERY }));
    expect(raw.exceptions).toEqual(['deliveries-read', 'operator-as-party']);
    const write = lookAt(call({ role: 'Administrator', ...named, operation: 'PutObject' }));
    expect(write.exceptions).toEqual(['room-changed', 'operator-as-party']);
  });

  test.each([
    [SFTP, 'req-123@link'],
    [LINKS, RIVAL],
    [LAKE, RIVAL],
    ['BarterRoomLake-X', RIVAL],
    ['BarterRoomAudit-Auditor-X', 'req-123@link'],
  ])('with %s, too, as %s', (role, name) => {
    expect(lookAt(call({ role, name })).attribution).toMatchObject({ reason: 'operator-as-party' });
  });

  test('what the room itself is let read by Lake Formation is its own', () => {
    const read = call({ role: LAKE, name: CREDENTIALS });
    const vend: Access = {
      ...call({ role: 'Administrator', name: 'anna' }),
      id: 'cloudtrail/vend',
      service: 'lakeformation',
      operation: 'GetDataAccess',
      act: 'vend',
      resource: { kind: 'none' },
      joins: { lakeFormationSession: CREDENTIALS },
    };
    const found = attributeAccesses(joinAccesses([vend, read], OWNERS, []), IN_FORCE, [GIVEN], ROOM_ACCOUNTS);
    expect(found.map(({ attribution }) => attribution.kind)).toEqual(['internal', 'internal']);
  });

  test('what nobody passes for is the room’s own', () => {
    for (const name of ['anna', 'x@linked', 'a.b@s-1', 'V2.x'])
      expect(lookAt(call({ role: 'Administrator', name, sourceIdentity: 'anna' })).attribution).toEqual({
        kind: 'internal',
        by: 'own-account',
      });
  });
});

describe('a session that is for others, and does not say for whom', () => {
  test.each([
    ['an SFTP user’s, cut short', SFTP, `${'x'.repeat(46)}.0123456789abcdef`],
    ['Lake Formation’s, without its mark', LAKE, 'session'],
  ])('is nobody’s, and not the room’s own: %s', (_, role, name) => {
    const read = lookAt(call({ role, name }));
    expect(read.attribution).toEqual({ kind: 'unattributed', reason: 'unknown-actor' });
    expect(read).toMatchObject({ isCounted: false, exceptions: ['unexplained'] });
    const object = `arn:aws:s3:::${ROOM.lakeBucket}/${RELEASE}`;
    const key = `arn:aws:kms:${ROOM.region}:${ROOM.account}:key/11111111-1111-4111-8111-111111111111`;
    const decrypt: Access = {
      ...call({ role, name }),
      service: 'kms',
      operation: 'Decrypt',
      act: 'decrypt',
      resource: { kind: 'key', arn: key },
      joins: { object },
    };
    const { attribution, isCounted } = lookAt(decrypt);
    expect([attribution, isCounted]).toEqual([{ kind: 'unattributed', reason: 'unknown-actor' }, false]);
    // With a key and no object it does what any role of the room may.
    expect(lookAt({ ...decrypt, joins: {} }).isCounted).toBe(true);
  });
});

describe('a link is used while it may be', () => {
  test.each([
    ['2026-03-01T09:58:59Z', 'unattributed'],
    ['2026-03-01T09:59:00Z', 'attributed'],
    ['2026-03-01T10:29:01Z', 'attributed'],
    // What was begun in time may end as late as that.
    ['2026-03-01T21:59:00Z', 'attributed'],
    ['2026-03-01T21:59:01Z', 'unattributed'],
  ])('at %s: %s', (at, kind) => {
    expect(lookAt(call({ role: LINKS, name: 'req-123@link', at })).attribution).toMatchObject({ kind });
  });

  test('and its log, in whole seconds, may be a little before the decision', () => {
    const decision = { ...GIVEN, at: '2026-03-01T10:00:00.700Z' };
    const read = joinAccesses([call({ role: LINKS, name: 'req-123@link' })], OWNERS, []);
    expect(attributeAccesses(read, IN_FORCE, [decision], ROOM_ACCOUNTS)[0]?.attribution.kind).toBe('attributed');
  });
});
