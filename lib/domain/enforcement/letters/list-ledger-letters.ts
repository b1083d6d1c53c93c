import type { Plan } from '../../agreement/plan/plan';
import type { MonthCheckpoint } from '../../registry/door-records';
import { addressTo, type Letter, writeLetter } from './letter';

/**
 * Tells all contacts of all parties, once a month and by one letter, what the access ledger has come to. Whoever runs the room
 * could sign another ledger for each of them; it cannot have them compare two that are one.
 */
export function listLedgerLetters(plan: Plan, checkpoint: MonthCheckpoint | undefined): readonly Letter[] {
  if (checkpoint === undefined) return [];
  const { month, origin, size, root } = checkpoint;
  const to = plan.parties.flatMap(({ id }) => addressTo(plan, id, 'exchange', 'privacy', 'security'));
  return [
    writeLetter(plan, `ledger:${month}`, to, `what the access ledger came to in ${month}`, [
      `At its first look in ${month} the room found ${size} entries in the access ledger ${origin}, with the root`,
      root,
      `Every party of every agreement of this room is told the same, and has it signed in its outbox, as checkpoints/${size}.`,
      'Ask another party, by a way of your own, whether it was told the same. Where it was not, two histories were shown: `barter verify PACK --key KEY --checkpoint YOURS THEIRS` names where they part.',
    ]),
  ];
}
