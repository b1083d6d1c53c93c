import type { ClassMerger, Node } from './class-merger';
import type { ClassTable } from './class-table';
import { type FloorCriteria, findLosses } from './floor-criteria';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';
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
export function buildSolution(chosen: ChosenNode): Omit<Solution, 'levels' | 'levelCounts' | 'lattice'> {
  const { histogram, ladders, criteria, merger, finest, node } = chosen;
  const table = merger.merge(finest, node);
  const losses = findLosses(table, criteria);
  const lossModel = createLossModel(
    histogram,
    ladders,
    ladders.map(() => 1),
  );

  const released = new Int32Array(table.classes).fill(-1);
  const tuples: number[] = [];
  let suppressedRows = 0;
  let loss = sumLoss(lossModel, node);
  for (let index = 0; index < table.classes; index++) {
    const tuple = table.tuples[index]!;
    if (losses[index] === 0) {
      released[index] = tuples.length;
      tuples.push(tuple);
    } else {
      suppressedRows += table.rows[index]!;
      loss += table.rows[index]! * lossModel.suppressionOf(tuple, node);
    }
  }
  const { classOf } = merger.assign(finest, node);
  return {
    kind: 'solved',
    classes: tuples.length,
    classOf: Int32Array.from({ length: histogram.tuples }, (_, tuple) => released[classOf[tuple]!]!),
    shown: histogram.columns.map(({ name, codes: values }, column) => {
      const { shown, codes } = ladders[column]!.levels[node[column]!]!;
      return { name, values: shown, codes: Uint32Array.from(tuples, (tuple) => codes[values[tuple]!]!) };
    }),
    suppressedRows,
    loss,
  };
}
