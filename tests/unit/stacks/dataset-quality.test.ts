import { Stack } from 'aws-cdk-lib';
import { planForSide } from '../../../lib/domain/agreement/plan-for-side';
import { DatasetQuality } from '../../../lib/stacks/dataset-quality';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { newApp, resourcesOf } from '../../fixtures/template';

const rulesetsFor = (side: Parameters<typeof planForSide>[1]) => {
  const stack = new Stack(newApp(), 'Agreement');
  new DatasetQuality(stack, 'Quality', planForSide(TELCO_RETAIL_PLAN, side));
  return resourcesOf(stack, 'AWS::Glue::DataQualityRuleset').map(({ properties }) => [
    properties.Name,
    properties.Ruleset,
  ]);
};

test('every dataset has the rules that its agreement makes', () => {
  expect(rulesetsFor({ kind: 'hosted' })).toEqual([
    ['barter-telco-retail-2026-usage', 'Rules = [\n  IsComplete "msisdn"\n]'],
    ['barter-telco-retail-2026-purchases', 'Rules = [\n  IsComplete "loyalty_card"\n]'],
  ]);
});

test("in a party's own room those of its own datasets alone", () => {
  expect(rulesetsFor({ kind: 'peer', party: 'retail' }).map(([name]) => name)).toEqual([
    'barter-telco-retail-2026-purchases',
  ]);
});
