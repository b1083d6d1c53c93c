import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineFailure } from '../engine-failure';

/**
 * Puts a finished file (behind a head, if any) where it belongs: under a name of its own beside the target, and renamed.
 * The target is there whole or not at all. Readable for its owner alone; the folder is made.
 */
export async function publishFile(from: string, to: string, head = ''): Promise<void> {
  const unfinished = `${to}.unfinished`;
  try {
    await mkdir(dirname(to), { recursive: true });
    if (head !== '' || !(await moveQuickly(from, unfinished))) await copyFile(from, unfinished, head);
    await rename(unfinished, to);
    await rm(from, { force: true });
  } catch (error) {
    // What went wrong first is the news, not that there is nothing to take away.
    await rm(unfinished, { force: true }).catch(() => {});
    throw describeWriteError(error, to);
  }
}

async function moveQuickly(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    const file = await open(to);
    await file.chmod(0o600).finally(() => file.close());
    return true;
  } catch (error) {
    // Another file system.
    if (codeOf(error) === 'EXDEV') return false;
    throw error;
  }
}

async function copyFile(from: string, to: string, head: string): Promise<void> {
  const target = createWriteStream(to, { mode: 0o600 });
  target.write(head);
  await pipeline(createReadStream(from), target);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function describeWriteError(error: unknown, path: string): EngineFailure {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new EngineFailure('The disk is full', 'Free some space and start again.', { cause: error })
    : new EngineFailure(`${path} could not be written`, 'Check its folder and permissions.', { cause: error });
}
