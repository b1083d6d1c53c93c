import type { PlannedLeg } from '../../../../lib/domain/agreement/plan/plan';
import { placeAgreement } from '../../../../lib/domain/audit/attribution/place-agreement';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { NOTHING_MADE } from '../../../fixtures/registered';

const ROOM = { account: '999900001111', region: 'eu-central-1', landingBucket: 'landing', lakeBucket: 'lake' };

it('every party has a door of its own, and so has every warehouse of a receiver', () => {
  const [usage, purchases] = TELCO_RETAIL_PLAN.legs;
  const arn = 'arn:aws:iam::888877776666:user/snowflake';
  const legs = [
    { ...usage!, via: { kind: 'snowflake', storageAwsIamUserArn: arn, externalId: 'id' } },
    { ...purchases!, via: { kind: 'gcs', bucket: 'telco', serviceAccountSubjectId: '1122' } },
  ] as const;
  const { doors } = placeAgreement({ plan: { ...TELCO_RETAIL_PLAN, legs }, from: '2026-01-01' }, ROOM, NOTHING_MADE);
  const account = (of: string) => TELCO_RETAIL_PLAN.parties.find(({ id }) => id === of)!.account;
  expect(doors).toEqual([
    {
      role: 'barter-party-telco-retail-2026.telco',
      party: 'telco',
      opensTo: { kind: 'account', account: account('telco') },
    },
    {
      role: 'barter-party-telco-retail-2026.retail',
      party: 'retail',
      opensTo: { kind: 'account', account: account('retail') },
    },
    {
      role: `barter-warehouse-telco-retail-2026.${usage!.id}`,
      party: usage!.to,
      opensTo: { kind: 'account', account: '888877776666' },
    },
    {
      role: `barter-warehouse-telco-retail-2026.${purchases!.id}`,
      party: purchases!.to,
      opensTo: { kind: 'web-identity', provider: 'accounts.google.com', subject: '1122' },
    },
  ]);
});

it('a delivery lies once, whoever receives of it: it is of the first leg that gives the dataset', () => {
  const [usage, purchases] = TELCO_RETAIL_PLAN.legs as [PlannedLeg, PlannedLeg];
  const legs = [usage, { ...usage, id: 'telco-bank-usage', to: 'bank' }, purchases];
  const former = [{ ...purchases, id: 'retail-bank-purchases', to: 'bank' }];
  const plan = { ...TELCO_RETAIL_PLAN, legs };
  const { places } = placeAgreement({ plan, former, from: '2026-01-01' }, ROOM, NOTHING_MADE);
  const legsOf = (holds: 'delivery' | 'release') =>
    places.filter((place) => place.holds === holds && place.at.kind === 'objects').map(({ leg }) => leg);
  expect(legsOf('delivery')).toEqual([usage.id, purchases.id]);
  expect(legsOf('release')).toEqual([...legs, ...former].map(({ id }) => id));
});
