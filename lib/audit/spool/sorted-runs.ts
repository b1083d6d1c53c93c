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

interface Head<T> {
  readonly run: Iterator<T>;
  /** Of what is alike, the first run comes first. */
  readonly at: number;
  value: T;
}

/** By a heap of what each run has next. */
function* mergeRuns<T>(runs: readonly Iterator<T>[], compare: CompareValues<T>): Generator<T, void, undefined> {
  const heap: Head<T>[] = [];
  const isBefore = (left: Head<T>, right: Head<T>) => (compare(left.value, right.value) || left.at - right.at) < 0;
  const sink = (from: number) => {
    const head = heap[from]!;
    let place = from;
    for (let next = 2 * place + 1; next < heap.length; next = 2 * place + 1) {
      if (next + 1 < heap.length && isBefore(heap[next + 1]!, heap[next]!)) next += 1;
      if (!isBefore(heap[next]!, head)) break;
      heap[place] = heap[next]!;
      place = next;
    }
    heap[place] = head;
  };
  for (const [at, run] of runs.entries()) {
    const { value, done } = run.next();
    if (done !== true) heap.push({ run, at, value });
  }
  for (let at = heap.length >> 1; at >= 0; at -= 1) if (at < heap.length) sink(at);
  for (let [first] = heap; first !== undefined; [first] = heap) {
    yield first.value;
    const { value, done } = first.run.next();
    if (done !== true) first.value = value;
    else {
      const last = heap.pop()!;
      if (heap.length === 0) return;
      if (last !== first) heap[0] = last;
    }
    sink(0);
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
