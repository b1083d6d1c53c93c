import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode } from '../error-code';

/** The output folder cannot be used; nothing in it was changed. */
export class UnusableOutput extends Error {
  override readonly name = 'UnusableOutput';
}

/**
 * One round on disk, prepared out of sight and shown by a single rename: a crash at any point leaves the whole round or
 * nothing of it. The escrow is a sibling of the output folder, so that the rename stays on one file system.
 */
export interface RoundFolder {
  /** Where the next round is prepared, laid out as the output will be. */
  readonly prepared: string;
  /** Where treated data waits, `<leg>.parquet`, until the round is complete. */
  readonly releases: string;
  /** Private space for the engine. */
  readonly scratch: string;
  /** Replaces the output folder by what is prepared. */
  publish(): void;
  /** Forgets what is prepared. Safe to call at any time, also after `publish`. */
  discard(): void;
}

/** Lists every file of a round; by it a later round knows what it may replace. */
export const ROUND_RECORD = 'round.json';

/** @throws UnusableOutput when `out` holds anything that an earlier round did not write, or is in use. */
export function openRoundFolder(out: string): RoundFolder {
  const target = resolve(out);
  const escrow = join(dirname(target), `.${basename(target)}.escrow`);
  const previous = join(dirname(target), `.${basename(target)}.previous`);
  return orUnusable(out, () => {
    mkdirSync(dirname(target), { recursive: true });
    claimEscrow(escrow, out);
    try {
      recoverPrevious(target, previous);
      assertReplaceable(target, out);
      const prepared = join(escrow, 'round');
      const releases = join(escrow, 'releases');
      const scratch = join(escrow, 'scratch');
      mkdirSync(prepared);
      mkdirSync(releases, { mode: 0o700 });
      mkdirSync(scratch, { mode: 0o700 });
      return {
        prepared,
        releases,
        scratch,
        publish: () => orUnusable(out, () => publishRound(prepared, target, previous)),
        discard: () => rmSync(escrow, { recursive: true, force: true, maxRetries: 3 }),
      };
    } catch (error) {
      rmSync(escrow, { recursive: true, force: true });
      throw error;
    }
  });
}

/** `mkdir` is the lock; the owner's process id inside tells a crashed run, whose escrow is cleared, from a running one. */
function claimEscrow(escrow: string, out: string): void {
  const owner = join(escrow, 'owner');
  if (existsSync(escrow)) {
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : Number.NaN;
    if (isRunning(pid)) {
      throw new UnusableOutput(`Process ${pid} is rehearsing into ${out} now. Wait for it, or choose another --out.`);
    }
    rmSync(escrow, { recursive: true, force: true });
  }
  mkdirSync(escrow, { mode: 0o700 });
  writeFileSync(owner, String(process.pid));
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** A crash between the two renames of a replacement leaves no output but the previous one beside it: put it back. */
function recoverPrevious(target: string, previous: string): void {
  if (!existsSync(previous)) return;
  if (existsSync(target)) rmSync(previous, { recursive: true, force: true });
  else renameSync(previous, target);
}

function assertReplaceable(target: string, out: string): void {
  if (!existsSync(target)) return;
  const present = listFiles(target);
  if (present.length === 0) return;
  const own = new Set(readRecord(join(target, ROUND_RECORD)));
  const foreign = present.filter((file) => !own.has(file));
  if (foreign.length === 0) return;
  const named = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ` and ${foreign.length - 3} more` : '');
  throw new UnusableOutput(
    `${out} holds files that no earlier round wrote (${named}); a round replaces its whole folder. Move them, or choose another --out.`,
  );
}

function readRecord(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  try {
    const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const files = typeof record === 'object' && record !== null && 'files' in record ? record.files : undefined;
    return Array.isArray(files) ? files.map(String) : [];
  } catch {
    return [];
  }
}

function publishRound(prepared: string, target: string, previous: string): void {
  syncTree(prepared);
  const replaces = existsSync(target) && listFiles(target).length > 0;
  if (replaces) renameSync(target, previous);
  renameSync(prepared, target);
  syncPath(dirname(target));
  if (replaces) rmSync(previous, { recursive: true, force: true });
}

/** Paths of all files below a folder, relative to it, with `/`. */
export function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listFiles(join(folder, entry.name)).map((file) => `${entry.name}/${file}`) : [entry.name],
  );
}

/** Bytes before names: after a power cut the published folder must not hold empty files. */
function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else syncPath(path);
  }
  syncPath(folder);
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function orUnusable<T>(out: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || code === 'ENOSPC') throw error;
    throw new UnusableOutput(`${out} cannot be written (${code}). Choose another --out.`, { cause: error });
  }
}
