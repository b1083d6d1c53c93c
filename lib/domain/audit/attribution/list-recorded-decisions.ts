import type { Plan } from '../../agreement/plan/plan';
import { isOfEntitlement } from '../../enforcement/policies/describe-grant';
import type { DecisionRecord } from '../../registry/door-records';
import type { RecordedDecision } from './recorded-decision';

/**
 * The decisions on record by which accesses are explained: those on reading a leg's releases; and that a party may hand in,
 * by SFTP or by a link, which explains what it writes for every leg that the dataset is given by. What was refused at a door
 * was that request alone and forbids nothing else: that a leg is not to be read stands where its entitlement says so. Other
 * operations reach no data.
 * @param plan of any version: ids of legs are the same in all that have them
 */
export function listRecordedDecisions(
  { legs }: Pick<Plan, 'legs'>,
  decisions: readonly DecisionRecord[],
): readonly RecordedDecision[] {
  return decisions.flatMap((record): readonly RecordedDecision[] => {
    const { id, effect, agreement, operation, policy, party, leg, dataset, clause, at, until } = record;
    if (party === undefined) return [];
    const common = { effect, agreement, party, clause, at, ...(until === undefined ? {} : { until }) };
    switch (operation) {
      case 'read-release':
        if (leg === undefined || (effect === 'forbid' && !isOfEntitlement(policy))) return [];
        return [{ id: `${at}/${id}`, ...common, leg }];
      case 'connect-sftp':
      case 'request-upload':
        if (effect === 'forbid') return [];
        return legs
          .filter(({ from, dataset: given }) => from === party && (dataset === undefined || dataset === given))
          .map((given) => ({ id: `${at}/${id}/${given.id}`, ...common, leg: given.id }));
      default:
        return [];
    }
  });
}
