import pc from 'picocolors';
import { describeRound } from '../../../../lib/cli/describe/describe-round';
import { deliverRound } from '../../../fixtures/round-outcome';
import { makeTwoPartyPlan } from '../../../fixtures/sample-plan';

test('beside k stands how few share the classes of somebody who is followed, where there is such a person', () => {
  const plan = makeTwoPartyPlan();
  const outcome = deliverRound(plan);
  const lines = describeRound(plan, outcome, 'round', pc.createColors(false)).split('\n');
  const measured = lines.filter((line) => line.startsWith('  measured: '));
  const expected = outcome.legs.flatMap(({ certificate }) => certificate?.privacy ?? []);
  expect(measured).toHaveLength(expected.length);
  for (const [at, { linkedK }] of expected.entries())
    if (linkedK === undefined) expect(measured[at]).not.toContain('followed');
    else expect(measured[at]).toContain(`, linkedK ${linkedK} (followed over several rows)`);
  expect(expected.some(({ linkedK }) => linkedK !== undefined)).toBe(true);
});
