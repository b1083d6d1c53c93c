import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of the checkout. Code may run where it was written, or put together in one file below `node_modules`. */
export const ROOT_FOLDER = findRoot(__dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (dirname(folder) === folder) throw new Error('No package.json lies above this code: run it from its checkout.');
  return findRoot(dirname(folder));
}
