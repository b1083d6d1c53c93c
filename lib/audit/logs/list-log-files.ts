import { type Dirent, opendirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../error-code';
import type { OrderedList } from '../spool/ordered-list';

export interface LogFolder {
  /** In order of their names. */
  readonly files: OrderedList<FoundLog>;
  /** Of all files together. */
  readonly bytes: number;
  readonly unread: readonly UnreadFile[];
}

export interface FoundLog {
  /** Path below the folder, with slashes. */
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  /** An earlier report was made of it. */
  readonly reported?: true;
}

/** A file that was not read, or not to its end, and why. */
export interface UnreadFile {
  readonly file: string;
  readonly problem: string;
}

/**
 * All files below a folder. Links are not followed: they could lead anywhere, and to the same file twice. Hidden files
 * (`.…`) are left out.
 */
export function listLogFiles(root: string): {
  readonly files: readonly FoundLog[];
  readonly unread: readonly UnreadFile[];
} {
  const files: FoundLog[] = [];
  const unread: UnreadFile[] = [];
  walkLogFiles(
    root,
    (file) => files.push(file),
    (file) => unread.push(file),
  );
  return { files: files.toSorted(compareNames), unread };
}

/** The same, in any order: there may be too many for the memory. */
export function walkLogFiles(root: string, take: (file: FoundLog) => void, miss: (file: UnreadFile) => void): void {
  const attempt = <T>(file: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      miss({ file: file === '' ? '.' : file, problem: `it cannot be read (${code})` });
      return undefined;
    }
  };
  const enter = (folder: string, entry: Dirent) => {
    if (entry.name.startsWith('.')) return;
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return walk(file);
    if (!entry.isFile()) return miss({ file, problem: 'it is a link or something else that is no file' });
    const path = join(root, file);
    const bytes = attempt(file, () => statSync(path).size);
    if (bytes !== undefined) take({ file, path, bytes });
  };
  const walk = (folder: string): void => {
    const open = attempt(folder, () => opendirSync(join(root, folder), { bufferSize: ENTRIES }));
    if (open === undefined) return;
    const read = () => attempt(folder, () => open.readSync()) ?? undefined;
    try {
      for (let entry = read(); entry !== undefined; entry = read()) enter(folder, entry);
    } finally {
      open.closeSync();
    }
  };
  walk('');
}

/** Of a folder, at once. */
const ENTRIES = 1024;

/** In order of their names. */
export function compareNames(left: { readonly file: string }, right: { readonly file: string }): number {
  return left.file < right.file ? -1 : Number(left.file > right.file);
}
