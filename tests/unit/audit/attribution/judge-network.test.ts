import type { AgreementInForce } from '../../../../lib/domain/agreement/agreement-in-force';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import type { Access } from '../../../../lib/domain/audit/access';
import type { PartyJoin } from '../../../../lib/domain/audit/attribution/attribution';
import { findNetworks } from '../../../../lib/domain/audit/attribution/find-networks';
import { judgeNetwork } from '../../../../lib/domain/audit/attribution/judge-network';
import type { JoinedAccess } from '../../../../lib/domain/audit/records/join-accesses';
import { AGREEMENT, USAGE } from './agreements';

const AGREED = ['198.51.100.0/24', '2001:db8:40::/48'];

test.each<[string, Access['act'], string | undefined, boolean]>([
  ['an address of an agreed range', 'read', '198.51.100.9', false],
  ['one of version 6', 'read', '2001:db8:40::7', false],
  ['one of version 4, written as 6', 'read', '::ffff:198.51.100.9', false],
  ['another', 'read', '203.0.113.5', true],
  ['another of version 6', 'read', '2001:db8:41::7', true],
  ['what looks like an address and is none', 'read', '198.51.100.999', true],
  ['another, by which a query is asked', 'query', '203.0.113.5', true],
  ['another, by which data are exported', 'export', '203.0.113.5', true],
  ['another, to which credentials are handed out', 'vend', '203.0.113.5', true],
  ['another, at which nothing is taken', 'list', '203.0.113.5', false],
  ['another, which used a key', 'decrypt', '203.0.113.5', false],
  ['a service of AWS', 'read', 's3.amazonaws.com', false],
  ['AWS itself', 'read', 'AWS Internal', false],
  ['nowhere that is told', 'read', undefined, false],
])('from %s', (_, act, ip, isForeign) => {
  const access = ip === undefined ? { act } : { act, client: { ip } };
  expect(judgeNetwork({ networks: AGREED }, access)).toBe(isForeign ? 'foreign-network' : undefined);
  expect(judgeNetwork({}, access)).toBeUndefined();
  expect(judgeNetwork({ networks: AGREED }, { act, client: { agent: 'aws-cli' } })).toBeUndefined();
});

const FROM = '192.0.2.7';

function readOf(service: string, ip?: string): Pick<JoinedAccess, 'access' | 'session' | 'witnesses'> {
  const client = ip === undefined ? {} : { client: { ip } };
  const access: Access = {
    id: service,
    witness: service === 's3' ? 'cloudtrail' : 'transfer-log',
    at: '2026-03-01T08:00:00Z',
    service,
    operation: 'x',
    act: 'read',
    outcome: 'allowed',
    actor: { kind: 'unknown' },
    resource: { kind: 'none' },
    joins: {},
    ...client,
  };
  return { access, witnesses: [] };
}

describe('the networks that hold', () => {
  const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
  const WAREHOUSE = {
    kind: 'snowflake',
    storageAwsIamUserArn: 'arn:aws:iam::888877776666:user/a',
    externalId: 'x',
  } as const;

  function agree(sftp: Plan['parties'][number]['sftp'], via?: Plan['legs'][number]['via']): AgreementInForce {
    const { plan } = AGREEMENT;
    const parties = plan.parties.map(({ sftp: _, ...party }) =>
      party.id === 'retail' ? { ...party, networks: AGREED, ...(sftp === undefined ? {} : { sftp }) } : party,
    );
    const legs = plan.legs.map((leg) => (leg.id === USAGE && via !== undefined ? { ...leg, via } : leg));
    return { ...AGREEMENT, plan: { ...plan, parties, legs } };
  }
  const find = (
    under: AgreementInForce,
    join: PartyJoin,
    joined = readOf('s3'),
    role: 'receiver' | 'giver' = 'receiver',
  ) =>
    findNetworks(
      under,
      { party: 'retail', agreement: { id: 'telco-retail-2026', version: 1 }, leg: USAGE, role },
      join,
      joined,
    );

  test.each<[string, readonly string[] | undefined, readonly string[] | undefined]>([
    ['with an account', find(agree(SFTP), 'actor'), AGREED],
    ['by a link', find(agree(SFTP), 'link'), AGREED],
    ['with the party’s role', find(agree(SFTP), 'role'), AGREED],
    ['with the role of a warehouse', find(agree(SFTP, WAREHOUSE), 'role'), undefined],
    ['with an account, beside a warehouse', find(agree(SFTP, WAREHOUSE), 'actor'), AGREED],
    ['by SFTP, which has its own', find(agree(SFTP), 'sftp-user', readOf('transfer', FROM)), SFTP.cidrs],
    ['by SFTP, where that has none', find(agree(undefined), 'sftp-session', readOf('transfer', FROM)), AGREED],
    ['by SFTP, as S3 tells it', find(agree(SFTP), 'sftp-user', readOf('s3', FROM)), undefined],
    ['by SFTP, where nothing tells from where', find(agree(SFTP), 'sftp-session', readOf('transfer')), undefined],
    [
      'by SFTP, from where the line tells that opened the session',
      find(agree(SFTP), 'sftp-session', { ...readOf('transfer'), session: readOf('transfer', FROM).access }),
      SFTP.cidrs,
    ],
    [
      'by SFTP, as S3 tells it and another tells from where',
      find(agree(SFTP), 'sftp-user', { ...readOf('s3', 'x'), witnesses: [readOf('transfer', FROM).access] }),
      SFTP.cidrs,
    ],
    ['of who gives', find(agree(SFTP), 'actor', readOf('s3'), 'giver'), undefined],
    ['where none were agreed', find(AGREEMENT, 'actor'), undefined],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  test('of a leg that a version has left out, by its former way', () => {
    const { plan, ...under } = agree(SFTP, WAREHOUSE);
    const legs = plan.legs.filter(({ id }) => id !== USAGE);
    const former = plan.legs.filter(({ id }) => id === USAGE);
    expect(find({ ...under, plan: { ...plan, legs }, former }, 'role')).toBeUndefined();
  });
});
