import type { Plan } from '../agreement/plan';
import type { BreachRecord, MeasureRecord } from '../registry/conduct-records';
import { remediesAt } from './remedies-at';

/** What is due by remedies and not yet on the record of its breach. */
export function listUntaken(plan: Plan, breach: BreachRecord, now: string): readonly MeasureRecord[] {
  return remediesAt(plan, [breach], now)
    .filter((due) => !breach.taken.some((each) => each.do === due.do && each.party === due.party))
    .map(({ do: measure, party, leg, clause }) => ({
      do: measure,
      party,
      ...(leg === undefined ? {} : { leg }),
      clause,
      at: now,
    }));
}
