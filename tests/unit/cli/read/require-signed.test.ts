import { requireSigned } from '../../../../lib/cli/read/require-signed';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { readExamplePlan } from '../../../fixtures/example-plan';
import { NOTHING_MADE } from '../../../fixtures/registered';

const file = readExamplePlan('telco-retail');
const { id } = file.agreement;
const onRecord = (plan: Plan) => [
  { agreement: id, versions: [{ plan, from: '2026-01-01' }], proposed: [], made: NOTHING_MADE },
];
const require = (plan: Plan) => requireSigned('swaps', new Map([[id, [file]]]), onRecord(plan));
const stored = (plan: Plan): Plan => JSON.parse(JSON.stringify(plan));

test.each<[string, Plan]>([
  ['of a room for all', planForSide(file, { kind: 'hosted' })],
  ["of a peer's own room", planForSide(file, { kind: 'peer', party: file.parties[0]!.id })],
  ['of a version that the folder does not have', { ...file, agreement: { ...file.agreement, version: 7 } }],
])('what follows from the file that was signed is audited by: %s', (_, plan) => {
  expect(() => require(stored(plan))).not.toThrow();
});

test('another file than the signed one is no ground', () => {
  const other = { ...file, agreement: { ...file.agreement, content: '0'.repeat(64) } };
  expect(() => require(stored(other))).toThrow(
    `version 1 of ${id} is not what was signed. Audit by the file that was.`,
  );
});

test('another plan under the same signatures is found, and where it differs', () => {
  const weaker = stored(planForSide(file, { kind: 'hosted' }));
  const datasets = weaker.datasets.map((each) => ({
    ...each,
    ...(each.privacy && { privacy: { ...each.privacy, k: 2 } }),
  }));
  expect(() => require({ ...weaker, datasets })).toThrow(
    /does not follow from it \(datasets\)\. Audit with the version of barter/,
  );
});
