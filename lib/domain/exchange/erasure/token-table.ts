import type { ReleaseRecord } from '../../registry/round-records';

/*
 * Whose tokens a release holds, in a form in which one is looked up by two short reads, however large the release: of each token
 * the first twelve digits, as a number, in order. Before them stands where those begin that begin with the same two digits. That
 * somebody is taken for another of ten million happens once in twenty-eight million times; nobody who is there is missed.
 */

/** Digits of a token that the table holds. */
const DIGITS = 12;
/** Bytes of those digits. */
const WIDTH = 6;
/** By the first two digits. */
const GROUPS = 256;
/** Bytes of a place in the order. */
const PLACE = 4;

/** Half of the digits each, so that a half is a number of 32 bits. */
export const HALF_DIGITS = DIGITS / 2;

/** More tokens than a function has room to sort: such a release has no table. */
export const MOST_TOKENS = 10_000_000;

/** Beside the folder in which the release waits, so that no file of it is this. */
export function placeTokenTable({ place }: Pick<ReleaseRecord, 'place'>): string {
  return `${place.replace(/\/$/, '')}${TOKEN_TABLE}`;
}

export const TOKEN_TABLE = '.tokens';

/** @param high the first half of each token's digits, `low` the second, in any order */
export function writeTokenTable(high: ArrayLike<number>, low: ArrayLike<number>): Uint8Array {
  const numbers = Float64Array.from(high, (half, at) => half * SHIFT + low[at]!).sort();
  const head = GROUPS * PLACE + PLACE;
  const written = new DataView(new ArrayBuffer(head + numbers.length * WIDTH));
  const counts = new Uint32Array(GROUPS);
  for (const [at, number] of numbers.entries()) {
    const upper = Math.floor(number / LOW);
    written.setUint16(head + at * WIDTH, upper);
    written.setUint32(head + at * WIDTH + 2, number % LOW);
    counts[upper >> 8]! += 1;
  }
  let place = 0;
  for (let group = 0; group < GROUPS; group += 1) {
    written.setUint32(group * PLACE, place);
    place += counts[group]!;
  }
  written.setUint32(GROUPS * PLACE, place);
  return new Uint8Array(written.buffer);
}

/** Bytes of a table from the first offset up to the second, excluded; undefined where there is none. */
export type ReadTable = (start: number, end: number) => Promise<Uint8Array | undefined>;

/** Undefined where what is read is no whole table: then nothing is known of who is in it. */
export async function isInTable(token: string, read: ReadTable): Promise<boolean | undefined> {
  const group = Number.parseInt(token.slice(0, 2), 16);
  const bounds = viewOf(await read(group * PLACE, (group + 2) * PLACE), 2 * PLACE);
  if (bounds === undefined) return undefined;
  const [first, end] = [bounds.getUint32(0), bounds.getUint32(PLACE)];
  if (first === end) return false;
  const head = (GROUPS + 1) * PLACE;
  const found = viewOf(await read(head + first * WIDTH, head + end * WIDTH), (end - first) * WIDTH);
  if (found === undefined) return undefined;
  const [upper, lower] = [Number.parseInt(token.slice(0, 4), 16), Number.parseInt(token.slice(4, DIGITS), 16)];
  for (let at = 0; at < found.byteLength; at += WIDTH)
    if (found.getUint16(at) === upper && found.getUint32(at + 2) === lower) return true;
  return false;
}

function viewOf(bytes: Uint8Array | undefined, length: number): DataView | undefined {
  return bytes?.length === length ? new DataView(bytes.buffer, bytes.byteOffset, length) : undefined;
}

const LOW = 2 ** 32;
const SHIFT = 16 ** HALF_DIGITS;
