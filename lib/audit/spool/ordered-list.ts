import { join } from 'node:path';
import { appendJsonLines, readJsonLines } from './json-lines';
import { openSorter } from './open-sorter';
import type { CompareValues } from './sorted-runs';

/** Values in order, read as often as is wanted; what is more than fits into memory lies in a file. */
export interface OrderedList<T> extends Iterable<T> {
  readonly count: number;
}

/** Takes values in any order. */
interface ListMaker<T> {
  readonly put: (value: T) => void;
  readonly finish: () => OrderedList<T>;
}

/** Values in memory: of files, some 4 MB. */
const MAX_LISTED = 8192;

/** @param name tells apart what lies in the same folder */
export function openList<T extends object>(
  folder: string,
  name: string,
  compare: CompareValues<T>,
  maxHeld = MAX_LISTED,
): ListMaker<T> {
  const sorter = openSorter<T>(folder, name, compare, maxHeld);
  let count = 0;
  return {
    put: (value) => {
      sorter.put(value);
      count += 1;
    },
    finish: () => {
      if (count <= maxHeld) return listOf([...sorter.drain()]);
      const path = join(folder, name);
      let held: T[] = [];
      for (const value of sorter.drain()) {
        held.push(value);
        if (held.length < maxHeld) continue;
        appendJsonLines(path, held);
        held = [];
      }
      appendJsonLines(path, held);
      return { count, [Symbol.iterator]: () => readJsonLines<T>(path) };
    },
  };
}

/** Few values, in order. */
export function listOf<T>(values: readonly T[]): OrderedList<T> {
  return { count: values.length, [Symbol.iterator]: () => values[Symbol.iterator]() };
}
