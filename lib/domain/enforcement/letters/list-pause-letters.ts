import { PAUSE_ACTS } from '../../agreement/lifecycle';
import type { Plan } from '../../agreement/plan/plan';
import type { CurrentRecord } from '../../registry/agreement-records';
import { OPERATOR } from '../words/require-speaker';
import { addressTo, type Letter, writeLetter } from './letter';

/** Tells all parties that the agreement stands still, or goes on: who said so, when and why. */
export function listPauseLetters(plan: Plan, history: CurrentRecord['history']): readonly Letter[] {
  const all = plan.parties.flatMap(({ id }) => addressTo(plan, id, 'exchange', 'privacy'));
  return PAUSE_ACTS.flatMap((act) =>
    history
      .filter((step) => step.act === act)
      .map(({ at, by, reason, to }) => {
        const what = act === 'suspend' ? 'suspended' : 'resumed';
        return writeLetter(plan, `${act}:${at}`, all, what, [
          `The agreement was ${what} by ${by} at ${at}, and is ${to} since: ${reason}`,
          FOLLOWS[act === 'resume' ? (to === 'suspended' ? 'held' : 'resume') : by === OPERATOR ? 'all' : 'party'],
        ]);
      }),
  );
}

const FOLLOWS = {
  all: 'Until it is resumed nothing is granted, published or taken in. Its term runs on.',
  party:
    'Until it is resumed nothing is published or taken in, and nothing is granted that this party gives or gets. What others were given by others stays. Its term runs on.',
  resume: 'What it grants is granted again. What fell due meanwhile is due on this day, UTC.',
  held: 'Others have it stand still too: it goes on when they have said so.',
} as const;
