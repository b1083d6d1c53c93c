import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StoredObject } from '../../domain/audit/ledger/record-accesses';
import { errorCode } from '../../error-code';
import type { OpenLedger } from '../audit-run';

/** Somebody else is writing to the ledger. */
export class LedgerInUse extends Error {
  override readonly name = 'LedgerInUse';
}

const LOCK = 'lock';
const TEMPORARY = 'tmp';

/** A ledger in a folder, for one process at a time. @throws LedgerInUse */
export function openLedgerFolder(folder: string): OpenLedger {
  mkdirSync(join(folder, TEMPORARY), { recursive: true });
  takeLock(folder);
  const pathOf = (path: string) => join(folder, ...path.split('/'));
  const read = (path: string): StoredObject | undefined => {
    try {
      const bytes = new Uint8Array(readFileSync(pathOf(path)));
      return { bytes, tag: createHash('sha256').update(bytes).digest('hex') };
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  };
  /** Written whole under another name first: no crash leaves half of it in its place. */
  const write = async (path: string, bytes: Uint8Array): Promise<string> => {
    mkdirSync(dirname(pathOf(path)), { recursive: true });
    const temporary = join(folder, TEMPORARY, randomUUID());
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    return temporary;
  };
  return {
    get: async (path) => read(path),
    list: async (prefix) => listBelow(pathOf(prefix), prefix),
    putNew: async (path, bytes) => {
      if (existsSync(pathOf(path))) return false;
      const temporary = await write(path, bytes);
      try {
        linkSync(temporary, pathOf(path));
        return true;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
        return false;
      } finally {
        rmSync(temporary, { force: true });
      }
    },
    replace: async (path, bytes, tag) => {
      // Nobody else writes while the lock is held.
      if (read(path)?.tag !== tag) return false;
      renameSync(await write(path, bytes), pathOf(path));
      return true;
    },
    tidy: () => rmSync(join(folder, 'staged'), { recursive: true, force: true }),
    close: () => {
      rmSync(join(folder, TEMPORARY), { recursive: true, force: true });
      rmSync(join(folder, LOCK), { force: true });
    },
  };
}

/** @param prefix ends with a slash: a folder of objects */
function listBelow(folder: string, prefix: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listBelow(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

/** Written whole under another name first: half a number would be that of another process. */
function takeLock(folder: string): void {
  const path = join(folder, LOCK);
  const draft = join(folder, TEMPORARY, randomUUID());
  for (let tried = 0; tried < 2; tried += 1) {
    const file = openSync(draft, 'w');
    try {
      writeSync(file, `${process.pid}\n`);
    } finally {
      closeSync(file);
    }
    try {
      linkSync(draft, path);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    const holder = Number(readFileSync(path, 'utf8'));
    if (isRunning(holder)) break;
    // Whoever held it ended without letting go: the ledger is made for that.
    rmSync(path, { force: true });
  }
  throw new LedgerInUse(`Another process writes to the ledger in ${folder}. Wait until it is through.`);
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
