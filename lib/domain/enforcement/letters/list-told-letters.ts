import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { Conduct } from '../../registry/conduct';
import type { ToldBreachRecord } from '../../registry/conduct-records';
import { isOfSameBreach, withholdsAnything } from '../breaches/list-holds';
import { addressTo, type Letter, writeLetter } from './letter';

/**
 * Tells the party of a peer's room what other rooms have on record of breaches: who says so of whom, and what follows here. Of a
 * breach that is on record here as well it has a letter already.
 */
export function listToldLetters(
  plan: SidePlan,
  conduct: Pick<Conduct, 'breaches' | 'told' | 'earlier' | 'versions'>,
): readonly Letter[] {
  const { side } = plan;
  if (side.kind !== 'peer') return [];
  const to = addressTo(plan, side.party, 'exchange', 'security');
  return (conduct.told ?? [])
    .filter((word) => word.from !== side.party && !conduct.breaches.some((each) => isOfSameBreach(each, word)))
    .map((word) => {
      const { from, party, report, kind, state, measures } = word;
      const stage = state === 'stands' ? String(measures.length) : state;
      const what = kind.replaceAll('-', ' ');
      return writeLetter(plan, `told:${from}:${report}:${stage}`, to, `${from} says: ${what} by ${party}`, [
        ...describeWord(word),
        ...describeWhatFollows(plan, conduct, word),
        `Record: ${report}, in the room of ${from}, which has what shows it.`,
      ]);
    });
}

function describeWord({ from, party, kind, leg, round, since, measures, state }: ToldBreachRecord): readonly string[] {
  const where = leg === undefined ? '' : `, leg ${leg}${round === undefined ? '' : `, round ${round}`}`;
  return [
    `The room of ${from} has on record: ${kind.replaceAll('-', ' ')} by ${party} since ${since}${where}.`,
    ...(state === 'stands' ? [] : [`There it is ${state}.`]),
    measures.length === 0 ? 'Nothing has followed there.' : `There it led to: ${measures.join(', ')}.`,
    `That is the word of ${from}, signed. This room has not seen it, and takes no remedy by it.`,
  ];
}

function describeWhatFollows(
  plan: SidePlan,
  conduct: Pick<Conduct, 'breaches' | 'earlier' | 'versions'>,
  word: ToldBreachRecord,
): readonly string[] {
  const { from, party, measures, state } = word;
  const held = state === 'stands' && withholdsAnything(plan, word, conduct);
  return [
    ...(held
      ? [`While it stands there, ${from} and ${party} give each other nothing, and neither is late for that.`]
      : []),
    ...(measures.includes('terminate')
      ? [`The agreement has ended in the room of ${from}, and stands still here by its word until it is ended here.`]
      : []),
    'Who finds it true reports the breach in this room too; then the remedies of the agreement follow here.',
  ];
}
