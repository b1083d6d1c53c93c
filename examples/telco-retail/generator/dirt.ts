import type { Choice, Random } from './random';

/** Share of the rows with something wrong in them, in each file. */
export const DIRT_SHARE = 0.01;

/** Something that goes wrong with one row: what stands in the file in the row's place. */
export type Dirt<Row> = (row: Row, write: (row: Row) => string) => string;

export function writeRow<Row>(random: Random, row: Row, write: (row: Row) => string, dirt: Choice<Dirt<Row>>): string {
  return random.chance(DIRT_SHARE) ? random.pick(dirt)(row, write) : write(row);
}
