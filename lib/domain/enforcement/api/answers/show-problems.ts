import type { Plan } from '../../../agreement/plan/plan';
import type { ProblemRecord } from '../../../registry/told-records';
import { isConcerned } from '../../breaches/list-concerned';

/** What a party is told of the problems that were reported: those that concern it, the latest first. */
export function showProblems(plan: Plan, problems: readonly ProblemRecord[], party: string, earlier: readonly Plan[]) {
  return problems
    .filter((problem) => isConcerned(party, problem, [...earlier, plan], [plan]))
    .map(({ id, party: by, leg, text, at }) => ({ id, by, ...(leg === undefined ? {} : { leg }), text, at }))
    .sort((left, right) => (left.at < right.at ? 1 : -1));
}
