import { appendFileSync, closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SpooledAccess } from './join-spooled';
import { PARTS } from './open-spool';

const CHUNK = 64 * 1024;
/** Lines that are written at once. */
const BATCH = 1000;

/** Writes the accesses of a part in order of time and id. */
export function writeRun(folder: string, part: number, accesses: readonly SpooledAccess[]): void {
  const sorted = accesses.toSorted(compareSpooled);
  for (let at = 0; at < sorted.length; at += BATCH) {
    const lines = sorted.slice(at, at + BATCH).map((each) => `${JSON.stringify(each)}\n`);
    appendFileSync(runPath(folder, part), lines.join(''));
  }
}

/** All accesses in order of time and id; one line of each run is in memory. The runs are gone afterwards. */
export function* mergeRuns(folder: string): Generator<SpooledAccess> {
  const runs = Array.from({ length: PARTS }, (_, part) => readRun(runPath(folder, part)));
  const heads: { readonly run: Generator<SpooledAccess>; access: SpooledAccess }[] = [];
  for (const run of runs) {
    const { value } = run.next();
    if (value !== undefined) heads.push({ run, access: value });
  }
  while (heads.length > 0) {
    let least = 0;
    for (let at = 1; at < heads.length; at += 1) {
      if (compareSpooled(heads[at]!.access, heads[least]!.access) < 0) least = at;
    }
    const head = heads[least]!;
    yield head.access;
    const { value } = head.run.next();
    if (value === undefined) heads.splice(least, 1);
    else head.access = value;
  }
}

function* readRun(path: string): Generator<SpooledAccess, undefined> {
  if (!existsSync(path)) return undefined;
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
  return undefined;
}

function runPath(folder: string, part: number): string {
  return join(folder, `run-${part}`);
}

function compareSpooled({ attributed: left }: SpooledAccess, { attributed: right }: SpooledAccess): number {
  const [first, second] = [left.joined.access, right.joined.access];
  return compare(first.at, second.at) || compare(first.id, second.id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
