import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import type { RoundRecord } from '../../registry/round-records';
import { addressTo, type Letter, REMINDER_MS, writeLetter } from './letter';

/**
 * Tells everybody whose legs a round has that it was withheld, and why: a round that does not come about asks for nothing more,
 * and nobody finds that out by waiting.
 * @param now UTC, ISO 8601
 */
export function listRoundLetters(plan: Plan, { rounds }: Pick<Conduct, 'rounds'>, now: string): readonly Letter[] {
  return rounds
    .filter(({ state, at }) => state === 'withheld' && Date.parse(now) - Date.parse(at) < REMINDER_MS)
    .map((round) => writeRound(plan, round));
}

function writeRound(plan: Plan, { day, legs, reason = 'one of its releases cannot go out' }: RoundRecord): Letter {
  const concerned = new Set(plan.legs.filter(({ id }) => legs.includes(id)).flatMap(({ from, to }) => [from, to]));
  const to = [...concerned].flatMap((party) => addressTo(plan, party, 'exchange'));
  return writeLetter(plan, `withheld:${day}`, to, `the round of ${day} is withheld`, [
    `The round of ${day} (${legs.join(', ')}) is withheld: ${reason.slice(0, MOST_WORDS)}.`,
    'Nothing of it is granted; what was prepared of it is taken back, and what was delivered for it is owed no more.',
    'Deliver for the next round, on its day. Where you think that this one is withheld by mistake, report a problem by the room’s API.',
  ]);
}

const MOST_WORDS = 600;
