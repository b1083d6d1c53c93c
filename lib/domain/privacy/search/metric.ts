import type { Ladder } from '../hierarchies/ladder';
import type { Node } from '../histogram/class-merger';
import type { ClassTable } from '../histogram/class-table';
import type { Histogram } from '../histogram/histogram';
import type { Verdict } from '../models/class-criterion';
import { createLossModel, type LossModel, sumCounts, sumLoss } from './loss-model';

/** What a search makes as small as can be. */
export type MetricKind = 'loss' | 'entropy' | 'discernibility' | 'aecs';

export interface Metric {
  /**
   * What no node that is nowhere finer than this one is below, even if nothing were suppressed. It never falls from a
   * node to a more general one.
   */
  readonly before: (node: Node, count: () => ClassTable) => number;
  /**
   * `cost`: of the node, with the classes that fail suppressed. `lost`: what the rows that every finer node loses too add
   * to `before` there.
   */
  readonly measure: (
    table: ClassTable,
    node: Node,
    verdict: Verdict,
  ) => { readonly cost: number; readonly lost: number };
  /** Where `before` is a sum over columns: its parts by column and level. */
  readonly levels?: LossModel['levels'];
  /** And what rows that are lost, counted per column and value, add to each of these parts. */
  readonly addLost?: (lost: readonly Float64Array[]) => LossModel['levels'];
}

export function createMetric(
  kind: MetricKind,
  histogram: Histogram,
  ladders: readonly Ladder[],
  weights: readonly number[],
): Metric {
  switch (kind) {
    case 'loss':
    case 'entropy':
      return createAdditive(createLossModel(histogram, ladders, weights, kind));
    case 'discernibility':
      return createDiscernibility(sumCounts(histogram.rows));
    case 'aecs':
      return createClassCount();
  }
}

function createAdditive(model: LossModel): Metric {
  return {
    levels: model.levels,
    addLost: (lost) =>
      model.added.map((column, index) =>
        column.map((added) => lost[index]!.reduce((sum, rows, value) => sum + rows * added[value]!, 0)),
      ),
    before: (node) => sumLoss(model, node),
    measure: (table, node, { fails, losses }) => {
      const suppressionOf = model.suppressionAt(node);
      let cost = sumLoss(model, node);
      let lost = 0;
      for (let index = 0; index < fails.length; index++) {
        if (fails[index] === 0 || table.rows[index] === 0) continue;
        const added = table.rows[index]! * suppressionOf(table.tuples[index]!);
        cost += added;
        lost += added * losses[index]!;
      }
      return { cost, lost };
    },
  };
}

/**
 * Each row cannot be told from the others of its class, and a suppressed one from any row: the sum of that, over rows
 * squared (Bayardo and Agrawal, ICDE 2005). A class of n rows adds n²; suppressed, n (N − n) more. Rows lost at a finer
 * node were in no larger a class there, and add no less.
 */
function createDiscernibility(rows: number): Metric {
  const square = Math.max(1, rows * rows);
  const before = (table: ClassTable) => table.rows.reduce((sum, count) => sum + count * count, 0) / square;
  return {
    before: (_, count) => before(count()),
    measure: (table, _, { fails, losses }) => {
      let cost = before(table);
      let lost = 0;
      for (let index = 0; index < fails.length; index++) {
        if (fails[index] === 0) continue;
        const added = (table.rows[index]! * (rows - table.rows[index]!)) / square;
        cost += added;
        lost += added * losses[index]!;
      }
      return { cost, lost };
    },
  };
}

/** Average class size over all rows: 1 / classes, all that is suppressed being one (LeFevre et al., ICDE 2006). */
function createClassCount(): Metric {
  const one = (classes: number) => 1 / Math.max(1, classes);
  const countFilled = (table: ClassTable) => table.rows.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return {
    before: (_, count) => one(countFilled(count())),
    measure: (table, _, { fails }) => {
      let suppressed = 0;
      for (let index = 0; index < fails.length; index++)
        if (fails[index] === 1 && table.rows[index]! > 0) suppressed += 1;
      return { cost: one(countFilled(table) - suppressed + (suppressed > 0 ? 1 : 0)), lost: 0 };
    },
  };
}
