import type { Plan } from '../../agreement/plan/plan';
import type { CurrentRecord } from '../../registry/agreement-records';
import type { RecordedDecision } from './recorded-decision';

/**
 * That givers may hand in what they give by a role of their own, which asks nobody: from the agreement's beginning to its end,
 * in every version. A party whose own entitlements are suspended may deliver.
 */
export function listDeliveryDecisions(
  plans: readonly Plan[],
  history: CurrentRecord['history'],
): readonly RecordedDecision[] {
  const turns = history.filter(({ act }) => act === 'begin' || act === 'end');
  return plans.flatMap(({ agreement: { id, version }, legs }) =>
    turns.flatMap(({ act, clause, at }) =>
      legs.map(
        ({ id: leg, from: party }): RecordedDecision => ({
          id: `deliver.${leg}.${act}.${at}`,
          effect: act === 'begin' ? 'permit' : 'forbid',
          agreement: { id, version },
          party,
          leg,
          clause,
          at,
        }),
      ),
    ),
  );
}
