import fc from 'fast-check';
import { solveRegions } from '../../../../lib/domain/privacy/regions/solve-regions';
import { arbitraryFloor, arbitraryModels, arbitraryTable, fitPopulation } from '../arbitrary-table';
import { poseTable } from '../pose-table';
import { keepsFloor } from '../solve-by-force';
import type { Table, TableRow } from '../table';

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

test('the same delivery gives the same regions, however its tuples are ordered', () => {
  const property = fc.property(arbitraryTable(arbitraryFloor), (table) => {
    const one = solveRegions(poseTable(table));
    const other = solveRegions(poseTable({ ...table, rows: table.rows.toReversed() }));
    const list = ({ kind, ...solution }: typeof one) =>
      'shown' in solution ? solution.shown.map(({ values, codes }) => Array.from(codes, (code) => values[code])) : kind;
    expect(list(other)).toEqual(list(one));
  });
  fc.assert(property, { numRuns: 300 });
});
