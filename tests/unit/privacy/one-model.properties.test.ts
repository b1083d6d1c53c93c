import fc from 'fast-check';
import { buildLadder } from '../../../lib/domain/privacy/hierarchies/build-ladder';
import type { Ladder } from '../../../lib/domain/privacy/hierarchies/ladder';
import { addPopulation } from '../../../lib/domain/privacy/histogram/add-population';
import type { PrivacyFloor } from '../../../lib/domain/privacy/models/privacy-floor';
import type { MetricKind } from '../../../lib/domain/privacy/search/metric';
import { solveGeneralisation } from '../../../lib/domain/privacy/search/solve-generalisation';
import { solveByForce } from './solve-by-force';
import { countHistogram, type Hierarchy, type Table } from './table';

/** One model beside a small k, and rows enough that several classes are released: where the best is to be found, not whether. */

const METRICS: readonly MetricKind[] = ['loss', 'entropy', 'discernibility', 'aecs'];
const column = 's';
const SENSITIVE = ['low', 'middle', 'high', 'top'];
/** Groups that do not stand side by side in the order of the values. */
const GROUPS = {
  file: 'incomes.csv',
  type: { kind: 'string' as const },
  rows: [
    ['high', 'odd'],
    ['low', 'odd'],
    ['middle', 'even'],
    ['top', 'even'],
  ],
};
const LEAVES = ['a', 'b', 'c', 'd'];
const HIERARCHY: Hierarchy = {
  kind: 'hierarchy',
  file: 'letters.csv',
  rows: [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
    ['d', 'y'],
  ],
};

type Model = Partial<PrivacyFloor>;
/** People who can be followed over rows that they have in few classes, so that some sets of these are shared and some are not. */
const isLinked = (name: string) => name.includes('followed');
const counts = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 16, maxLength: 16 }).map((all) => ({
  kind: 'counts' as const,
  file: 'population.csv',
  rows: all.map((subjects, place) => ({ values: [LEAVES[place % 4]!, LEAVES[Math.floor(place / 4)]!], subjects })),
}));
const one = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const MODELS: readonly (readonly [string, fc.Arbitrary<Model>])[] = [
  ['k', fc.record({ k: one(3, 4, 6) })],
  ['distinct l', fc.record({ l: fc.record({ column: one(column), atLeast: one(2, 3) }).map((l) => [l]) })],
  ['entropy l', fc.record({ l: one(1.5, 2, 3).map((atLeast) => [{ column, atLeast, measure: 'entropy' as const }]) })],
  [
    'recursive l',
    fc
      .tuple(one(2, 3), one(1, 2, 3))
      .map(([atLeast, c]) => ({ l: [{ column, atLeast, measure: 'recursive' as const, c }] })),
  ],
  [
    't, hierarchical',
    fc.record({
      t: one(0.15, 0.25, 0.35).map((atMost) => [
        { column, atMost, distance: 'hierarchical' as const, hierarchy: GROUPS },
      ]),
    }),
  ],
  ['t, ordered', fc.record({ t: one(0.1, 0.2).map((atMost) => [{ column, atMost, distance: 'ordered' as const }]) })],
  ['k-map', fc.record({ kMap: one(10, 20, 40), population: counts })],
  ['presence', fc.record({ presence: fc.record({ atLeast: one(0), atMost: one(0.3, 0.5, 0.7) }), population: counts })],
  ['average risk', fc.record({ risk: fc.record({ average: one(0.1, 0.2, 0.25) }) })],
  ['maximum risk of who is followed', fc.record({ risk: fc.record({ maximum: one(0.2, 0.34, 0.5) }) })],
  ['average risk of who is followed', fc.record({ risk: fc.record({ average: one(0.2, 0.34, 0.5) }) })],
];

function arbitraryCase(model: fc.Arbitrary<Model>, isFollowed: boolean): fc.Arbitrary<Table> {
  const row = fc.record({
    values: fc.tuple(one(...LEAVES), one(...LEAVES)),
    subject: fc.nat({ max: 200 }).map(String),
    sensitive: one(0, 0, 0, 1, 1, 2, 3),
  });
  // Everybody is at home in a place, and one row in eight is elsewhere.
  const followed = fc
    .record({ subject: fc.nat({ max: 23 }), away: one(0, 0, 0, 0, 0, 0, 0, 1), sensitive: one(0, 0, 1, 2) })
    .map(({ subject, away, sensitive }) => ({
      values: [LEAVES[(subject + away) % 4]!, LEAVES[subject % 2]!],
      subject: String(subject),
      sensitive,
    }));
  return fc
    .record({
      model,
      rows: fc.array(isFollowed ? followed : row, { minLength: 30, maxLength: 60 }),
      k: one(1, 2),
      suppressAtMost: one(0.1, 0.2, 0.35),
      metric: one(...METRICS),
    })
    .map(({ model: asked, rows, k, suppressAtMost, metric }) => ({
      columns: ['c0', 'c1'].map((name) => ({ name, hierarchy: HIERARCHY, weight: 1 })),
      rows,
      sensitive: SENSITIVE,
      floor: { k, l: [], t: [], suppressAtMost, ...asked },
      isFollowed,
      metric,
    }));
}

function solveTable(table: Table) {
  const counted = countHistogram(table);
  const { floor, metric = 'loss', isFollowed = false } = table;
  const types = table.columns.map(() => ({ kind: 'string' as const }));
  const histogram = floor.population?.kind === 'counts' ? addPopulation(counted, floor.population, types) : counted;
  const ladders = table.columns.map(({ hierarchy }, place): Ladder => {
    const ladder = buildLadder(hierarchy, { kind: 'string' }, histogram.columns[place]!);
    if (ladder.kind !== 'ladder') throw new Error('The table holds values its hierarchies lack.');
    return ladder;
  });
  const weights = table.columns.map(({ weight }) => weight);
  return solveGeneralisation({ histogram, ladders, weights, floor, isFollowed, metric });
}

const RUNS = 120;

test.each(MODELS)('%s: the best, as looking at every node finds it', (name, model) => {
  let compared = 0;
  const property = fc.property(arbitraryCase(model, isLinked(name)), (table) => {
    const [solution, forced] = [solveTable(table), solveByForce(table)];
    expect(solution.kind).toBe(forced ? 'solved' : 'unreachable');
    if (solution.kind !== 'solved' || !forced) return;
    if (forced.classes.size >= 2) compared += 1;
    expect([solution.levels, solution.suppressedRows, solution.classes, solution.search.gap]).toEqual([
      forced.levels,
      forced.suppressedRows,
      forced.classes.size,
      0,
    ]);
    expect(solution.search.cost).toBeCloseTo(forced.cost, 10);
  });
  fc.assert(property, { seed: 5, numRuns: RUNS });
  expect(compared).toBeGreaterThanOrEqual(RUNS / 3);
});
