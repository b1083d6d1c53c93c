import type { Solution } from '../../../lib/domain/privacy/search/solution';
import { solveGeneralisation } from '../../../lib/domain/privacy/search/solve-generalisation';
import { poseTable } from './pose-table';
import { solveByForce } from './solve-by-force';
import { countHistogram, type Table } from './table';

/** Rows of each released class by what it shows. */
function listClasses(table: Table, solution: Solution): Map<string, number> {
  const { rows } = countHistogram(table);
  const classes = new Map<string, number>();
  for (const [tuple, index] of solution.classOf.entries()) {
    if (index < 0 || tuple >= rows.length) continue;
    const key = JSON.stringify(solution.shown.map(({ values, codes }) => values[codes[index]!]));
    classes.set(key, (classes.get(key) ?? 0) + rows[tuple]!);
  }
  return classes;
}

/** That the solver finds what looking at every node finds. */
export function expectForced(table: Table) {
  const solution = solveGeneralisation(poseTable(table));
  const forced = solveByForce(table);
  expect(solution.kind).toBe(forced ? 'solved' : 'unreachable');
  if (solution.kind !== 'solved' || !forced) return;
  const { levels, suppressedRows, loss, classes, search } = solution;
  const found = { levels, suppressedRows, loss, classes, cost: search.cost, gap: search.gap };
  // All at once: an expectation costs as much as a search here.
  expect({ ...found, released: listClasses(table, solution) }).toEqual({
    levels: forced.levels,
    suppressedRows: forced.suppressedRows,
    loss: expect.closeTo(forced.plainLoss, 12),
    classes: forced.classes.size,
    cost: expect.closeTo(forced.cost, 10),
    gap: 0,
    released: forced.classes,
  });
}
