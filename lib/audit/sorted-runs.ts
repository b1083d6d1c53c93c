import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { appendJsonLines, readJsonLines } from './json-lines';
import { MAX_HELD } from './open-spool';

/** Values in runs, each of them sorted. Few stay in memory, many go to disk. */
export interface SortedRuns<T> {
  readonly add: (values: readonly T[]) => void;
  /** All values in order, those that are alike as they came; one of each run on disk is in memory. What is on disk is gone afterwards. */
  readonly merge: () => Generator<T, void, undefined>;
}

export type CompareValues<T> = (left: T, right: T) => number;

/** @param name tells apart what lies in the same folder */
export function openSortedRuns<T extends object>(
  folder: string,
  name: string,
  compare: CompareValues<T>,
  maxHeld = MAX_HELD,
): SortedRuns<T> {
  const runs: (readonly T[] | { readonly path: string })[] = [];
  let held = 0;
  return {
    add: (values) => {
      const sorted = values.toSorted(compare);
      held += sorted.length;
      if (held <= maxHeld) runs.push(sorted);
      else runs.push({ path: writeRun(join(folder, `${name}-${runs.length}`), sorted) });
    },
    merge: () =>
      mergeRuns(
        runs.map((run) => ('path' in run ? readRun<T>(run.path) : run[Symbol.iterator]())),
        compare,
      ),
  };
}

function writeRun(path: string, sorted: readonly object[]): string {
  appendJsonLines(path, sorted);
  return path;
}

function* mergeRuns<T>(runs: readonly Iterator<T>[], compare: CompareValues<T>): Generator<T, void, undefined> {
  const heads: { readonly run: Iterator<T>; value: T }[] = [];
  for (const run of runs) {
    const { value, done } = run.next();
    if (done !== true) heads.push({ run, value });
  }
  while (heads.length > 0) {
    let least = 0;
    for (let at = 1; at < heads.length; at += 1) {
      if (compare(heads[at]!.value, heads[least]!.value) < 0) least = at;
    }
    const head = heads[least]!;
    yield head.value;
    const { value, done } = head.run.next();
    if (done === true) heads.splice(least, 1);
    else head.value = value;
  }
}

function* readRun<T>(path: string): Generator<T, void, undefined> {
  if (!existsSync(path)) return;
  try {
    yield* readJsonLines<T>(path);
  } finally {
    rmSync(path);
  }
}
