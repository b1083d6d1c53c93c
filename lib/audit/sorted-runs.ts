import { appendFileSync, closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SpooledAccess } from './join-spooled';
import { MAX_HELD } from './open-spool';

/** Accesses in runs, each sorted by time and id. Few stay in memory, many go to disk. */
export interface SortedRuns {
  readonly add: (accesses: readonly SpooledAccess[]) => void;
  /** All accesses in order of time and id; one of each run on disk is in memory. What is on disk is gone afterwards. */
  readonly merge: () => Generator<SpooledAccess, void, undefined>;
}

const CHUNK = 64 * 1024;
/** Lines that are written at once. */
const BATCH = 1000;

export function openSortedRuns(folder: string, maxHeld = MAX_HELD): SortedRuns {
  const runs: (readonly SpooledAccess[] | { readonly path: string })[] = [];
  let held = 0;
  return {
    add: (accesses) => {
      const sorted = accesses.toSorted(compareSpooled);
      held += sorted.length;
      if (held <= maxHeld) runs.push(sorted);
      else runs.push({ path: writeRun(join(folder, `run-${runs.length}`), sorted) });
    },
    merge: () => mergeRuns(runs.map((run) => ('path' in run ? readRun(run.path) : run[Symbol.iterator]()))),
  };
}

function writeRun(path: string, sorted: readonly SpooledAccess[]): string {
  for (let at = 0; at < sorted.length; at += BATCH) {
    const lines = sorted.slice(at, at + BATCH).map((each) => `${JSON.stringify(each)}\n`);
    appendFileSync(path, lines.join(''));
  }
  return path;
}

function* mergeRuns(runs: readonly Iterator<SpooledAccess>[]): Generator<SpooledAccess, void, undefined> {
  const heads: { readonly run: Iterator<SpooledAccess>; access: SpooledAccess }[] = [];
  for (const run of runs) {
    const { value, done } = run.next();
    if (done !== true) heads.push({ run, access: value });
  }
  while (heads.length > 0) {
    let least = 0;
    for (let at = 1; at < heads.length; at += 1) {
      if (compareSpooled(heads[at]!.access, heads[least]!.access) < 0) least = at;
    }
    const head = heads[least]!;
    yield head.access;
    const { value, done } = head.run.next();
    if (done === true) heads.splice(least, 1);
    else head.access = value;
  }
}

function* readRun(path: string): Generator<SpooledAccess, void, undefined> {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK);
    let rest: Buffer = Buffer.alloc(0);
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
      const bytes: Buffer = Buffer.concat([rest, buffer.subarray(0, length)]);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        const access: SpooledAccess = JSON.parse(bytes.toString('utf8', from, end));
        yield access;
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(file);
    rmSync(path);
  }
}

function compareSpooled({ attributed: left }: SpooledAccess, { attributed: right }: SpooledAccess): number {
  const [first, second] = [left.joined.access, right.joined.access];
  return compare(first.at, second.at) || compare(first.id, second.id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
