import type { Plan } from '../../agreement/plan';
import { listUnconfirmed } from '../../exchange/plan-erasure';
import type { ErasureRecord } from '../registry/registry-records';
import { addressTo, type Letter, writeLetter } from './letter';

/**
 * What receivers are told of a subject that is to be erased: at once, and a week before their time is over. Neither the
 * identifier nor its token stands in a letter: the giver tells the token where a receiver needs it.
 */
export function listErasureLetters(plan: Plan, erasures: readonly ErasureRecord[], now: string): readonly Letter[] {
  return listUnconfirmed(erasures, now).flatMap(({ erasure: id, party, leg: name }) => {
    const erasure = erasures.find((each) => each.id === id);
    const leg = plan.legs.find((each) => each.id === name);
    const receiver = erasure?.receivers.find((each) => each.leg === name && each.party === party);
    if (erasure === undefined || leg === undefined || receiver === undefined) return [];
    const { deadline, dataset } = erasure;
    const owner = plan.parties.find((each) => each.id === leg.from)?.contacts.privacy ?? '';
    const day = deadline.slice(0, 10);
    const write = (stage: string, about: string) =>
      writeLetter(plan, `erasure:${stage}:${id}:${name}`, addressTo(plan, party, 'privacy', 'exchange'), about, [
        `A person whose data are in ${dataset} is to be erased (${id}). You received releases that may hold the person: rounds ${receiver.releases.join(', ')} of leg ${name}.`,
        `Erase the person’s rows, wherever you have copied them to, and confirm by ${day}. ${owner} tells you the token by which they are found.`,
        'The next releases do not hold the person any more.',
      ]);
    const isSoon = Date.parse(now) >= Date.parse(deadline) - REMINDER_MS;
    return [
      write('ask', `erase a person by ${day}`),
      ...(isSoon ? [write('remind', `confirm an erasure by ${day}`)] : []),
    ];
  });
}

/** A week. */
const REMINDER_MS = 7 * 86_400_000;
