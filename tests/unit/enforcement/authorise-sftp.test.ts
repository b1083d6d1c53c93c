import fc from 'fast-check';
import { planForSide } from '../../../lib/domain/agreement/plan-for-side';
import { isInRange } from '../../../lib/domain/enforcement/address-range';
import { authoriseSftp, type SftpRequest } from '../../../lib/domain/enforcement/authorise-sftp';
import type { RegisteredAgreement } from '../../../lib/domain/enforcement/registered-agreement';
import { readSftpUser } from '../../../lib/domain/enforcement/sftp-user';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

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
const REGISTERED: RegisteredAgreement = {
  plan: planForSide({ ...TELCO_RETAIL_PLAN, parties: PARTIES }, { kind: 'hosted' }),
  hash: 'abc',
  state: 'active',
  provisioned: { sftpRoles: { telco: ROLE, retail: `${ROLE}-2` }, dataSets: {}, legRoles: {}, legKeys: {} },
  lastDay: '2026-12-31',
  suspendedParties: [],
};
const REQUEST: SftpRequest = { username: 'telco-retail-2026.telco', protocol: 'SFTP', sourceIp: '203.0.113.7' };
const TODAY = '2026-06-01';

test('a party gets one folder per dataset that it gives, its own keys, and nothing else', () => {
  const decision = authoriseSftp(REQUEST, REGISTERED, BUCKETS, TODAY);
  if (decision.kind !== 'permit') throw new Error(decision.reason);
  const { Policy, HomeDirectoryDetails, ...rest } = decision.session;
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
const RECEIVING = { ...REGISTERED, plan: planForSide(VIA_SFTP, { kind: 'hosted' }) };

describe('a party that receives by SFTP', () => {
  test('finds an inbox for each dataset beside its own folders, to read and never to write to', () => {
    const decision = authoriseSftp(REQUEST, RECEIVING, BUCKETS, TODAY);
    if (decision.kind !== 'permit') throw new Error(decision.reason);
    expect(JSON.parse(decision.session.HomeDirectoryDetails)).toEqual([
      { Entry: '/usage', Target: '/landing/telco-retail-2026/usage/sftp' },
      {
        Entry: '/inbox/telco-retail-2026/purchases',
        Target: '/lake/telco-retail-2026/retail-telco-purchases/inbox',
      },
    ]);
    const inbox = 'telco-retail-2026/retail-telco-purchases/inbox/*';
    expect(JSON.parse(decision.session.Policy).Statement).toEqual([
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
    const decision = authoriseSftp(REQUEST, { ...RECEIVING, suspendedParties: ['telco'] }, BUCKETS, TODAY);
    if (decision.kind !== 'permit') throw new Error(decision.reason);
    expect(JSON.parse(decision.session.HomeDirectoryDetails).map(({ Entry }: { Entry: string }) => Entry)).toEqual([
      '/usage',
    ]);
    expect(decision.session.Policy).not.toContain('s3:GetObject');
  });

  test("finds it in the giver's own room too, and nothing there to write to", () => {
    const own = { ...REGISTERED, plan: planForSide(VIA_SFTP, { kind: 'peer', party: 'retail' }) };
    const decision = authoriseSftp(REQUEST, own, BUCKETS, TODAY);
    if (decision.kind !== 'permit') throw new Error(decision.reason);
    expect(decision.session.Policy).not.toContain('s3:PutObject');
  });

  test('never reads what another party receives or delivers, whoever signs in', () => {
    const decision = authoriseSftp({ ...REQUEST, username: 'telco-retail-2026.retail' }, RECEIVING, BUCKETS, TODAY);
    if (decision.kind !== 'permit') throw new Error(decision.reason);
    expect(decision.session.Policy + decision.session.HomeDirectoryDetails).not.toMatch(/inbox|usage|GetObject/);
  });
});

test.each(['2026-01-01', '2026-12-31'])('the day %s of the term counts', (today) => {
  expect(authoriseSftp(REQUEST, REGISTERED, BUCKETS, today).kind).toBe('permit');
});

const without = (party: string) => ({
  ...REGISTERED.provisioned,
  sftpRoles: { [party === 'telco' ? 'retail' : 'telco']: ROLE },
});
const peerOf = (party: string) => planForSide({ ...TELCO_RETAIL_PLAN, parties: PARTIES }, { kind: 'peer', party });
/** What a room that holds none of the party's deliveries has on record. */
function receiving(party: string): RegisteredAgreement {
  return {
    ...REGISTERED,
    plan: planForSide(VIA_SFTP, { kind: 'peer', party: party === 'telco' ? 'retail' : 'telco' }),
  };
}

const MANY = Array.from({ length: 20 }, (_, index) => ({
  ...TELCO_RETAIL_PLAN.datasets[0]!,
  id: `dataset-with-a-long-name-${index}`,
}));

test.each<[string, Partial<SftpRequest>, RegisteredAgreement | undefined, string]>([
  ['not-sftp', { protocol: 'FTPS' }, REGISTERED, TODAY],
  ['password-offered', { password: 'hunter2' }, REGISTERED, TODAY],
  ['unknown-user', { username: 'root' }, REGISTERED, TODAY],
  ['unknown-user', { username: 'telco-retail-2026.telco/../retail' }, REGISTERED, TODAY],
  ['unknown-user', { username: 'TELCO-RETAIL-2026.telco' }, REGISTERED, TODAY],
  ['unknown-agreement', {}, undefined, TODAY],
  ['unknown-agreement', { username: 'another-2026.telco' }, REGISTERED, TODAY],
  ['agreement-not-active', {}, { ...REGISTERED, state: 'suspended' }, TODAY],
  ['agreement-not-active', {}, { ...REGISTERED, state: 'removed' }, TODAY],
  ['outside-term', {}, REGISTERED, '2025-12-31'],
  ['outside-term', {}, REGISTERED, '2027-01-01'],
  ['unknown-party', { username: 'telco-retail-2026.bank' }, REGISTERED, TODAY],
  ['unknown-party', { username: 'telco-retail-2026.constructor' }, REGISTERED, TODAY],
  ['party-suspended', {}, { ...receiving('telco'), suspendedParties: ['telco'] }, TODAY],
  ['no-sftp-agreed', {}, { ...REGISTERED, plan: { ...REGISTERED.plan, parties: TELCO_RETAIL_PLAN.parties } }, TODAY],
  ['address-not-agreed', { sourceIp: '203.0.114.1' }, REGISTERED, TODAY],
  ['address-not-agreed', { sourceIp: '' }, REGISTERED, TODAY],
  ['nothing-to-do', {}, { ...REGISTERED, plan: peerOf('retail') }, TODAY],
  ['no-role', {}, { ...REGISTERED, provisioned: without('telco') }, TODAY],
  ['policy-too-long', {}, { ...REGISTERED, plan: { ...REGISTERED.plan, datasets: MANY } }, TODAY],
])('denied: %s, for %j', (reason, changed, registered, today) => {
  expect(authoriseSftp({ ...REQUEST, ...changed }, registered, BUCKETS, today)).toEqual({ kind: 'deny', reason });
});

test('no name whatever reaches the folder of another party', () => {
  fc.assert(
    fc.property(fc.string(), (username) => {
      const decision = authoriseSftp({ ...REQUEST, username }, REGISTERED, BUCKETS, TODAY);
      expect(decision.kind === 'deny' || username === `${decision.agreement}.${decision.party}`).toBe(true);
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
