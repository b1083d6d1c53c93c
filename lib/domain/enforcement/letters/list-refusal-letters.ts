import type { Plan } from '../../agreement/plan/plan';
import { DELIVERIES_A_DAY } from '../../exchange/gates/check-intake';
import type { RefusalRecord } from '../../registry/told-records';
import { readDeliveryFault } from '../../room/delivery-fault';
import { addressTo, type Letter, writeLetter } from './letter';

/** Letters on refused deliveries of one party on one day; what is beyond them is told in one, the day after. */
const LETTERS_A_DAY = 10;

/**
 * Tells a giver that a delivery of its goes no further, and why: in a word, with no value of it. Whoever hands in rubbish without
 * end is written to a number of times a day, and told how many more there were.
 * @param now UTC, ISO 8601
 */
export function listRefusalLetters(plan: Plan, refusals: readonly RefusalRecord[], now: string): readonly Letter[] {
  const days = new Map<string, RefusalRecord[]>();
  for (const refusal of refusals.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at))) {
    const name = `${ownerOf(plan, refusal)}:${refusal.at.slice(0, 10)}`;
    days.set(name, [...(days.get(name) ?? []), refusal]);
  }
  return [...days].flatMap(([name, all]) => {
    const day = name.slice(-10);
    const more = all.length - LETTERS_A_DAY;
    const isOver = day < now.slice(0, 10);
    return [
      ...all.slice(0, LETTERS_A_DAY).map((refusal) => writeRefusal(plan, refusal)),
      ...(more > 0 && isOver ? [countRefusals(plan, ownerOf(plan, all[0]!), day, more)] : []),
    ];
  });
}

function ownerOf(plan: Plan, { dataset }: RefusalRecord): string {
  return plan.datasets.find((each) => each.id === dataset)?.owner ?? '';
}

function countRefusals(plan: Plan, party: string, day: string, more: number): Letter {
  const subject = `${more} more deliveries of ${day} go no further`;
  return writeLetter(plan, `refused-more:${party}:${day}`, addressTo(plan, party, 'exchange'), subject, [
    `Beside the ${LETTERS_A_DAY} that you were written of, ${more} more deliveries that came in on ${day} go no further.`,
    'Nothing of them is released. What is on record of each: the room’s API, list-deliveries.',
  ]);
}

function writeRefusal(plan: Plan, refusal: RefusalRecord): Letter {
  const { id, dataset, file, error, problems = [], at } = refusal;
  return writeLetter(
    plan,
    `refused:${id}`,
    addressTo(plan, ownerOf(plan, refusal), 'exchange'),
    `a delivery of ${dataset} goes no further`,
    [
      `The delivery of ${dataset} that came in as ${quote(file)} goes no further since ${at}. ${explain(error)}`,
      ...problems,
      'Nothing of it is released, and nobody reads it any more. What is on record of it: the room’s API, list-deliveries.',
      `Run: ${id}.`,
    ],
  );
}

function explain(error: string): string {
  const fault = readDeliveryFault(error);
  switch (fault.kind) {
    case 'refused':
      return `It was refused: ${REASONS[fault.reason] ?? fault.reason.replaceAll('-', ' ')}.`;
    case 'failed':
      return `Its release cannot be certified${fault.gate === undefined ? '' : `: it fails at the gate ${fault.gate}`}. Correct it, and deliver again under another name.`;
    case 'broken':
      return 'A step of the room broke off. The operator is told, and looks into it: what was delivered need not be at fault.';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  'agreement-not-active': 'the agreement is not active',
  'outside-term': 'the agreement does not run on that day',
  'unknown-dataset': 'the agreement has no such dataset',
  'not-agreed-place': 'it is not in its folder',
  'empty-file': 'the file is empty',
  'too-many-today': `${DELIVERIES_A_DAY} deliveries of the dataset were taken in on that day (UTC), and a day takes no more. Deliver it again on the next`,
  'too-early':
    'the round that was due last has what you gave for it, and the next takes nothing yet. A round takes one file of each dataset. Deliver the next round’s when it is taken',
  'no-round-left': 'no round is left that it could be for',
  unreadable: 'the file is not as the agreement describes the dataset. Correct it, and deliver again',
};

/** Names of files are their giver's own: nothing in them is read as anything else, and none fills a letter. */
function quote(name: string): string {
  return JSON.stringify(name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200));
}
