import type { Plan } from '../../agreement/plan/plan';
import { isOutdated } from '../../exchange/peers/find-amended';
import { listRounds } from '../../exchange/rounds/list-rounds';
import type { Conduct } from '../../registry/conduct';
import { addressTo, type Letter, writeLetter } from './letter';

/**
 * Warns a giver at noon, UTC, of the day on which a delivery is due and has not come: what comes later is in breach, and keeps
 * the others waiting.
 */
export function listDeliveryLetters(plan: Plan, conduct: Conduct, now: string): readonly Letter[] {
  if (conduct.state !== 'active') return [];
  return [...listAskedAgain(plan, conduct), ...(now.slice(11, 13) < '12' ? [] : listDue(plan, conduct, now))];
}

/** Who has given for a round that is not over, and by a version that treats it otherwise than the one in force. */
function listAskedAgain(plan: Plan, conduct: Conduct): readonly Letter[] {
  const over = new Set(conduct.rounds.flatMap(({ day, state }) => (state === 'open' ? [] : [day])));
  return conduct.releases
    .filter((release) => !over.has(release.round) && isOutdated(release, plan, conduct))
    .flatMap(({ leg, round, version }) =>
      plan.legs
        .filter(({ id }) => id === leg)
        .map(({ from, to, dataset }) =>
          writeLetter(
            plan,
            `again:${leg}:${round}:${plan.agreement.version}`,
            addressTo(plan, from, 'exchange'),
            `delivery of ${dataset} for ${round} is asked for again`,
            [
              `The delivery of ${dataset} by ${from} to ${to} (leg ${leg}) for the round of ${round} was treated by version ${version}. Version ${plan.agreement.version}, which is in force by now, treats it otherwise, so that it does not go out.`,
              'Deliver the same data again. You are not late; until then nobody gets what is due to them in this round.',
            ],
          ),
        ),
    );
}

function listDue(plan: Plan, conduct: Conduct, now: string): readonly Letter[] {
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
