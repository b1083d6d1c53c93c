import type { SensitiveCounts } from './histogram';

/** The cell in which rows of a tuple with a sensitive value are counted; −1 where there are none. */
export function findCell({ offsets, codes }: Pick<SensitiveCounts, 'offsets' | 'codes'>, tuple: number, code: number) {
  const from = offsets[tuple]!;
  const found = codes.subarray(from, offsets[tuple + 1]!).indexOf(code);
  return found < 0 ? -1 : from + found;
}
