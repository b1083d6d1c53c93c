import { compareShown } from '../certificate/compare-shown';
import type { Ladder } from '../hierarchies/ladder';
import type { ClassMerger, Node } from '../histogram/class-merger';
import type { ClassTable } from '../histogram/class-table';
import type { Histogram } from '../histogram/histogram';
import { type FloorCriteria, judgeTable } from '../models/floor-criteria';
import { createLossModel, sumLoss } from './loss-model';
import type { Solution } from './solution';

interface ChosenNode {
  readonly histogram: Histogram;
  readonly ladders: readonly Ladder[];
  readonly criteria: FloorCriteria;
  readonly merger: ClassMerger;
  readonly finest: ClassTable;
  readonly node: Node;
}

/** The classes at a node as a release needs them: those that fail the floor are left out, the others numbered anew. */
export function buildSolution(chosen: ChosenNode): Omit<Solution, 'levels' | 'levelCounts' | 'lattice' | 'search'> {
  const { histogram, ladders, criteria, merger, finest, node } = chosen;
  const table = merger.merge(finest, node);
  const { fails } = judgeTable(table, criteria);
  const lossModel = createLossModel(
    histogram,
    ladders,
    ladders.map(() => 1),
  );

  const suppressionOf = lossModel.suppressionAt(node);
  const bits = createLossModel(
    histogram,
    ladders,
    ladders.map(() => 1),
    'entropy',
  );
  const bitsOf = bits.suppressionAt(node);
  const kept: number[] = [];
  let suppressedRows = 0;
  let loss = sumLoss(lossModel, node);
  let entropy = sumLoss(bits, node);
  for (let index = 0; index < table.classes; index++) {
    const tuple = table.tuples[index]!;
    if (table.rows[index] === 0) continue;
    if (fails[index] === 0) {
      kept.push(index);
    } else {
      suppressedRows += table.rows[index]!;
      loss += table.rows[index]! * suppressionOf(tuple);
      entropy += table.rows[index]! * bitsOf(tuple);
    }
  }
  const shownAt = node.map((level, column) => ladders[column]!.levels[level]!);
  const shownBy = (index: number) =>
    shownAt.map(
      ({ shown, codes }, column) => shown[codes[histogram.columns[column]!.codes[table.tuples[index]!]!]!] ?? null,
    );
  // By what they show and nothing else: any other order could follow the values that were generalised away.
  const order = kept.map((index) => ({ index, shown: shownBy(index) })).sort((a, b) => compareShown(a.shown, b.shown));
  const released = new Int32Array(table.classes).fill(-1);
  for (const [place, { index }] of order.entries()) released[index] = place;
  const { classOf } = merger.assign(finest, node);
  return {
    kind: 'solved',
    classes: order.length,
    classOf: new Int32Array(histogram.tuples).map((_, tuple) => released[classOf[tuple]!]!),
    shown: histogram.columns.map(({ name, codes: values }, column) => {
      const { shown, codes } = shownAt[column]!;
      return {
        name,
        values: shown,
        codes: Uint32Array.from(order, ({ index }) => codes[values[table.tuples[index]!]!]!),
      };
    }),
    suppressedRows,
    loss,
    entropy,
  };
}
