import fc from 'fast-check';
import { buildLadder } from '../../../lib/domain/privacy/hierarchies/build-ladder';
import type { Ladder } from '../../../lib/domain/privacy/hierarchies/ladder';
import { createClassMerger, type Node } from '../../../lib/domain/privacy/histogram/class-merger';
import { countSubjects } from '../../../lib/domain/privacy/histogram/count-subjects';
import { countTuples } from '../../../lib/domain/privacy/histogram/count-tuples';
import { createFloorCriteria } from '../../../lib/domain/privacy/models/floor-criteria';
import { listAskedSubjects } from '../../../lib/domain/privacy/models/list-asked-subjects';
import type { PrivacyFloor } from '../../../lib/domain/privacy/models/privacy-floor';
import { countSuppressible } from '../../../lib/domain/privacy/models/suppression-limit';
import { sumCounts } from '../../../lib/domain/privacy/search/loss-model';
import { countHistogram, type Table } from './table';

/** Subjects are all that these floors ask for; a subject may have rows in several tuples. */
export const arbitrarySizes: fc.Arbitrary<PrivacyFloor> = fc.record(
  {
    k: fc.integer({ min: 1, max: 5 }),
    l: fc.constant([]),
    t: fc.constant([]),
    suppressAtMost: fc.constantFrom(0, 0.1, 0.2, 0.35, 0.5, 1),
    risk: fc.record({ maximum: fc.constantFrom(0.2, 0.34, 1) }),
  },
  { requiredKeys: ['k', 'l', 't', 'suppressAtMost'] },
);

/** What the searches are given. */
export function poseLattice({ columns, floor, ...table }: Table) {
  const histogram = countHistogram({ columns, floor, ...table });
  const ladders = columns.map(({ hierarchy }, column): Ladder => {
    const ladder = buildLadder(hierarchy, { kind: 'string' }, histogram.columns[column]!);
    if (ladder.kind !== 'ladder') throw new Error('The table holds values its hierarchies lack.');
    return ladder;
  });
  const least = Math.max(...listAskedSubjects(floor, countSubjects(histogram)).map((asked) => asked.least));
  const limit = countSuppressible(floor.suppressAtMost, sumCounts(histogram.rows));
  const criteria = createFloorCriteria(floor, histogram);
  const merger = createClassMerger(histogram, ladders);
  const finest = countTuples(histogram, criteria.sensitive);
  return { histogram, ladders, limit, criteria, merger, finest, least, weights: columns.map(({ weight }) => weight) };
}

export function listNodes(ladders: readonly Ladder[]): Node[] {
  return ladders.reduce<number[][]>(
    (nodes, { levels }) => nodes.flatMap((node) => levels.map((_, level) => [...node, level])),
    [[]],
  );
}
