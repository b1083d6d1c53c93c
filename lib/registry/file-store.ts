import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RecordStore, StoredRecord } from '../domain/registry/record-store';
import { errorCode } from '../error-code';

/** The folder of the registry cannot be read or written. */
export class UnusableRegistry extends Error {
  override readonly name = 'UnusableRegistry';
}

/**
 * Records in a folder, one file for each revision: `<partition>/<sort key>.<revision>.json`. A file is written whole under
 * another name and linked into place, which fails where one stands already; so two writers at once, and a crash at any point,
 * leave the record of one of them, and every earlier revision stays to be looked at.
 * @throws UnusableRegistry
 */
export function openFileStore(folder: string): RecordStore {
  const folderOf = (partition: string) => join(folder, encode(partition));
  const list = (partition: string): readonly Revision[] => latest(listRevisions(folderOf(partition)));
  const write = (partition: string, sk: string, revision: number, record: unknown): boolean =>
    usable(folder, () =>
      linkNew(folderOf(partition), `${encode(sk)}.${revision}.json`, `${JSON.stringify(record, null, 2)}\n`),
    );
  return {
    async read({ pk, sk }) {
      const found = usable(folder, () => list(pk).find((each) => each.sk === sk));
      return found && load(folderOf(pk), found);
    },
    async list(partition, prefix, least = prefix) {
      return usable(folder, () =>
        list(partition)
          .filter(({ sk }) => sk.startsWith(prefix) && sk >= least)
          .sort((a, b) => (a.sk < b.sk ? -1 : 1))
          .map((each) => load(folderOf(partition), each)),
      );
    },
    async create({ pk, sk }, record) {
      return write(pk, sk, 1, record);
    },
    async replace({ pk, sk }, revision, record) {
      const found = usable(folder, () => list(pk).find((each) => each.sk === sk));
      return found?.revision === revision && write(pk, sk, revision + 1, record);
    },
  };
}

interface Revision {
  readonly sk: string;
  readonly revision: number;
  readonly file: string;
}

/** Sort keys hold `#` and `:`, which not every file system takes in a name. */
function encode(key: string): string {
  return encodeURIComponent(key);
}

function listRevisions(folder: string): readonly Revision[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap((file) => {
    const [, name, revision] = /^([^.].*)\.([1-9]\d*)\.json$/.exec(file) ?? [];
    return name === undefined ? [] : [{ sk: decodeURIComponent(name), revision: Number(revision), file }];
  });
}

function latest(revisions: readonly Revision[]): readonly Revision[] {
  const newest = new Map<string, Revision>();
  for (const each of revisions) if ((newest.get(each.sk)?.revision ?? 0) < each.revision) newest.set(each.sk, each);
  return [...newest.values()];
}

/** What holds no JSON is a record that nobody can read: it opens nothing. */
function load(folder: string, { sk, revision, file }: Revision): StoredRecord {
  const text = readFileSync(join(folder, file), 'utf8');
  try {
    return { sk, revision, record: JSON.parse(text) };
  } catch {
    return { sk, revision, record: undefined };
  }
}

/** False where a file of that name stands already. */
function linkNew(folder: string, name: string, text: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${randomBytes(8).toString('hex')}.draft`);
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, join(folder, name));
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(folder);
  return true;
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function usable<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || code === 'ENOSPC') throw error;
    throw new UnusableRegistry(
      `The registry ${folder} can be neither read nor written (${code}). Name another, or mend it.`,
      {
        cause: error,
      },
    );
  }
}
