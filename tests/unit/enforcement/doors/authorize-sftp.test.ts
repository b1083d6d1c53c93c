import fc from 'fast-check';
import { isInRange } from '../../../../lib/domain/agreement/checks/address-range';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import {
  authorizeSftp,
  readSftpKnock,
  type SftpRequest,
  type SftpSession,
} from '../../../../lib/domain/enforcement/doors/authorize-sftp';
import type { Conduct } from '../../../../lib/domain/registry/conduct';
import { decisionSchema } from '../../../../lib/domain/registry/door-records';
import type { AgreementOnRecord } from '../../../../lib/domain/registry/read-conduct';
import { readSftpUser } from '../../../../lib/domain/room/sftp-user';
import { rememberPolicies } from '../../../../lib/policy/remember-policies';
import { breachOf, conductOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { EARLY } from '../../../fixtures/registered';

const BUCKETS = {
  landing: { name: 'landing', arn: 'arn:aws:s3:::landing' },
  lake: { name: 'lake', arn: 'arn:aws:s3:::lake' },
  keyArn: 'arn:aws:kms:eu-central-1:1:key/room',
};
const ROLE = 'arn:aws:iam::999900001111:role/sftp-telco';
const KEYS = ['ssh-ed25519 AAAATELCO'];
const [TELCO, RETAIL] = TELCO_RETAIL_PLAN.parties;
const SFTP = { publicKeys: KEYS, cidrs: ['203.0.113.0/24'] };
const PARTIES = [
  { ...TELCO!, sftp: SFTP },
  { ...RETAIL!, sftp: { ...SFTP, publicKeys: ['ssh-ed25519 AAAARETAIL'] } },
];
const ROLES = { telco: ROLE, retail: `${ROLE}-2` };
const PLAN = planForSide({ ...TELCO_RETAIL_PLAN, parties: PARTIES }, { kind: 'hosted' });
const REQUEST: SftpRequest = { username: 'telco-retail-2026.telco', protocol: 'SFTP', sourceIp: '203.0.113.7' };
const NOON = '2026-06-01T12:00:00Z';

/** What is on record of an agreement in force. */
function onRecord(
  plan = PLAN,
  changed: Partial<Conduct> = {},
  sftpRoles: Readonly<Record<string, string>> = ROLES,
): AgreementOnRecord {
  const { id: agreement, version } = plan.agreement;
  const provisioned = { sftpRoles: { ...sftpRoles }, dataSets: {}, legKeys: {} };
  const conduct = conductOf(plan, [], changed);
  return {
    plan,
    conduct,
    hash: 'abc',
    current: { agreement, version, state: conduct.state, history: [], provisioned },
  };
}

const ask = (changed: Partial<SftpRequest> = {}, on = onRecord(), now = NOON) => {
  const request = { ...REQUEST, ...changed };
  const knock = readSftpKnock(request);
  if (knock.kind === 'refused') return { reason: knock.reason };
  const { party } = knock;
  const grounds = { ...rememberPolicies()(on.plan), id: 'knock-1', buckets: BUCKETS, now };
  const { decision, session } = authorizeSftp({ party, sourceIp: request.sourceIp }, on, grounds);
  expect(decisionSchema.safeParse(decision).success).toBe(true);
  expect(decision).toMatchObject({ id: 'knock-1', operation: 'connect-sftp', door: 'sftp', at: now });
  expect(decision.effect === 'permit').toBe(session !== undefined);
  return { ...decision, session };
};
const sessionOf = (...given: Parameters<typeof ask>): SftpSession => {
  const { session, reason } = { session: undefined, ...ask(...given) };
  if (session === undefined) throw new Error(reason);
  return session;
};
const late = (party: string) => [
  breachOf(PLAN, { party, trigger: 'forbidden-access', kind: 'forbidden-access', since: '2026-05-01T00:00:00Z' }),
];

test('a party gets one folder per dataset that it gives, its own keys, and nothing else', () => {
  const session = sessionOf();
  const { Policy, HomeDirectoryDetails, ...rest } = session;
  expect(rest).toEqual({ Role: ROLE, HomeDirectoryType: 'LOGICAL', PublicKeys: KEYS });
  expect(JSON.parse(HomeDirectoryDetails)).toEqual([
    { Entry: '/usage', Target: '/landing/telco-retail-2026/usage/sftp' },
  ]);
  const under = 'telco-retail-2026/usage/sftp/*';
  expect(JSON.parse(Policy).Statement).toEqual([
    { Effect: 'Allow', Action: 's3:PutObject', Resource: [`arn:aws:s3:::landing/${under}`] },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::landing',
      Condition: { StringLike: { 's3:prefix': [under] } },
    },
    { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: BUCKETS.keyArn },
  ]);
});

/** The retailer's purchases reach the telco by SFTP; a peer's room has none of the telco's own deliveries. */
const VIA_SFTP = {
  ...TELCO_RETAIL_PLAN,
  parties: PARTIES,
  legs: TELCO_RETAIL_PLAN.legs.map((leg) => (leg.to === 'telco' ? { ...leg, via: { kind: 'sftp' as const } } : leg)),
};
const RECEIVING = planForSide(VIA_SFTP, { kind: 'hosted' });

