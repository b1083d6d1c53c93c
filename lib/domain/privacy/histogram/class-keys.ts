import type { Ladder } from '../hierarchies/ladder';
import type { Histogram } from './histogram';

/** A part of the key that tells classes apart at a node: what the values of some columns are shown as. */
export interface KeyDigit {
  /** Per tuple, its combination of the columns' values. */
  readonly combinations: Uint32Array | Uint16Array;
  /** Per combination, what it is shown as: 0 up to `radix`. */
  readonly codes: Uint32Array;
  readonly radix: number;
}

/** Columns whose values have no more combinations than this share a digit: fewer look-ups, from tables in the processor's reach. */
const MOST_COMBINATIONS = 2 ** 12;
/** Numbers that tables of combinations may hold; beyond that they are made again. */
const KEPT_NUMBERS = 2 ** 23;

/** Columns that share a digit. */
interface KeyGroup {
  readonly columns: readonly number[];
  /** Per column, its number of values; the last column's value is what a combination is by the rest. */
  readonly sizes: readonly number[];
  /** Per tuple, its combination of the columns' values. */
  readonly combinations: Uint32Array | Uint16Array;
  readonly digitAt: (node: readonly number[]) => KeyDigit;
}

export function createKeyGroups(histogram: Histogram, ladders: readonly Ladder[]): readonly KeyGroup[] {
  return groupColumns(histogram).map((columns) => createGroup(histogram, ladders, columns));
}

function groupColumns({ columns }: Histogram): readonly (readonly number[])[] {
  const order = [...columns.keys()].sort((one, other) => columns[other]!.values.length - columns[one]!.values.length);
  const groups: { columns: number[]; combinations: number }[] = [];
  for (const column of order) {
    const values = Math.max(1, columns[column]!.values.length);
    const group = groups.find(({ combinations }) => combinations * values <= MOST_COMBINATIONS);
    if (group) {
      group.columns.push(column);
      group.combinations *= values;
    } else groups.push({ columns: [column], combinations: values });
  }
  return groups.map((group) => group.columns);
}

function createGroup({ columns, tuples }: Histogram, ladders: readonly Ladder[], group: readonly number[]): KeyGroup {
  const sizes = group.map((column) => Math.max(1, columns[column]!.values.length));
  const count = sizes.reduce((product, size) => product * size, 1);
  const combinations = count <= 2 ** 16 ? new Uint16Array(tuples) : new Uint32Array(tuples);
  for (const [place, column] of group.entries()) {
    const { codes } = columns[column]!;
    for (let tuple = 0; tuple < tuples; tuple++)
      combinations[tuple] = combinations[tuple]! * sizes[place]! + codes[tuple]!;
  }
  const kept = new Map<number, KeyDigit>();
  const digitAt = (node: readonly number[]): KeyDigit => {
    const key = group.reduce((sum, column) => sum * ladders[column]!.levels.length + node[column]!, 0);
    const before = kept.get(key);
    if (before) return before;
    const shown = group.map((column) => ladders[column]!.levels[node[column]!]!);
    const digit = {
      combinations,
      codes: combine(shown, sizes),
      radix: shown.reduce((product, level) => product * level.shown.length, 1),
    };
    if (kept.size * count < KEPT_NUMBERS) kept.set(key, digit);
    return digit;
  };
  return { columns: group, sizes, combinations, digitAt };
}

function combine(
  shown: readonly { readonly codes: Uint32Array; readonly shown: readonly unknown[] }[],
  sizes: readonly number[],
): Uint32Array {
  let codes = Uint32Array.of(0);
  for (const [place, level] of shown.entries()) {
    const size = sizes[place]!;
    const radix = level.shown.length;
    const next = new Uint32Array(codes.length * size);
    for (let before = 0; before < codes.length; before++)
      for (let value = 0; value < size; value++)
        next[before * size + value] = codes[before]! * radix + (level.codes[value] ?? 0);
    codes = next;
  }
  return codes;
}
