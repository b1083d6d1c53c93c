import { INTEGER, VARCHAR } from '@duckdb/node-api';
import type { PlannedDataset } from '../../domain/agreement/plan';
import type { Solution } from '../../domain/privacy/solution';
import { CLASS_OF, CLASSES, shownName } from '../sql/treated-part';
import type { DuckDbSession } from './duckdb-session';
import { fillTable } from './fill-table';

/** Makes the tables that say which tuples are released, and what their classes show. */
export async function loadSolution(
  session: DuckDbSession,
  dataset: PlannedDataset,
  { classOf, classes, shown }: Solution,
): Promise<void> {
  const released = Uint32Array.from(classOf.keys()).filter((tuple) => classOf[tuple]! >= 0);
  await fillTable(session, CLASS_OF, [
    { name: 'tuple', type: INTEGER, values: released },
    { name: 'class', type: INTEGER, values: released.map((tuple) => classOf[tuple]!) },
  ]);
  const columns = dataset.classColumns.map(({ column }, index) => {
    const found = shown.find(({ name }) => name === column);
    if (!found) throw new Error(`The solution does not say what column ${column} shows.`);
    const values = Array.from(found.codes, (code) => found.values[code] ?? null);
    return { name: shownName(index), type: VARCHAR, values };
  });
  const numbers = Uint32Array.from({ length: classes }, (_, index) => index);
  await fillTable(session, CLASSES, [{ name: 'class', type: INTEGER, values: numbers }, ...columns]);
}
