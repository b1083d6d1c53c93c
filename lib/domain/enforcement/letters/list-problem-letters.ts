import type { Plan } from '../../agreement/plan/plan';
import { findVersionOf } from '../../exchange/entitlements/list-former-legs';
import type { ProblemRecord } from '../../registry/told-records';
import { listConcerned } from '../breaches/list-concerned';
import { addressTo, type Letter, writeLetter } from './letter';

/** Tells the others whom it concerns that a party reports a problem, in its own words. */
export function listProblemLetters(
  plan: Plan,
  problems: readonly ProblemRecord[],
  earlier: readonly Plan[],
): readonly Letter[] {
  return problems.map(({ id, party, leg, text, at }) => {
    const others = listConcerned(plan, { party, leg }, earlier).filter((each) => each !== party);
    return writeLetter(
      plan,
      `problem:${id}`,
      others.flatMap((each) => addressTo(findVersionOf(each, plan, earlier), each, 'exchange', 'security')),
      `${party} reports a problem`,
      [
        `${party} reports a problem${leg === undefined ? '' : ` with leg ${leg}`}, at ${at}: ${text.replaceAll(/\p{Cc}/gu, ' ')}`,
        'It is on record, and whoever runs the room is told too. Nothing follows from it by itself.',
        `Record: ${id}.`,
      ],
    );
  });
}
