import { compareShown } from '../certificate/compare-shown';
import type { LeafOrder } from '../hierarchies/leaf-order';
import type { Histogram } from '../histogram/histogram';
import { sumCounts } from '../search/loss-model';
import type { Solution } from '../search/solution';

/** A run of neighbouring values per column (both ends included), and the tuples in it. */
export interface Region {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly tuples: Uint32Array;
}

interface CutRegions {
  readonly histogram: Histogram;
  readonly orders: readonly LeafOrder[];
  readonly kept: readonly Region[];
  readonly suppressedRows: number;
}

/** The regions as a release needs them, in the order of what they show. */
export function buildRegions({
  histogram,
  orders,
  kept,
  suppressedRows,
}: CutRegions): Omit<Solution, 'levels' | 'levelCounts' | 'lattice' | 'search'> {
  const shownBy = kept.map(({ from, to }) => orders.map(({ show }, column) => show(from[column]!, to[column]!)));
  const order = kept
    .map((region, index) => ({ region, shown: shownBy[index]! }))
    .filter(({ region }) => region.tuples.some((tuple) => histogram.rows[tuple]! > 0))
    .sort((one, other) => compareShown(one.shown, other.shown));
  const classOf = new Int32Array(histogram.tuples).fill(-1);
  let cells = suppressedRows * orders.length;
  for (const [place, { region }] of order.entries()) {
    let rows = 0;
    for (const tuple of region.tuples) {
      classOf[tuple] = place;
      rows += histogram.rows[tuple]!;
    }
    for (const [column, { shareOf }] of orders.entries())
      cells += rows * shareOf(region.from[column]!, region.to[column]!);
  }
  const total = sumCounts(histogram.rows) * orders.length;
  return {
    kind: 'solved',
    classes: order.length,
    classOf,
    shown: histogram.columns.map(({ name }, column) => {
      const values = [...new Set(order.map(({ shown }) => shown[column]!))];
      const codes = new Map(values.map((value, code) => [value, code]));
      return { name, values, codes: Uint32Array.from(order, ({ shown }) => codes.get(shown[column]!)!) };
    }),
    suppressedRows,
    loss: total === 0 ? 0 : cells / total,
  };
}
