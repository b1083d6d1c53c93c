import fc from 'fast-check';
import { solveRegions } from '../../../../lib/domain/privacy/regions/solve-regions';
import { arbitraryFloor, arbitraryModels, arbitraryTable, fitPopulation } from '../arbitrary-table';
import { poseTable } from '../pose-table';
import { groupByClasses, keepsFloor } from '../solve-by-force';
import type { Hierarchy, Table, TableRow } from '../table';

/** The rows of each class, found by their values. */
function groupRows(table: Table): TableRow[][] {
  const { histogram, ...problem } = poseTable(table);
  const solution = solveRegions({ histogram, ...problem });
  if (solution.kind !== 'solved') return [];
  const classOf = new Map(
    Array.from(solution.classOf, (index, tuple) => [
      JSON.stringify(histogram.columns.map(({ values, codes }) => values[codes[tuple]!])),
      index,
    ]),
  );
  const groups = Array.from({ length: solution.classes }, (): TableRow[] => []);
  for (const row of table.rows) groups[classOf.get(JSON.stringify(row.values))!]?.push(row);
  return groups;
}

test.each([
  ['any floor', arbitraryFloor],
  ['every model', arbitraryModels],
])('%s: every region keeps it, by an independent count', (_, floor) => {
  const tables = arbitraryTable(floor).map(fitPopulation);
  const property = fc.property(tables, (table) => {
    for (const group of groupRows(table)) {
      // What the population puts behind a region is told from its tuples; the rest is recounted from the rows.
      const { population, kMap: _map, presence: _presence, risk, ...rest } = table.floor;
      const kept = {
        ...rest,
        ...(risk && { risk }),
        ...(population?.kind === 'size' && { population, kMap: table.floor.kMap! }),
      };
      expect(keepsFloor({ ...table, floor: kept }, group, 0)).toBe(true);
      if (risk?.average !== undefined) {
        expect(new Set(group.map(({ subject }) => subject)).size).toBeGreaterThanOrEqual(1 / risk.average - 1e-9);
      }
    }
  });
  fc.assert(property, { numRuns: 500 });
});

const PLACES = ['a', 'b', 'c', 'd'];
const HALVES: Hierarchy = {
  kind: 'hierarchy',
  file: 'p.csv',
  rows: PLACES.map((place) => [place, place < 'c' ? 'x' : 'y']),
};
const KEPT: Hierarchy = { kind: 'none' };

/** People who have rows where they live, and some of them next door; the limits ask for fewer than live there. */
const followed: fc.Arbitrary<Table> = fc
  .record({
    risk: fc.constantFrom({ maximum: 0.5 }, { maximum: 0.34 }, { average: 0.5 }, { average: 0.4, maximum: 0.5 }),
    suppressAtMost: fc.constantFrom(0, 0.2, 0.5),
    rows: fc.array(fc.record({ person: fc.nat(15), away: fc.constantFrom(0, 0, 1) }), { minLength: 20, maxLength: 60 }),
    ways: fc.constantFrom<readonly Hierarchy[]>([HALVES, HALVES], [HALVES, HALVES], [KEPT, HALVES], [HALVES, KEPT]),
  })
  .map(({ risk, suppressAtMost, rows, ways }) => ({
    columns: ways.map((hierarchy, index) => ({ name: `c${index}`, hierarchy, weight: 1 })),
    rows: rows.map(({ person, away }) => ({
      values: [PLACES[(person + away) % 4]!, PLACES[person % 2]!],
      subject: String(person),
      sensitive: 0,
    })),
    sensitive: ['s'],
    floor: { k: 1, l: [], t: [], suppressAtMost, risk },
    isFollowed: true,
  }));

test('groups of who is followed over several regions keep the limits of risk, and some of them do have several', () => {
  let several = 0;
  const property = fc.property(followed, (table) => {
    const { maximum = 1, average = 1 } = table.floor.risk ?? {};
    const groups = groupByClasses(groupRows(table).map((rows, index) => [String(index), rows]));
    for (const { size } of groups) expect(size).toBeGreaterThanOrEqual(1 / Math.min(maximum, average) - 1e-9);
    if (groups.some(({ keys }) => keys.length > 1)) several += 1;
  });
  fc.assert(property, { numRuns: 400, seed: 2 });
  expect(several).toBeGreaterThan(40);
});

test('the same delivery gives the same regions, however its tuples are ordered', () => {
  const tables = fc.oneof(arbitraryTable(arbitraryFloor), followed);
  const property = fc.property(tables, (table) => {
    const one = solveRegions(poseTable(table));
    const other = solveRegions(poseTable({ ...table, rows: table.rows.toReversed() }));
    const list = ({ kind, ...solution }: typeof one) =>
      'shown' in solution ? solution.shown.map(({ values, codes }) => Array.from(codes, (code) => values[code])) : kind;
    expect(list(other)).toEqual(list(one));
  });
  fc.assert(property, { numRuns: 300 });
});
