import type { Inventory } from '../../../lib/audit/grounds/inventory';
import { placeRecorded } from '../../../lib/audit/grounds/place-recorded';
import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';

const ROOM: Inventory['room'] = {
  account: '111122223333',
  region: 'eu-central-1',
  landingBucket: 'landing',
  lakeBucket: 'lake',
  accounts: [],
  topology: 'hosted',
};

function place(room: Inventory['room'], plan = PLAN) {
  const recorded = { agreement: 'recorded', made: { dataSets: {}, legKeys: {} }, conduct: undefined };
  const version = { plan, former: plan.legs, from: '2026-01-01T00:00:00Z' };
  const placed = placeRecorded(
    {
      recorded: [{ ...recorded, versions: [version], proposed: [] }],
      unrecorded: new Map([[plan.agreement.id, [plan]]]),
    },
    { room, agreements: {} },
  );
  return placed.agreements.map(({ inForce: { plan: held, former = [], places } }) => ({
    datasets: held.datasets.map(({ owner }) => owner),
    legs: [...held.legs, ...former].map(({ from }) => from),
    places: places.map(({ leg, holds }) => `${holds} of ${leg}`),
  }));
}

test('a party’s own room has no place of what others give, from a file as from a record of all sides', () => {
  const all = place({ ...ROOM, operatorParty: 'telco' });
  expect(new Set(all.flatMap(({ legs }) => legs))).toEqual(new Set(['telco', 'retail']));
  for (const plan of [PLAN, planForSide(PLAN, { kind: 'hosted' })]) {
    const own = place({ ...ROOM, topology: 'peer', operatorParty: 'telco' }, plan);
    expect(own).toHaveLength(2);
    for (const { datasets, legs, places } of own) {
      expect(new Set([...datasets, ...legs])).toEqual(new Set(['telco']));
      expect(places.length).toBeGreaterThan(0);
      expect(places.filter((each) => !/ of telco-retail-/.test(each))).toEqual([]);
    }
  }
});
