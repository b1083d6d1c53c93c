import type { Histogram } from '../histogram/histogram';

/** Per column and value, the rows of the tuples that stand at some places of an order; absent where it is the histogram's own. */
type LostValues = (places: Uint32Array, order: Uint32Array | undefined) => readonly Float64Array[];

/** Lost tuples are all over, and to come upon one by chance takes long: they are gone through in the histogram's order. */
export function createLostValues(histogram: Histogram): LostValues {
  const { tuples, columns, rows } = histogram;
  const starts = [0];
  for (const { values } of columns) starts.push(starts.at(-1)! + Math.max(1, values.length));
  /** A bit for each tuple, none between two calls. */
  const marks = new Int32Array(Math.ceil(tuples / 32));
  const width = columns.length;
  let valuesOf: Uint16Array | Uint32Array | undefined;
  return (places, order) => {
    valuesOf ??= listValues(histogram, starts);
    for (let at = 0; at < places.length; at++) {
      const tuple = order ? order[places[at]!]! : places[at]!;
      marks[tuple >>> 5]! |= 1 << (tuple & 31);
    }
    const sums = new Float64Array(starts.at(-1)!);
    for (let word = 0; word < marks.length; word++) {
      for (let bits = marks[word]!; bits !== 0; bits &= bits - 1) {
        const tuple = 32 * word + 31 - Math.clz32(bits & -bits);
        const lost = rows[tuple]!;
        for (let at = tuple * width; at < (tuple + 1) * width; at++) sums[valuesOf[at]!]! += lost;
      }
      marks[word] = 0;
    }
    return columns.map((_, column) => sums.subarray(starts[column]!, starts[column + 1]!));
  };
}

/** A tuple's values side by side, of all columns numbered on. */
function listValues({ tuples, columns }: Histogram, starts: readonly number[]): Uint16Array | Uint32Array {
  const all = new (starts.at(-1)! > 2 ** 16 ? Uint32Array : Uint16Array)(tuples * columns.length);
  for (const [column, { codes }] of columns.entries())
    for (let tuple = 0, at = column; tuple < tuples; tuple++, at += columns.length)
      all[at] = starts[column]! + codes[tuple]!;
  return all;
}
