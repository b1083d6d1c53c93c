import { describeOverlaps, type PartiesAndLegs } from '../../../../lib/domain/privacy/certificate/describe-overlaps';
import { TELCO_RETAIL_PLAN as PLAN, planNamed } from '../../../fixtures/plan';

const [leg] = PLAN.legs;
const dataset = PLAN.datasets.find(({ id }) => id === leg!.dataset)!;
const SECOND = planNamed('second');
const tell = (others: readonly PartiesAndLegs[], plan = PLAN) => describeOverlaps({ plan, dataset, leg: leg!, others });

const renamed = (name: (party: string) => string): PartiesAndLegs => ({
  ...SECOND,
  parties: SECOND.parties.map((party) => ({ ...party, id: name(party.id) })),
  legs: SECOND.legs.map((each) => ({ ...each, from: name(each.from), to: name(each.to) })),
});

test('nothing is said of an agreement of which nobody knows another', () => {
  expect(tell([])).toEqual([]);
});

test('another agreement of the same accounts is named, whatever it calls them', () => {
  const said = [
    'The receiver also gets usage by agreement second, version 1, by the same subject and with age, postcode too: what both tell together is not measured.',
  ];
  expect(tell([SECOND])).toEqual(said);
  expect(tell([renamed((party) => `the-${party}`)])).toEqual(said);
});

const withAccounts = (accounts: readonly string[]): PartiesAndLegs => ({
  ...SECOND,
  parties: SECOND.parties.map((party, index) => ({ ...party, account: accounts[index]! })),
});
const ACCOUNTS = PLAN.parties.map(({ account }) => account);

test.each<[string, PartiesAndLegs]>([
  ['goes the other way', withAccounts(ACCOUNTS.toReversed())],
  ['is of another account', withAccounts([ACCOUNTS[0]!, '999999999999'])],
  ['gives another dataset', { ...SECOND, legs: SECOND.legs.slice(1) }],
])('one that %s is not', (_case, other) => {
  expect(tell([other])).toEqual([]);
});

test('where a party of this agreement is none of the other, that there is another is not told', () => {
  const lab = { ...PLAN.parties[0]!, id: 'lab', account: '777788889999' };
  const three = { ...PLAN, parties: [...PLAN.parties, lab] };
  expect(tell([SECOND], three)).toEqual([]);
  expect(tell([{ ...SECOND, parties: three.parties }], three)).toHaveLength(1);
});
