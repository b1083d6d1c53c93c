import { type Dirent, existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { DeliveryProblem } from './delivery-problem';
import { describeForeignFile } from './describe-foreign-file';
import { describeUnreadable } from './describe-unreadable';
import { detectFormat, type Format, readHead } from './detect-format';

export interface FoundFile {
  /** Base name, or path below the delivered folder. */
  readonly file: string;
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly bytes: number;
}

export type FoundDelivery =
  | { readonly kind: 'found'; readonly format: Format; readonly files: readonly FoundFile[] }
  | { readonly kind: 'refused'; readonly problems: readonly DeliveryProblem[] };

/** The files of a delivery, sorted by name: the file itself, or all files below a folder that are not hidden (`.…`, `_…`). */
export function listDeliveredFiles(path: string): FoundDelivery {
  const problems: DeliveryProblem[] = [];
  const found = attempt(path, problems, () => {
    if (lstatSync(path).isSymbolicLink() && !existsSync(path)) {
      problems.push({ where: path, problem: 'the link leads nowhere', remedy: 'Name the file itself.' });
      return [];
    }
    const root = realpathSync(path);
    return statSync(root).isDirectory() ? walk(root, root, problems) : [{ file: basename(path), path: root }];
  });
  const opened = (found ?? [])
    .toSorted((left, right) => (left.file < right.file ? -1 : 1))
    .flatMap(({ file, path: target }) => attempt(file, problems, () => openFile(file, target, problems)) ?? []);
  if (problems.length > 0) return refuse(problems);
  if (opened.length === 0) {
    const remedy = 'Put CSV, JSON lines or Parquet files into it. Names that begin with . or _ are left out.';
    return refuse([{ where: path, problem: 'the folder holds no files', remedy }]);
  }
  return agreeOnFormat(opened);
}

interface OpenedFile extends FoundFile {
  readonly format: Format;
}

/** Looks into a file: what cannot be read, or is of no use, is told before anything is done with the others. */
function openFile(file: string, path: string, problems: DeliveryProblem[]): readonly OpenedFile[] {
  const stat = statSync(path);
  if (!stat.isFile()) {
    problems.push({ where: file, problem: 'it is not a regular file', remedy: 'Deliver files and folders only.' });
    return [];
  }
  if (stat.size === 0) {
    problems.push({ where: file, problem: 'the file is empty', remedy: 'Give one that holds rows, or leave it out.' });
    return [];
  }
  const head = readHead(path, 4096);
  const format = detectFormat(path, head);
  const foreign = describeForeignFile(path, head, format);
  if (foreign) problems.push({ where: file, ...foreign });
  return [{ file, path, bytes: stat.size, format }];
}

/** Does what the system may refuse; then it is a problem, and the result undefined. */
function attempt<T>(where: string, problems: DeliveryProblem[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const problem = describeUnreadable(where, error);
    if (!problem) throw error;
    problems.push(problem);
    return undefined;
  }
}

function agreeOnFormat(files: readonly OpenedFile[]): FoundDelivery {
  const formats = new Map<Format, string>();
  for (const { file, format } of files) if (!formats.has(format)) formats.set(format, file);
  const [format, ...others] = formats.keys();
  if (format !== undefined && others.length === 0) return { kind: 'found', format, files };
  const examples = [...formats].map(([name, file]) => `${file} is ${FORMAT_NAMES[name]}`);
  const remedy = 'Deliver all files of a dataset in one format.';
  return refuse([{ where: 'the folder', problem: `it mixes formats: ${examples.join(', ')}`, remedy }]);
}

const FORMAT_NAMES: Readonly<Record<Format, string>> = { csv: 'CSV', 'json-lines': 'JSON lines', parquet: 'Parquet' };

function walk(root: string, folder: string, problems: DeliveryProblem[]): { file: string; path: string }[] {
  const entries = attempt(relative(root, folder) || root, problems, () => readdirSync(folder, { withFileTypes: true }));
  return (entries ?? [])
    .filter(({ name }) => !name.startsWith('.') && !name.startsWith('_'))
    .flatMap((entry) => visit(root, folder, entry, problems));
}

function visit(root: string, folder: string, entry: Dirent, problems: DeliveryProblem[]) {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return walk(root, path, problems);
  const file = relative(root, path);
  if (!entry.isSymbolicLink()) return [{ file, path }];
  const target = resolveQuietly(path);
  if (target?.startsWith(root + sep) && statSync(target).isFile()) return [{ file, path: target }];
  const problem =
    target === undefined ? 'the link leads nowhere' : 'the link does not lead to a file inside the delivered folder';
  problems.push({ where: file, problem, remedy: 'Put the file itself there.' });
  return [];
}

function resolveQuietly(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function refuse(problems: readonly DeliveryProblem[]): FoundDelivery {
  return { kind: 'refused', problems };
}
