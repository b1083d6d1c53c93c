import { MAX_HELD } from './open-spool';
import { type CompareValues, openSortedRuns } from './sorted-runs';

/** Sorts values that come one by one, in bounded memory: what is more goes to disk. */
interface Sorter<T> {
  readonly put: (value: T) => void;
  /** In order; those that are alike as they came. What is on disk is gone afterwards. */
  readonly drain: () => Generator<T, void, undefined>;
}

/** Values of a run. */
const RUN = 4096;

/** @param name tells apart what lies in the same folder */
export function openSorter<T extends object>(
  folder: string,
  name: string,
  compare: CompareValues<T>,
  maxHeld = MAX_HELD,
): Sorter<T> {
  const runs = openSortedRuns(folder, name, compare, maxHeld);
  let held: T[] = [];
  const flush = () => {
    runs.add(held);
    held = [];
  };
  return {
    put: (value) => {
      held.push(value);
      if (held.length >= Math.min(RUN, maxHeld + 1)) flush();
    },
    drain: () => {
      flush();
      return runs.merge();
    },
  };
}
