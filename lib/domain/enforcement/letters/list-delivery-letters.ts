import type { Plan } from '../../agreement/plan';
import type { Conduct } from '../../exchange/conduct';
import { listRounds } from '../../exchange/list-rounds';
import { addressTo, type Letter, writeLetter } from './letter';

/**
 * Warns a giver at noon, UTC, of the day on which a delivery is due and has not come: what comes later is in breach, and keeps
 * the others waiting.
 */
export function listDeliveryLetters(plan: Plan, conduct: Conduct, now: string): readonly Letter[] {
  if (conduct.state !== 'active' || now.slice(11, 13) < '12') return [];
  const today = now.slice(0, 10);
  const due = listRounds(conduct, today).find(({ day }) => day === today);
  return plan.legs
    .filter(({ id }) => due?.legs.includes(id))
    .filter(({ id }) => !conduct.releases.some(({ leg, round }) => leg === id && round === today))
    .map(({ id, from, to, dataset }) =>
      writeLetter(
        plan,
        `due:${id}:${today}`,
        addressTo(plan, from, 'exchange'),
        `delivery of ${dataset} is due today`,
        [
          `The delivery of ${dataset} by ${from} to ${to} (leg ${id}) is due today, ${today}, and no release of it is certified.`,
          'After midnight, UTC, it is overdue. Until it has come, nobody gets what is due to them in this round.',
        ],
      ),
    );
}
