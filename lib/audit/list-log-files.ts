import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../error-code';

export interface LogFolder {
  /** In order of their names. */
  readonly files: readonly FoundLog[];
  readonly unread: readonly UnreadFile[];
}

export interface FoundLog {
  /** Path below the folder, with slashes. */
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
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
export function listLogFiles(root: string): LogFolder {
  const files: FoundLog[] = [];
  const unread: UnreadFile[] = [];
  walk(root, '', files, unread);
  return { files: files.toSorted((left, right) => (left.file < right.file ? -1 : 1)), unread };
}

function walk(root: string, folder: string, files: FoundLog[], unread: UnreadFile[]): void {
  const entries = attempt(folder, unread, () => readdirSync(join(root, folder), { withFileTypes: true })) ?? [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(root, file, files, unread);
    else if (!entry.isFile()) unread.push({ file, problem: 'it is a link or something else that is no file' });
    else {
      const path = join(root, file);
      const bytes = attempt(file, unread, () => statSync(path).size);
      if (bytes !== undefined) files.push({ file, path, bytes });
    }
  }
}

function attempt<T>(file: string, unread: UnreadFile[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    unread.push({ file: file === '' ? '.' : file, problem: `it cannot be read (${code})` });
    return undefined;
  }
}
