import { addDuration } from '../periods/duration';
import type { Judge } from './rule';

/** Neither protects more: a name, a preference. */
export const changes: Judge<unknown> = () => 'changes';

/** For what may be more in one way and less in another. */
export const cannotBeOrdered: Judge<unknown> = () => 'loosens';

/** Something that lets more through where it is there, such as the clause of an exemption. */
export const thereLoosens: Judge<unknown> = (before, after) => {
  if (before !== undefined && after !== undefined) return 'changes';
  return after === undefined ? 'tightens' : 'loosens';
};

/** Something that opens a way where it is there; another of it cannot be ordered. */
export const thereOpens: Judge<unknown> = (_, after) => (after === undefined ? 'tightens' : 'loosens');

/** Something that protects where it is there; another of it cannot be ordered. */
export const thereTightens: Judge<unknown> = (before) => (before === undefined ? 'tightens' : 'loosens');

/** A bound that protects by being high, such as k. Without one there is no protection. */
export const lowerLoosens: Judge<number> = (before, after) =>
  after === undefined || (before !== undefined && after < before) ? 'loosens' : 'tightens';

/** A bound that protects by being low, such as the rows that may be left out. */
export const higherLoosens: Judge<number> = (before, after) =>
  after === undefined || (before !== undefined && after > before) ? 'loosens' : 'tightens';

/** ISO dates. */
export const earlierLoosens: Judge<string> = (before = '', after = '') => (after < before ? 'loosens' : 'tightens');
export const laterLoosens: Judge<string> = (before = '', after = '') => (after > before ? 'loosens' : 'tightens');

export const longerLoosens: Judge<string> = (before, after) =>
  before === undefined || after === undefined || isEverLonger(after, before) ? 'loosens' : 'tightens';
export const shorterLoosens: Judge<string> = (before, after) => longerLoosens(after, before);

/** A month is longer than 30 days, and shorter, as the year goes: what is longer from any day is longer. */
export function isEverLonger(duration: string, than: string): boolean {
  return SOME_DAYS.some((day) => addDuration(day, duration) > addDuration(day, than));
}

/** The first and last days of the months of four years, in which there is one of each kind. */
const SOME_DAYS: readonly string[] = Array.from({ length: 48 }, (_, month) => [
  new Date(Date.UTC(2025, month, 1)),
  new Date(Date.UTC(2025, month + 1, 0)),
])
  .flat()
  .map((day) => day.toISOString());

/** A list in which each entry lets more through, such as purposes. */
export const moreLoosens: Judge<readonly string[]> = (before = [], after = []) => {
  if (after.some((each) => !before.includes(each))) return 'loosens';
  return before.some((each) => !after.includes(each)) ? 'tightens' : 'changes';
};

/** A list in which each entry protects, such as prohibitions. */
export const fewerLoosens: Judge<readonly string[]> = (before, after) => moreLoosens(after, before);
