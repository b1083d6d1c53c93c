import { isAsHard } from '../plan/measures';
import type { PlannedRemedy } from '../plan/plan';
import { isEverLonger } from './orders';
import type { Judge } from './rule';

type Measures = readonly Omit<PlannedRemedy, 'on'>[];

/** What follows one kind of breach: looser where something that followed does not follow any more, as hard and as soon. */
export const judgeRemedies: Judge<Measures> = (before = [], after = []) => {
  if (!covers(after, before)) return 'loosens';
  return covers(before, after) ? 'changes' : 'tightens';
};

function covers(measures: Measures, others: Measures): boolean {
  return others.every((other) => measures.some((each) => isAsHard(each.do, other.do) && isSooner(each, other)));
}

function isSooner({ after: one }: Measures[number], { after: other }: Measures[number]): boolean {
  return one === undefined || (other !== undefined && !isEverLonger(one, other));
}
