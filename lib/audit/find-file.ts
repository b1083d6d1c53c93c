import type { ScannedFile } from './scan-files';

/** One of files in order of their names; undefined: not among them. There may be too many for another table of them. */
export function findFile(files: readonly ScannedFile[], name: string): ScannedFile | undefined {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (files[middle]!.file < name) low = middle + 1;
    else high = middle;
  }
  const found = files[low];
  return found?.file === name ? found : undefined;
}
