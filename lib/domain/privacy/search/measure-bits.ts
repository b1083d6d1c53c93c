import type { Ladder } from '../hierarchies/ladder';
import type { Histogram } from '../histogram/histogram';

/** Per level, the bits by which a column tells tuples apart. */
export function measureBits({ columns, tuples }: Histogram, { levels }: Ladder, column: number): readonly number[] {
  const { codes } = columns[column]!;
  return levels.map((level) => {
    const tuplesOf = new Float64Array(level.shown.length);
    for (let tuple = 0; tuple < tuples; tuple++) tuplesOf[level.codes[codes[tuple]!]!]! += 1;
    return tuplesOf.reduce((sum, own) => sum + (own === 0 ? 0 : (own / tuples) * Math.log2(tuples / own)), 0);
  });
}
