import { Stack } from 'aws-cdk-lib';
import { planForSide } from '../../lib/domain/agreement/plan/plan-for-side';
import { DatasetQuality } from '../../lib/stacks/agreement/dataset-quality';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { newApp, resourcesOf } from '../fixtures/template';

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
    ['barter-telco-retail-2026.usage', 'Rules = [\n  IsComplete "msisdn"\n]'],
    ['barter-telco-retail-2026.purchases', 'Rules = [\n  IsComplete "loyalty_card"\n]'],
  ]);
});

test('rulesets of two agreements have no name in common', () => {
  const stack = new Stack(newApp(), 'Agreements');
  const plan = planForSide(TELCO_RETAIL_PLAN, { kind: 'hosted' });
  for (const [agreement, dataset] of [
    ['swap-a', 'b'],
    ['swap', 'a-b'],
  ] as const)
    new DatasetQuality(stack, agreement, {
      ...plan,
      agreement: { ...plan.agreement, id: agreement },
      datasets: plan.datasets.slice(0, 1).map((each) => ({ ...each, id: dataset })),
    });
  const names = resourcesOf(stack, 'AWS::Glue::DataQualityRuleset').map(({ properties }) => properties.Name);
  expect(new Set(names).size).toBe(2);
});

test("in a party's own room those of its own datasets alone", () => {
  expect(rulesetsFor({ kind: 'peer', party: 'retail' }).map(([name]) => name)).toEqual([
    'barter-telco-retail-2026.purchases',
  ]);
});
