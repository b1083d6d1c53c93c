import { findExplaining } from '../../../../lib/domain/audit/attribution/find-explaining';
import { indexDecisions } from '../../../../lib/domain/audit/attribution/recorded-decision';
import { AGREEMENT, AMENDED, decide, USAGE } from './agreements';

const { id } = AGREEMENT.plan.agreement;
const FROM = '2026-09-01T00:00:00Z';
const THIRD = {
  ...AMENDED,
  plan: { ...AMENDED.plan, agreement: { ...AMENDED.plan.agreement, version: 3 } },
  from: FROM,
};
const decisions = [1, 2, 3].map((version) =>
  decide({ id: `decision-${version}`, agreement: { id, version }, at: `2026-0${version}-15T00:00:00Z` }),
);
const ofVersions = (...versions: readonly number[]) =>
  indexDecisions(decisions.filter(({ agreement }) => versions.includes(agreement.version)));
const candidate = { party: 'retail', leg: USAGE, agreement: { id, version: 3 } };
/** Whatever order the versions come in. */
const AGREEMENTS = [AMENDED, THIRD, AGREEMENT];

it.each<[string, readonly number[], string, string | undefined]>([
  ['the version’s own', [1, 2, 3], '2026-09-01T00:30:00Z', 'decision-3'],
  ['that of the version before, while this one is carried out', [1, 2], '2026-09-01T01:00:00Z', 'decision-2'],
  ['none once it is', [1, 2], '2026-09-01T01:00:01Z', undefined],
  ['none where that version had none: not one of before', [1], '2026-09-01T00:30:00Z', undefined],
])('what explains is %s', (_, versions, at, expected) => {
  expect(findExplaining(candidate, FROM, AGREEMENTS, ofVersions(...versions), at)?.id).toBe(expected);
});

it('nothing of another agreement explains', () => {
  const twin = { ...AMENDED, plan: { ...AMENDED.plan, agreement: { ...AMENDED.plan.agreement, id: 'twin' } } };
  const ofTwin = indexDecisions([decide({ agreement: { id: 'twin', version: 2 } })]);
  expect(findExplaining(candidate, FROM, [twin, THIRD], ofTwin, FROM)).toBeUndefined();
});