const SUSPENDING = { ...RECEIVING, remedies: [{ on: 'forbidden-access' as const, do: 'suspend-party' as const }] };

describe('a party that receives by SFTP', () => {
  test('finds an inbox for each dataset beside its own folders, to read and never to write to', () => {
    const session = sessionOf({}, onRecord(RECEIVING));
    expect(JSON.parse(session.HomeDirectoryDetails)).toEqual([
      { Entry: '/usage', Target: '/landing/telco-retail-2026/usage/sftp' },
      {
        Entry: '/inbox/telco-retail-2026/purchases',
        Target: '/lake/telco-retail-2026/retail-telco-purchases/inbox',
      },
    ]);
    const inbox = 'telco-retail-2026/retail-telco-purchases/inbox/*';
    expect(JSON.parse(session.Policy).Statement).toEqual([
      expect.objectContaining({
        Action: 's3:PutObject',
        Resource: ['arn:aws:s3:::landing/telco-retail-2026/usage/sftp/*'],
      }),
      expect.objectContaining({ Action: 's3:ListBucket', Resource: 'arn:aws:s3:::landing' }),
      { Effect: 'Allow', Action: 's3:GetObject', Resource: [`arn:aws:s3:::lake/${inbox}`] },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::lake',
        Condition: { StringLike: { 's3:prefix': [inbox] } },
      },
      expect.objectContaining({ Resource: BUCKETS.keyArn }),
    ]);
  });

  test('finds its own folders alone while it is suspended, so that it can deliver what it owes', () => {
    const session = sessionOf({}, onRecord(SUSPENDING, { breaches: late('telco') }));
    expect(JSON.parse(session.HomeDirectoryDetails).map(({ Entry }: { Entry: string }) => Entry)).toEqual(['/usage']);
    expect(session.Policy).not.toContain('s3:GetObject');
  });

  test('finds inboxes alone, of legs between others, while a third party has the agreement stand still', () => {
    const [received] = RECEIVING.legs.filter(({ to }) => to === 'telco');
    const bank = { ...RECEIVING.parties[1]!, id: 'bank', account: '777788889999' };
    const plan = {
      ...RECEIVING,
      parties: [...RECEIVING.parties, bank],
      legs: [...RECEIVING.legs, { ...received!, id: 'bank-telco-balances', from: 'bank', dataset: 'balances' }],
    };
    const paused = onRecord(plan, { state: 'suspended', holders: ['bank'] });
    const { HomeDirectoryDetails, Policy } = sessionOf({}, paused);
    expect(JSON.parse(HomeDirectoryDetails).map(({ Entry }: { Entry: string }) => Entry)).toEqual([
      `/inbox/${plan.agreement.id}/${received!.dataset}`,
    ]);
    expect(Policy).not.toContain('s3:PutObject');
  });

  test('keeps the inboxes of whom it did not fail', () => {
    const [owed] = RECEIVING.legs.filter(({ from }) => from === 'telco');
    const [received] = RECEIVING.legs.filter(({ to }) => to === 'telco');
    const plan = {
      ...RECEIVING,
      legs: [...RECEIVING.legs, { ...received!, id: 'bank-telco-balances', from: 'bank', dataset: 'balances' }],
      remedies: [{ on: 'late-delivery' as const, do: 'suspend-counterpart' as const }],
    };
    const breach = { party: 'telco', leg: owed!.id, trigger: 'late-delivery', kind: 'late-delivery' } as const;
    const breaches = [breachOf(PLAN, { ...breach, since: '2026-05-01T00:00:00Z' })];
    const session = sessionOf({}, onRecord(plan, { breaches }));
    expect(JSON.parse(session.HomeDirectoryDetails).map(({ Entry }: { Entry: string }) => Entry)).toEqual([
      '/usage',
      '/inbox/telco-retail-2026/balances',
    ]);
    expect(session.Policy).not.toContain('retail-telco-purchases');
  });

  test("finds it in the giver's own room too, and nothing there to write to", () => {
    const session = sessionOf({}, onRecord(planForSide(VIA_SFTP, { kind: 'peer', party: 'retail' })));
    expect(session.Policy).not.toContain('s3:PutObject');
  });

  test('never reads what another party receives or delivers, whoever signs in', () => {
    const session = sessionOf({ username: 'telco-retail-2026.retail' }, onRecord(RECEIVING));
    expect(session.Policy + session.HomeDirectoryDetails).not.toMatch(/inbox|usage|GetObject/);
  });
});

test.each(['2026-01-01', '2026-12-31'])('the day %s of the term counts', (today) => {
  expect(ask({}, onRecord(), `${today}T23:59:59Z`)).toMatchObject({ effect: 'permit', reason: 'agreed' });
});

const peerOf = (party: string, plan = PLAN) => planForSide(plan, { kind: 'peer', party });
const withoutSftp = { ...PLAN, parties: TELCO_RETAIL_PLAN.parties };
const unsigned = { signatures: [] };
const notice = { by: 'telco', at: EARLY, reason: 'x', lastDay: '2026-05-31', clause: '9' };

