import type { Plan } from '../../agreement/plan/plan';
import type { PlacedVersion } from '../../audit/attribution/place-agreement';
import type { BreachRecord, MeasureRecord } from '../../registry/conduct-records';
import { matchTaken } from './match-taken';
import { remediesAt } from './remedies-at';

/** What is due by remedies and not yet on the record of its breach. */
export function listUntaken(
  plan: Plan,
  breach: BreachRecord,
  now: string,
  versions: readonly PlacedVersion[],
): readonly MeasureRecord[] {
  const due = remediesAt(plan, [breach], now, versions);
  const taken = matchTaken(due, breach.taken);
  return due
    .filter((each) => !taken.has(each))
    .map(({ do: measure, party, leg, clause }) => ({
      do: measure,
      party,
      ...(leg === undefined ? {} : { leg }),
      clause,
      at: now,
    }));
}
