import type { Ladder } from '../hierarchies/ladder';
import type { Node } from '../histogram/class-merger';
import type { Histogram } from '../histogram/histogram';

/** What tells the classes of a node apart, as some of the bits of a few words per tuple. */
export interface RowWords {
  readonly count: number;
  /** Of all tuples, in their order. */
  readonly list: (word: number) => Uint32Array;
  /** Per word, the bits that are the same within a class of the node, and in no other class. */
  readonly masksAt: (node: Node) => readonly number[];
}

/** Which of those that its value is merged with at the next level, as a number of so many bits. */
interface Digit {
  readonly column: number;
  readonly level: number;
  readonly bits: number;
  /** Per value. */
  readonly codes: Uint32Array;
}

interface Place {
  readonly word: number;
  readonly shift: number;
}

const WORD = 32;

/**
 * A value is written as its group at the most general level, which of the groups of that at the next, and so on: to
 * generalise is to look at fewer bits. Those of general levels share the first words, so that most nodes need no others.
 */
export function packRowWords({ columns, tuples }: Histogram, ladders: readonly Ladder[]): RowWords {
  const digits = ladders
    .flatMap(listDigits)
    .sort((one, other) => depthOf(one, ladders) - depthOf(other, ladders) || other.bits - one.bits);
  const used: number[] = [];
  const places = digits.map(({ bits }): Place => {
    const fits = used.findIndex((own) => own + bits <= WORD);
    const word = fits < 0 ? used.length : fits;
    const shift = used[word] ?? 0;
    used[word] = shift + bits;
    return { word, shift };
  });
  return {
    count: used.length,
    list: (word) => {
      const words = new Uint32Array(tuples);
      for (const [column, { values, codes }] of columns.entries()) {
        const bitsOf = new Uint32Array(values.length);
        for (const [index, digit] of digits.entries())
          if (digit.column === column && places[index]!.word === word)
            for (let value = 0; value < values.length; value++)
              bitsOf[value]! |= digit.codes[value]! << places[index]!.shift;
        if (bitsOf.some((bits) => bits !== 0))
          for (let tuple = 0; tuple < tuples; tuple++) words[tuple]! |= bitsOf[codes[tuple]!]!;
      }
      return words;
    },
    masksAt: (node) => {
      const masks = used.map(() => 0);
      for (let index = 0; index < digits.length; index++) {
        const { column, level, bits } = digits[index]!;
        const { word, shift } = places[index]!;
        if (level >= node[column]!) masks[word]! |= (2 ** bits - 1) << shift;
      }
      return masks;
    },
  };
}

function depthOf({ column, level }: Digit, ladders: readonly Ladder[]): number {
  return ladders[column]!.levels.length - level;
}

/** Those of levels that tell nothing more than the next are left out. */
function listDigits({ levels }: Ladder, column: number): readonly Digit[] {
  return levels.flatMap(({ codes, shown }, level): readonly Digit[] => {
    const parents = levels[level + 1];
    const met = new Uint32Array(parents?.shown.length ?? 1);
    const digitOf = new Int32Array(shown.length).fill(-1);
    let most = 0;
    const own = codes.map((code, value) => {
      if (digitOf[code]! < 0) digitOf[code] = met[parents?.codes[value] ?? 0]!++;
      most = Math.max(most, digitOf[code]!);
      return digitOf[code]!;
    });
    return most === 0 ? [] : [{ column, level, bits: WORD - Math.clz32(most), codes: own }];
  });
}
