import type { LeafOrder } from '../hierarchies/leaf-order';
import type { Histogram } from '../histogram/histogram';
import type { Region } from './build-regions';
import type { LinkedGroups } from './linked-groups';
import type { RegionJudge } from './region-judge';

interface Cutting {
  readonly histogram: Histogram;
  readonly orders: readonly LeafOrder[];
  readonly weights: readonly number[];
  readonly judge: Pick<RegionJudge, 'passes'>;
  /** Where groups of subjects with rows in several regions have a limit. */
  readonly groups?: LinkedGroups | undefined;
  /** Asked before a cut is tried; of a large region there are many. */
  readonly shouldStop: () => boolean;
}

interface Cut {
  readonly column: number;
  /** First place of the upper part. */
  readonly at: number;
  readonly gain: number;
}

/**
 * Cuts a region in two where both parts keep the floor; nothing where there is no such cut, or none was found in time. Of all cuts that one is taken
 * which saves most loss for the root of the bits it takes: found on UCI Adult to leave least.
 */
export function createCutter({ histogram, orders, weights, judge, groups, shouldStop }: Cutting) {
  const places = orders.map(({ placeOf }, column) => histogram.columns[column]!.codes.map((code) => placeOf[code]!));
  return (region: Region): readonly [Region, Region] | undefined => {
    const cuts = orders.flatMap((_, column) => listCuts(region, column));
    cuts.sort((one, other) => other.gain - one.gain || one.column - other.column || one.at - other.at);
    for (const { column, at } of cuts) {
      if (shouldStop()) return undefined;
      const held = places[column]!;
      const lower = region.tuples.filter((tuple) => held[tuple]! < at);
      const upper = region.tuples.filter((tuple) => held[tuple]! >= at);
      if (!judge.passes(lower) || !judge.passes(upper) || groups?.allows(lower, upper) === false) continue;
      groups?.cut(lower, upper);
      return [
        shrink({ from: region.from, to: region.to.with(column, at - 1), tuples: lower }),
        shrink({ from: region.from.with(column, at), to: region.to, tuples: upper }),
      ];
    }
    return undefined;
  };

  /** To where there are rows; the outside of a cut says nothing of them. */
  function shrink({ from, to, tuples }: Region): Region {
    const low = to.slice();
    const high = from.slice();
    for (const tuple of tuples)
      for (const [column, held] of places.entries()) {
        const place = held[tuple]!;
        if (place < low[column]!) low[column] = place;
        if (place > high[column]!) high[column] = place;
      }
    return { from: low, to: high, tuples };
  }

  /** Between any two values that stand next to each other in the region. */
  function listCuts({ from, to, tuples }: Region, column: number): readonly Cut[] {
    const { shareOf, odd, isGeneralisable } = orders[column]!;
    const [first, last] = [from[column]!, to[column]!];
    if (first === last || !isGeneralisable) return [];
    const held = places[column]!;
    const sorted = tuples.slice().sort((one, other) => held[one]! - held[other]!);
    const whole = shareOf(first, last);
    let total = 0;
    for (const tuple of sorted) total += histogram.rows[tuple]!;
    const cuts: Cut[] = [];
    let below = 0;
    for (let index = 0; index + 1 < sorted.length; index++) {
      below += histogram.rows[sorted[index]!]!;
      const place = held[sorted[index]!]!;
      const next = held[sorted[index + 1]!]!;
      if (place === next) continue;
      // Missing values are cut off one by one, before anything else.
      if (first < odd && place !== first) break;
      const saved = below * (whole - shareOf(first, place)) + (total - below) * (whole - shareOf(next, last));
      cuts.push({ column, at: next, gain: (weights[column]! * saved) / Math.sqrt(measureBits(below / total)) });
    }
    return cuts;
  }
}

/** What it takes to say in which part a row is: a region can only be cut so often, and even parts use that up faster. */
function measureBits(share: number): number {
  return -share * Math.log2(share) - (1 - share) * Math.log2(1 - share);
}
