import { citeClause } from '../../agreement/plan/cite-clause';
import type { Plan } from '../../agreement/plan/plan';
import { listRetained } from '../../exchange/entitlements/plan-retention';
import type { Conduct } from '../../registry/conduct';
import { addressTo, type Letter, REMINDER_MS, writeLetter } from './letter';

/**
 * A receiver is told a week before the time of a release is over, and again when it is: until when it is destroyed. Once the
 * agreement has ended, the letters of the exit say that of all.
 */
export function listRetentionLetters(plan: Plan, conduct: Conduct, now: string): readonly Letter[] {
  if (conduct.state === 'ended' || conduct.state === 'settled') return [];
  return listRetained(plan, conduct, now).flatMap(({ leg, under, round, receivedAt, over, due, state }) => {
    const [overOn, dueOn] = [over.slice(0, 10), due.slice(0, 10)];
    const clause = citeClause(plan, 'access.retention', `legs.${leg.id}.retain`);
    const write = (stage: string, about: string, first: string) =>
      writeLetter(plan, `retain:${stage}:${leg.id}:${round}`, addressTo(under, leg.to, 'exchange', 'privacy'), about, [
        `You received the release of round ${round} by leg ${leg.id}, to keep for ${leg.retain} (${clause}). ${first}`,
        `Destroy what you exported, fetched or copied of it, wherever it is, and attest that by ${dueOn}: \`barter attest --leg ${leg.id} --round ${round}\`, or attest-destruction of the room’s API with the release named. After that you are in breach.`,
      ]);
    const tells = Date.parse(over) - REMINDER_MS;
    // Who keeps it for a week or less has been told by the agreement.
    const isSoon = state === 'kept' && Date.parse(now) >= tells && Date.parse(receivedAt) < tells;
    if (isSoon) return [write('soon', `destroy a release from ${overOn} on`, `That is over on ${overOn}.`)];
    if (state !== 'due' && state !== 'overdue') return [];
    return [write('over', `destroy a release by ${dueOn}`, `That was over on ${overOn}; it can be reached no more.`)];
  });
}
