import fc from 'fast-check';
import { buildLadder } from '../../../lib/domain/privacy/build-ladder';
import { createClassMerger, type Node } from '../../../lib/domain/privacy/class-merger';
import { countSubjects } from '../../../lib/domain/privacy/count-subjects';
import { countTuples } from '../../../lib/domain/privacy/count-tuples';
import { createFloorCriteria, judgeTable } from '../../../lib/domain/privacy/floor-criteria';
import type { Histogram } from '../../../lib/domain/privacy/histogram';
import type { Ladder } from '../../../lib/domain/privacy/ladder';
import { listAskedSubjects } from '../../../lib/domain/privacy/list-asked-subjects';
import { createLossModel, sumCounts } from '../../../lib/domain/privacy/loss-model';
import { createMetric } from '../../../lib/domain/privacy/metric';
import type { PrivacyFloor } from '../../../lib/domain/privacy/privacy-floor';
import { createScout } from '../../../lib/domain/privacy/scout-classes';
import { type LatticeSearch, searchLattice } from '../../../lib/domain/privacy/search-lattice';
import { searchWideLattice } from '../../../lib/domain/privacy/search-wide-lattice';
import { countSuppressible } from '../../../lib/domain/privacy/suppression-limit';
import { arbitraryTable } from './arbitrary-table';
import { generateCensus } from './generate-census';
import { countHistogram, type Table } from './table';

/** Subjects are all that these floors ask for; a subject may have rows in several tuples. */
const arbitrarySizes: fc.Arbitrary<PrivacyFloor> = fc.record(
  {
    k: fc.integer({ min: 1, max: 5 }),
    l: fc.constant([]),
    t: fc.constant([]),
    suppressAtMost: fc.constantFrom(0, 0.1, 0.2, 0.35, 0.5, 1),
    risk: fc.record({ maximum: fc.constantFrom(0.2, 0.34, 1) }),
  },
  { requiredKeys: ['k', 'l', 't', 'suppressAtMost'] },
);

function pose({ columns, floor, ...table }: Table) {
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
  const scout = createScout({ histogram, ladders, least, limit });
  return { histogram, ladders, limit, criteria, merger, finest, scout, weights: columns.map(({ weight }) => weight) };
}

function listNodes(ladders: readonly Ladder[]): Node[] {
  return ladders.reduce<number[][]>(
    (nodes, { levels }) => nodes.flatMap((node) => levels.map((_, level) => [...node, level])),
    [[]],
  );
}

const isFiner = (node: Node, under: Node) => node.every((level, column) => level <= under[column]!);

test('what a scout says is lost is lost at the node, from whichever node it is looked at', () => {
  let [looks, exact] = [0, 0];
  const property = fc.property(arbitraryTable(arbitrarySizes), (table) => {
    const { histogram, ladders, limit, criteria, merger, finest, scout } = pose(table);
    const nodes = listNodes(ladders);
    const lostAt = new Map(
      nodes.map((node) => [node, judgeTable(merger.merge(finest, node), criteria).lostRows] as const),
    );
    const fields = [scout.everything];
    for (const under of nodes.toReversed()) {
      const field = fields.findLast((each) => isFiner(under, each.under)) ?? scout.everything;
      const { field: own } = scout.survey(field, under);
      if (own) fields.push(own);
    }
    for (const field of fields)
      for (const node of nodes.filter((each) => isFiner(each, field.under))) {
        const { lostRows, listLost, isWhole } = scout.look(field, node, 1);
        const truth = lostAt.get(node)!;
        expect(lostRows).toBeLessThanOrEqual(truth);
        for (const [column, lost] of listLost().entries()) {
          expect(lost).toHaveLength(Math.max(1, histogram.columns[column]!.values.length));
          expect(lost.reduce((sum, rows) => sum + rows, 0)).toBe(lostRows);
        }
        if (lostRows <= limit) expect(isWhole).toBe(true);
        looks += 1;
        if (lostRows === truth || lostRows > limit) exact += 1;
      }
  });
  fc.assert(property, { numRuns: 25, seed: 4 });
  // A subject with rows in several tuples hides some; classes that meet in a slot are rarer than that.
  expect(exact / looks).toBeGreaterThan(0.9);
});

test('a look that is cut short tells less, and still the truth', () => {
  const { ladders, criteria, merger, finest, scout } = pose(
    generateCensus(200, { k: 5, l: [], t: [], suppressAtMost: 0.2 }),
  );
  const top = ladders.map(({ levels }) => levels.length - 1);
  const under = top.map((level, column) => (column === 0 ? Math.max(0, level - 1) : level));
  const { field } = scout.survey(scout.everything, under);
  if (!field) throw new Error('It loses little.');
  for (const node of listNodes(ladders).filter((each) => isFiner(each, under))) {
    const truth = judgeTable(merger.merge(finest, node), criteria).lostRows;
    const some = scout.look(field, node, 0);
    expect(some.lostRows).toBeLessThanOrEqual(truth);
    const all = scout.look(field, node, 1);
    expect(all.lostRows).toBeLessThanOrEqual(truth);
    expect(all.seen).toBeGreaterThanOrEqual(some.seen);
  }
});

describe('the search by scouts finds what the search by counts finds', () => {
  test.each(['loss', 'entropy'] as const)('%s', (kind) => {
    const property = fc.property(arbitraryTable(arbitrarySizes), (table) => {
      const { histogram, ladders, weights, scout, ...rest } = pose(table);
      const metric = createMetric(kind, histogram, ladders, weights);
      const { levels, addLost } = metric;
      if (!levels || !addLost) throw new Error('It is a sum over columns.');
      const search: LatticeSearch = {
        ...rest,
        sizes: ladders.map((ladder) => ladder.levels.length),
        metric,
        guide: createLossModel(histogram, ladders, weights).levels,
        budget: { classes: Number.POSITIVE_INFINITY },
      };
      const { checked: _, ...counted } = searchLattice(search);
      const { checked, ...scouted } = searchWideLattice({ ...search, metric: { ...metric, levels, addLost }, scout });
      expect(scouted).toEqual(counted);
      expect(checked).toBeGreaterThan(0);
    });
    fc.assert(property, { numRuns: 60 });
  });
});

test('keys of columns that show one value alone are told apart by the others', () => {
  const rows = Uint32Array.of(3, 3, 1);
  const column = (name: string, codes: readonly number[]) => ({
    name,
    values: ['a', 'b'],
    codes: Uint32Array.from(codes),
  });
  const histogram: Histogram = {
    tuples: 3,
    columns: [column('c', [0, 0, 0]), column('d', [0, 1, 1])],
    rows,
    subjects: rows,
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: [],
  };
  const ladder = (sizes: readonly number[]): Ladder => ({
    kind: 'ladder',
    levels: sizes.map((size) => ({
      shown: Array.from({ length: size }, (_, code) => String(code)),
      codes: Uint32Array.of(0, size - 1),
      shares: new Float64Array(size).fill(1 / size),
    })),
  });
  const scout = createScout({ histogram, ladders: [ladder([1]), ladder([2, 1])], least: 4, limit: 7 });
  expect(scout.look(scout.everything, [0, 0], 1)).toMatchObject({ lostRows: 3, isWhole: true });
  expect(scout.look(scout.everything, [0, 1], 1)).toMatchObject({ lostRows: 0 });
});
