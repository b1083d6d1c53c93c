import type { Plan } from '../../agreement/plan/plan';
import { findVersionOf } from '../../exchange/entitlements/list-former-legs';
import { countErased } from '../../exchange/erasure/count-erased';
import { findTold, listUnconfirmed, type Released } from '../../exchange/erasure/plan-erasure';
import type { Conduct } from '../../registry/conduct';
import type { ErasureRecord } from '../../registry/conduct-records';
import { addressTo, type Letter, REMINDER_MS, writeLetter } from './letter';

/**
 * What receivers are told of a subject that is to be erased: at once, again when another release with the subject comes out, and
 * a week before their time is over. Neither the identifier nor a token stands in a letter: each receiver asks for its own token.
 */
export function listErasureLetters(
  plan: Plan,
  erasures: readonly ErasureRecord[],
  conduct: Released & Pick<Conduct, 'earlier'>,
  now: string,
): readonly Letter[] {
  return listUnconfirmed(erasures, conduct, now).flatMap(({ erasure: id, party, leg: name, releases, deadline }) => {
    const dataset = findTold(erasures, id, name)?.erasure.dataset;
    const day = deadline.slice(0, 10);
    const write = (stage: string, about: string) =>
      writeLetter(
        plan,
        `erasure:${stage}:${id}:${name}:${releases.at(-1)}`,
        addressTo(findVersionOf(party, plan, conduct.earlier), party, 'privacy', 'exchange'),
        about,
        [
          `A person whose data are in ${dataset} is to be erased (${id}). You received releases that may hold the person: rounds ${releases.join(', ')} of leg ${name}.`,
          `Erase the person’s rows, wherever you have copied them to, and confirm by ${day}. The token by which they are found is told to you alone, by the room’s API: list-erasures, or \`barter erase\`. Confirm by confirm-erasure.`,
          'Deliveries from now on are cleaned of the person.',
          `Asked to be erased since they came out, this person included: ${releases.map((day) => `${countErased(erasures, name, day)} of ${day}`).join(', ')}. Certificates stay as they were; these releases are worth so many persons less.`,
        ],
      );
    const isSoon = Date.parse(now) >= Date.parse(deadline) - REMINDER_MS;
    return [
      write('ask', `erase a person by ${day}`),
      ...(isSoon ? [write('remind', `confirm an erasure by ${day}`)] : []),
    ];
  });
}
