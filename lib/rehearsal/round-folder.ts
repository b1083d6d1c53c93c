import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';
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
  /** Whether publishing replaces an earlier round. */
  readonly replaces: boolean;
  /** Replaces the output folder by what is prepared. */
  publish(): void;
  /** Forgets what is prepared. Safe to call at any time, also after `publish`. */
  discard(): void;
}

/** Lists every file of a round; by it a later round knows what it may replace. */
export const ROUND_RECORD = 'round.json';

/** @throws UnusableOutput when `out` is in use, or holds anything that no earlier round of the agreement wrote. */
export function openRoundFolder(out: string, agreement: string): RoundFolder {
  const target = resolve(out);
  const escrow = join(dirname(target), `.${basename(target)}.escrow`);
  const previous = join(dirname(target), `.${basename(target)}.previous`);
  return orUnusable(out, () => {
    mkdirSync(dirname(target), { recursive: true });
    claimEscrow(escrow, out);
    try {
      recoverPrevious(target, previous);
      const replaces = assertReplaceable(target, out, agreement);
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
        replaces,
        publish: () =>
          orUnusable(out, () => {
            syncTree(prepared);
            // Again: what came into the folder while the round was prepared is kept.
            assertReplaceable(target, out, agreement);
            publishRound(prepared, target, previous);
          }),
        discard: () => rmSync(escrow, { recursive: true, force: true, maxRetries: 3 }),
      };
    } catch (error) {
      rmSync(escrow, { recursive: true, force: true });
      throw error;
    }
  });
}

/**
 * The escrow's name is the lock, and it comes with its owner inside: a folder is renamed to it, which fails while another
 * one has it. The owner's process tells a crashed run, whose escrow is cleared, from a running one.
 */
function claimEscrow(escrow: string, out: string): void {
  const owner = join(escrow, 'owner');
  const claimant = existsSync(owner) ? readFileSync(owner, 'utf8') : '';
  if (isRunning(claimant)) {
    const pid = claimant.split(' ')[0];
    throw new UnusableOutput(
      `Process ${pid} is rehearsing into ${out} now. Wait for it, or choose another --out. If it is something else, delete ${escrow}.`,
    );
  }
  rmSync(escrow, { recursive: true, force: true });
  clearClaims(escrow);
  const claim = `${escrow}-${process.pid}`;
  try {
    mkdirSync(claim, { mode: 0o700 });
    writeFileSync(join(claim, 'owner'), describeProcess(process.pid));
    renameSync(claim, escrow);
  } catch (error) {
    rmSync(claim, { recursive: true, force: true });
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    throw new UnusableOutput(`Another process began to rehearse into ${out} at this moment. Choose another --out.`);
  }
}

/** What is left of runs that crashed before they had the lock; there is no data in it. */
function clearClaims(escrow: string): void {
  const prefix = `${basename(escrow)}-`;
  for (const name of readdirSync(dirname(escrow))) {
    if (!name.startsWith(prefix)) continue;
    const pid = name.slice(prefix.length);
    if (pid === String(process.pid) || !isAlive(Number(pid))) {
      rmSync(join(dirname(escrow), name), { recursive: true, force: true });
    }
  }
}

/** Process ids are used again, at once in a container: the time at which it was started tells one from the next. */
function describeProcess(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return `${pid} ${fields[19]}`;
  } catch {
    return String(pid);
  }
}

function isRunning(claimant: string): boolean {
  const pid = Number(claimant.split(' ')[0]);
  return isAlive(pid) && describeProcess(pid) === claimant;
}

function isAlive(pid: number): boolean {
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
  if (!existsSync(target)) renameSync(previous, target);
  else if (listForeign(previous).length === 0) rmSync(previous, { recursive: true, force: true });
  else throw new UnusableOutput(`${previous} holds files that no round wrote. Move it out of the way.`);
}

/** Whether there is an earlier round. */
function assertReplaceable(target: string, out: string, agreement: string): boolean {
  const entry = lstatSync(target, { throwIfNoEntry: false });
  if (!entry) return false;
  if (entry.isSymbolicLink()) {
    throw new UnusableOutput(`${out} is a symbolic link; a round replaces its folder. Name the folder itself.`);
  }
  const foreign = listForeign(target);
  const earlier = readRecord(target);
  if (foreign.length === 0 && (!earlier || earlier.agreement === agreement)) return earlier !== undefined;
  if (foreign.length === 0) {
    throw new UnusableOutput(`${out} holds a round of agreement ${earlier?.agreement}. Choose another --out.`);
  }
  const named = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ` and ${foreign.length - 3} more` : '');
  throw new UnusableOutput(
    `${out} holds files that no earlier round wrote (${named}); a round replaces its whole folder. Move them, or choose another --out.`,
  );
}

/** Files that the round in this folder, if it is one, does not list. */
function listForeign(folder: string): readonly string[] {
  const present = listFiles(folder);
  if (present.length === 0) return [];
  const own = new Set(readRecord(folder)?.files);
  return present.filter((file) => !own.has(file));
}

const recordSchema = z.object({ agreement: z.object({ id: z.string() }), files: z.array(z.string()) });

function readRecord(folder: string): { readonly agreement: string; readonly files: readonly string[] } | undefined {
  const file = join(folder, ROUND_RECORD);
  if (!existsSync(file)) return undefined;
  try {
    const { agreement, files } = recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { agreement: agreement.id, files };
  } catch {
    return undefined;
  }
}

function publishRound(prepared: string, target: string, previous: string): void {
  const replaces = existsSync(target) && listFiles(target).length > 0;
  if (replaces) renameSync(target, previous);
  renameSync(prepared, target);
  syncPath(dirname(target));
  if (replaces && listForeign(previous).length === 0) rmSync(previous, { recursive: true, force: true });
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
