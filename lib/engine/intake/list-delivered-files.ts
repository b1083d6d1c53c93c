import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { DeliveryProblem } from './delivery-problem';
import { detectFormat, type Format } from './detect-format';

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
  const root = resolveQuietly(path);
  if (root === undefined) {
    return refuse([{ where: path, problem: 'there is no such file or folder', remedy: 'Correct the path.' }]);
  }
  const problems: DeliveryProblem[] = [];
  const found = statSync(root).isDirectory() ? walk(root, root, problems) : [{ file: basename(path), path: root }];
  const files = found
    .toSorted((left, right) => (left.file < right.file ? -1 : 1))
    .flatMap(({ file, path: target }) => {
      const stat = statSync(target);
      if (!stat.isFile()) {
        problems.push({ where: file, problem: 'it is not a regular file', remedy: 'Deliver files and folders only.' });
      } else if (stat.size === 0) {
        problems.push({ where: file, problem: 'the file is empty', remedy: 'Deliver it again, or leave it out.' });
      } else return [{ file, path: target, bytes: stat.size }];
      return [];
    });
  if (problems.length > 0) return refuse(problems);
  if (files.length === 0) {
    const remedy = 'Put CSV, JSON lines or Parquet files into it. Names that begin with . or _ are left out.';
    return refuse([{ where: path, problem: 'the folder holds no files', remedy }]);
  }
  return agreeOnFormat(files);
}

function agreeOnFormat(files: readonly FoundFile[]): FoundDelivery {
  const formats = new Map<Format, string>();
  for (const { file, path } of files) {
    const format = detectFormat(path);
    if (!formats.has(format)) formats.set(format, file);
  }
  const [format, ...others] = formats.keys();
  if (format !== undefined && others.length === 0) return { kind: 'found', format, files };
  const examples = [...formats].map(([name, file]) => `${file} is ${FORMAT_NAMES[name]}`);
  const remedy = 'Deliver all files of a dataset in one format.';
  return refuse([{ where: 'the folder', problem: `it mixes formats: ${examples.join(', ')}`, remedy }]);
}

const FORMAT_NAMES: Readonly<Record<Format, string>> = { csv: 'CSV', 'json-lines': 'JSON lines', parquet: 'Parquet' };

function walk(root: string, folder: string, problems: DeliveryProblem[]): { file: string; path: string }[] {
  return readdirSync(folder, { withFileTypes: true })
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
