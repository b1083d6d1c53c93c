import type { Delivery, Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { comparePrincipals } from '../../../../lib/domain/enforcement/registration/compare-principals';
import { listPrincipals } from '../../../../lib/domain/enforcement/registration/list-principals';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const SFTP = { publicKeys: ['ssh-ed25519 AAAA'], cidrs: ['203.0.113.0/24'] };
const OTHER_SFTP = { publicKeys: ['ssh-ed25519 BBBB'], cidrs: ['198.51.100.0/24'] };
const [telco, retail] = [PLAN.parties[0]!, PLAN.parties[1]!];
const bank = { ...retail, id: 'bank', account: '777788889999' };
const usage = PLAN.legs[0]!;

const having = (changed: Partial<typeof telco>): Plan => ({ ...PLAN, parties: [{ ...telco, ...changed }, retail] });
const going = (via: Delivery): Plan => ({ ...PLAN, legs: [{ ...usage, via }, PLAN.legs[1]!] });
const snowflake = (externalId: string): Delivery => ({
  kind: 'snowflake',
  storageAwsIamUserArn: 'arn:aws:iam::123456789012:user/sf',
  externalId,
});
const gcs = (serviceAccountSubjectId: string): Delivery => ({ kind: 'gcs', bucket: 'b', serviceAccountSubjectId });

test.each<[string, Plan, Plan, readonly string[]]>([
  ['nothing', PLAN, PLAN, []],
  ['the same in another order', PLAN, { ...PLAN, parties: [retail, telco] }, []],
  ['terms alone', PLAN, { ...PLAN, term: { ...PLAN.term, ends: '2027-12-31' }, remedies: [] }, []],
  ['another account', PLAN, having({ account: '777788889999' }), ['parties.telco.account', 'parties.telco.role']],
  [
    'a party more',
    PLAN,
    { ...PLAN, parties: [telco, retail, bank] },
    ['parties.bank.account', 'parties.bank.contacts.exchange', 'parties.bank.contacts.privacy'],
  ],
  [
    'a party less',
    { ...PLAN, parties: [telco, retail, bank] },
    PLAN,
    ['parties.bank.account', 'parties.bank.contacts.exchange', 'parties.bank.contacts.privacy'],
  ],
  [
    'somebody else to write to',
    PLAN,
    having({ contacts: { exchange: 'exchange@telco.example', privacy: 'eve@example.com' } }),
    ['parties.telco.contacts.privacy'],
  ],
  [
    'one more to write to',
    PLAN,
    having({ contacts: { ...telco.contacts, security: 'eve@example.com' } }),
    ['parties.telco.contacts.security'],
  ],
  ['SFTP besides', PLAN, having({ sftp: SFTP }), []],
  ['no SFTP any more', having({ sftp: SFTP }), PLAN, ['parties.telco.sftp']],
  // Who signs in is decided by the version in force, each time.
  ['other keys and ranges', having({ sftp: SFTP }), having({ sftp: OTHER_SFTP }), []],
  [
    'another owner',
    PLAN,
    { ...PLAN, datasets: PLAN.datasets.map((each) => ({ ...each, owner: 'retail' })) },
    ['datasets.usage.owner'],
  ],
  [
    'another receiver of a leg of that name',
    PLAN,
    { ...PLAN, legs: [{ ...usage, to: 'telco' }, PLAN.legs[1]!] },
    ['legs.telco-retail-usage.to'],
  ],
  ['a leg more', PLAN, { ...PLAN, legs: [...PLAN.legs, { ...usage, id: 'telco-retail-calls' }] }, []],
  [
    'a leg less',
    PLAN,
    { ...PLAN, legs: [{ ...usage, id: 'telco-retail-calls' }, PLAN.legs[1]!] },
    ['legs.telco-retail-usage.to', 'legs.telco-retail-usage.via'],
  ],
  ['another way', PLAN, going({ kind: 'sftp' }), ['legs.telco-retail-usage.via']],
  ['another warehouse', going(snowflake('a')), going(snowflake('b')), ['legs.telco-retail-usage.via.snowflake']],
  ['another identity of Google', going(gcs('1')), going(gcs('2')), ['legs.telco-retail-usage.via.gcs']],
  [
    'a new leg to a warehouse',
    PLAN,
    { ...PLAN, legs: [...PLAN.legs, { ...usage, id: 'new', via: gcs('1') }] },
    ['legs.new.via.gcs'],
  ],
])('what lets in or shuts out: %s', (_, before, after, expected) => {
  const [was, is] = [before, after].map((plan) => listPrincipals(planForSide(plan, { kind: 'hosted' })));
  expect(comparePrincipals(was!, is!)).toEqual(expected);
});

test('a party that has nothing to do with a peer’s room any more is shut out there', () => {
  const own = { kind: 'peer', party: 'telco' } as const;
  const without = { ...PLAN, legs: [PLAN.legs[1]!] };
  const [was, is] = [PLAN, without].map((plan) => listPrincipals(planForSide(plan, own)));
  expect(comparePrincipals(was!, is!)).toContain('parties.retail.role');
});