const MANY = Array.from({ length: 20 }, (_, index) => ({
  ...TELCO_RETAIL_PLAN.datasets[0]!,
  id: `dataset-with-a-long-name-${index}`,
}));

test.each<[string, Partial<SftpRequest>, AgreementOnRecord, string]>([
  ['not-sftp', { protocol: 'FTPS' }, onRecord(), NOON],
  ['password-offered', { password: 'hunter2' }, onRecord(), NOON],
  ['unknown-user', { username: 'root' }, onRecord(), NOON],
  ['unknown-user', { username: 'telco-retail-2026.telco/../retail' }, onRecord(), NOON],
  ['unknown-user', { username: 'TELCO-RETAIL-2026.telco' }, onRecord(), NOON],
  ['not-signed', {}, onRecord(PLAN, unsigned), NOON],
  ['suspended', {}, onRecord(PLAN, { state: 'suspended' }), NOON],
  ['suspended', {}, onRecord(RECEIVING, { state: 'suspended', holders: ['telco'] }), NOON],
  ['not-active', {}, onRecord(PLAN, { state: 'ended' }), NOON],
  ['not-active', {}, onRecord(PLAN, { removed: true }), NOON],
  ['outside-term', {}, onRecord(), '2025-12-31T23:59:59Z'],
  ['outside-term', {}, onRecord(), '2027-01-01T00:00:00Z'],
  ['outside-term', {}, onRecord(PLAN, { ending: notice }), NOON],
  ['unknown-party', { username: 'telco-retail-2026.bank' }, onRecord(), NOON],
  ['unknown-party', { username: 'telco-retail-2026.constructor' }, onRecord(), NOON],
  ['party-suspended', {}, onRecord(peerOf('retail', SUSPENDING), { breaches: late('telco') }), NOON],
  ['no-policy', {}, onRecord(withoutSftp), NOON],
  ['foreign-network', { sourceIp: '203.0.114.1' }, onRecord(), NOON],
  ['foreign-network', { sourceIp: '' }, onRecord(), NOON],
  ['foreign-network', { sourceIp: '203.0.113.7") || ip("0.0.0.0/0' }, onRecord(), NOON],
  ['nothing-to-do', {}, onRecord(peerOf('retail')), NOON],
  ['no-role', {}, onRecord(PLAN, {}, { retail: ROLE }), NOON],
  ['policy-too-long', {}, onRecord({ ...PLAN, datasets: MANY }), NOON],
])('denied: %s, for %j', (reason, changed, on, now) => {
  expect(ask(changed, on, now)).toMatchObject({ reason });
});

test('an address of version 4 that came by a dual-stack socket is one of version 4', () => {
  expect(ask({ sourceIp: '::ffff:203.0.113.7' })).toMatchObject({ effect: 'permit' });
});

test('no name whatever reaches the folder of another party', () => {
  fc.assert(
    fc.property(fc.string(), (username) => {
      const knock = readSftpKnock({ ...REQUEST, username });
      expect(knock.kind === 'refused' || username === `${knock.agreement}.${knock.party}`).toBe(true);
    }),
  );
  expect(readSftpUser('a.b.c')).toBeUndefined();
});

describe('address ranges', () => {
  test.each([
    ['203.0.113.0', '203.0.113.0/24', true],
    ['203.0.113.255', '203.0.113.0/24', true],
    ['203.0.112.255', '203.0.113.0/24', false],
    ['198.51.100.4', '0.0.0.0/0', true],
    ['198.51.100.4', '198.51.100.4/32', true],
    ['198.51.100.5', '198.51.100.4/32', false],
    ['::ffff:203.0.113.9', '203.0.113.0/24', true],
    ['2001:db8:0:1::5', '2001:db8::/32', true],
    ['2001:db9::5', '2001:db8::/32', false],
    ['::1', '::1/128', true],
    ['::', '::1/128', false],
    ['2001:db8::1', '0.0.0.0/0', false],
    ['203.0.113.1', '::/0', false],
    ['203.0.113', '203.0.113.0/24', false],
    ['203.0.113.300', '203.0.113.0/24', false],
    ['0203.0.113.1', '203.0.113.0/24', false],
    ['2001:db8::1::2', '2001:db8::/32', false],
    ['1:2:3:4:5:6:7:8:9', '::/0', false],
    ['203.0.113.1', '203.0.113.0', false],
    ['203.0.113.1', '203.0.113.0/33', false],
    ['203.0.113.1', '203.0.113.0/-1', false],
    ['', '', false],
  ])('%s in %s: %s', (address, cidr, expected) => {
    expect(isInRange(address, cidr)).toBe(expected);
  });

  test('agree with arithmetic', () => {
    const quad = fc.nat({ max: 0xffffffff });
    const write = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
    fc.assert(
      fc.property(quad, quad, fc.nat({ max: 32 }), (address, base, length) => {
        const size = 2 ** (32 - length);
        const expected = Math.floor(address / size) === Math.floor(base / size);
        expect(isInRange(write(address), `${write(base)}/${length}`)).toBe(expected);
      }),
    );
  });
});
