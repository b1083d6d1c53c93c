import { PAUSE_ACTS } from '../agreement/lifecycle';
import type { CurrentRecord, StepRecord } from './agreement-records';

type History = CurrentRecord['history'];

/**
 * Steps on which nothing rests any more: of those that had the agreement stand still or go on, all but the last of each who said
 * so. They are put apart, so that however often somebody says it, there is room for what another says, and for the end.
 */
export function listPast(history: History): History {
  const words = history.filter(isWord);
  return words.filter((step, at) => words.slice(at + 1).some(({ by }) => by === step.by));
}

/** Every step that was taken, the first of them first, wherever it lies: for a moment it may lie in both. */
export function listSteps(apart: readonly StepRecord[], history: History): History {
  const former = apart.filter(
    ({ at, by }) => !history.some((step) => isWord(step) && step.at === at && step.by === by),
  );
  if (former.length === 0) return history;
  const steps = former.map(({ agreement: _, ...step }) => step);
  return [...steps, ...history].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function isWord({ act }: History[number]): boolean {
  return PAUSE_ACTS.some((each) => each === act);
}
