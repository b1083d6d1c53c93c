import { COUNT_ROWS_CODE } from './count-rows-code';

/** A place for all rows, in one order of them. */
export interface RowPlace {
  /** Per word that tells classes apart, the words of all rows. */
  readonly words: readonly Uint32Array[];
  /** Per row, no more than a class must hold. */
  readonly subjects: Uint8Array | Uint32Array;
}

interface RowBlock {
  readonly from: number;
  readonly to: number;
  /** Per word, the bits that count. */
  readonly masks: readonly number[];
  /** Of the number of slots that classes are counted in. */
  readonly slotBits: number;
}

export interface RowKernel {
  readonly places: readonly RowPlace[];
  /** Classes that meet in a slot are counted as one. Returns how many rows are in too small a one, written to `found` behind others. */
  readonly listLost: (place: RowPlace, block: RowBlock, before: number) => number;
  /** How many subjects these rows stand for, which takes less time than a list of them; absent where a class must hold too many. */
  readonly sumLost?: (place: RowPlace, block: RowBlock) => number;
  readonly found: Uint32Array;
}

interface RowRoom {
  readonly rows: number;
  readonly words: number;
  /** Places asked for; there are as many as fit in `MOST_BYTES`, and one at least. */
  readonly places: number;
  readonly slotBits: number;
  /** Subjects that a class must hold. */
  readonly least: number;
}

interface Memory {
  readonly buffer: ArrayBuffer;
}
interface Exports {
  readonly list: (...numbers: number[]) => number;
  readonly sum: (...numbers: number[]) => number;
}

/** What this needs of the language's own `WebAssembly`, of which the types are not told. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly row: { readonly memory: Memory } },
  ) => { readonly exports: Exports };
};

const WORD = 32;
const PAGE = 2 ** 16;
/** All places together; memory that nothing is written to costs none. */
const MOST_BYTES = 2 ** 31;
/** Two counts of so many fit in a byte. */
const MOST_IN_BYTE = 127;
/** Four rows are taken at a time: what lies behind the last one is read, and not used. */
const SPARE = 64;

/** Counts rows by what `count-rows.wat` says, four at a time. */
export function openRowKernel({ rows, words, places: wanted, slotBits, least }: RowRoom): RowKernel {
  const isWide = least > MOST_IN_BYTE;
  const width = isWide ? 4 : 1;
  let size = 0;
  const allot = (bytes: number) => {
    const at = size;
    size += Math.ceil((bytes + SPARE) / SPARE) * SPARE;
    return at;
  };
  const keys = allot(8 * words);
  const counts = allot(width * 2 ** slotBits);
  const slots = allot(4 * rows);
  const found = allot(4 * rows);
  const ofPlace = words * 4 * rows + width * rows;
  const starts = [allot(ofPlace)];
  while (starts.length < wanted && size + ofPlace + SPARE < MOST_BYTES) starts.push(allot(ofPlace));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE) });
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(COUNT_ROWS_CODE), (letter) => letter.charCodeAt(0)));
  const { list, sum } = new WebAssembly.Instance(compiled, { row: { memory } }).exports;
  const { buffer } = memory;
  const keyWords = new Int32Array(buffer, keys, 2 * words);
  const places = starts.map((start): RowPlace => {
    const subjects = start + 4 * words * rows;
    return {
      words: Array.from({ length: words }, (_, word) => new Uint32Array(buffer, start + 4 * word * rows, rows)),
      subjects: isWide ? new Uint32Array(buffer, subjects, rows) : new Uint8Array(buffer, subjects, rows),
    };
  });
  /** Where the words are whose bits count; those that no bit counts of are passed over. */
  function writeKeys(place: RowPlace, masks: readonly number[]): number {
    let end = 0;
    for (let word = 0; word < words; word++) {
      if (masks[word] === 0) continue;
      keyWords[end++] = place.words[word]!.byteOffset;
      keyWords[end++] = masks[word]!;
    }
    return keys + 4 * end;
  }

  return {
    places,
    listLost: (place, { from, to, masks, slotBits: bits }, before) => {
      const end = writeKeys(place, masks);
      const at = found + 4 * before;
      return list(
        keys,
        end,
        place.subjects.byteOffset,
        slots,
        counts,
        at,
        from,
        to,
        least,
        WORD - bits,
        isWide ? 1 : 0,
      );
    },
    ...(!isWide && {
      sumLost: (place, { from, to, masks, slotBits: bits }) => {
        const end = writeKeys(place, masks);
        return sum(keys, end, place.subjects.byteOffset, slots, counts, from, to, least, WORD - bits);
      },
    }),
    found: new Uint32Array(buffer, found, rows),
  };
}

let compiled: object | undefined;
