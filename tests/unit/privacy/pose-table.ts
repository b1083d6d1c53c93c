import { buildLadder } from '../../../lib/domain/privacy/hierarchies/build-ladder';
import type { Generalisation } from '../../../lib/domain/privacy/hierarchies/generalisation';
import type { Ladder } from '../../../lib/domain/privacy/hierarchies/ladder';
import { addPopulation } from '../../../lib/domain/privacy/histogram/add-population';
import { countHistogram, type Table } from './table';

export type ShownType = 'string' | 'integer' | 'date';

/** The table as the solver is given it, every column of the type. */
export function poseTable(table: Table<Generalisation>, type: ShownType = 'string') {
  const { population } = table.floor;
  const types = table.columns.map(() => ({ kind: type }));
  const counted = countHistogram(table);
  const histogram = population?.kind === 'counts' ? addPopulation(counted, population, types) : counted;
  const ladders = table.columns.map(({ hierarchy }, column): Ladder => {
    const ladder = buildLadder(hierarchy, { kind: type }, histogram.columns[column]!);
    if (ladder.kind !== 'ladder') throw new Error('The table holds values its hierarchies lack.');
    return ladder;
  });
  const weights = table.columns.map(({ weight }) => weight);
  const { floor, isFollowed = false, metric = 'loss' } = table;
  return { histogram, ladders, types, weights, floor, isFollowed, metric };
}
