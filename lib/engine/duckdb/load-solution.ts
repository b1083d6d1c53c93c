import { INTEGER, VARCHAR } from '@duckdb/node-api';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { Solution } from '../../domain/privacy/search/solution';
import { CLASS_OF, CLASSES, shownName } from '../sql/treated-part';
import type { DuckDbSession } from './duckdb-session';
import { fillTable } from './fill-table';

/** What stands in the tables of a session: legs share it, and so do writing and measuring. */
const LOADED = new WeakMap<DuckDbSession, Solution>();

/** Makes the tables that say which tuples are released, and what their classes show; false where they are there already. */
export async function loadSolution(
  session: DuckDbSession,
  dataset: PlannedDataset,
  solution: Solution,
): Promise<boolean> {
  if (LOADED.get(session) === solution) return false;
  LOADED.delete(session);
  const { classOf, classes, shown } = solution;
  const released = listReleased(classOf);
  await fillTable(session, CLASS_OF, [
    { name: 'tuple', type: INTEGER, values: released.tuples },
    { name: 'class', type: INTEGER, values: released.classes },
  ]);
  const columns = dataset.classColumns.map(({ column }, index) => {
    const found = shown.find(({ name }) => name === column);
    if (!found) throw new Error(`The solution does not say what column ${column} shows.`);
    const values = Array.from(found.codes, (code) => found.values[code] ?? null);
    return { name: shownName(index), type: VARCHAR, values };
  });
  const numbers = Uint32Array.from({ length: classes }, (_, index) => index);
  await fillTable(session, SHOWN_TEXTS, [{ name: 'class', type: INTEGER, values: numbers }, ...columns]);
  await session.dropTable(CLASSES);
  const types: string[] = [];
  for (const { name, values } of columns) types.push(await nameType(session, name, new Set(values).size));
  const shownAs = columns.map(({ name }, index) => `CAST(${name} AS ${types[index]}) AS ${name}`);
  await session.run(`CREATE TABLE ${CLASSES} AS SELECT ${['class', ...shownAs].join(', ')} FROM ${SHOWN_TEXTS}`);
  await session.dropTable(SHOWN_TEXTS);
  LOADED.set(session, solution);
  return true;
}

function listReleased(classOf: Solution['classOf']) {
  const [tuples, classes] = [new Uint32Array(classOf.length), new Uint32Array(classOf.length)];
  let count = 0;
  for (let tuple = 0; tuple < classOf.length; tuple++) {
    if (classOf[tuple]! < 0) continue;
    tuples[count] = tuple;
    classes[count++] = classOf[tuple]!;
  }
  return { tuples: tuples.subarray(0, count), classes: classes.subarray(0, count) };
}

const SHOWN_TEXTS = 'shown_texts';

/** More texts than this would cost more in every row group than they save. */
const MOST_ENUMERATED = 2048;

/**
 * Few texts that stand in many rows are enumerated: Parquet gets them as a dictionary as they are, where plain texts would be
 * looked up one by one again. The dictionary holds what some released class shows, and nothing else.
 */
async function nameType(session: DuckDbSession, name: string, texts: number): Promise<string> {
  if (texts > MOST_ENUMERATED) return 'VARCHAR';
  const type = `${name}_texts`;
  await session.run(`DROP TYPE IF EXISTS ${type}`);
  await session.run(
    `CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${name} FROM ${SHOWN_TEXTS} WHERE ${name} IS NOT NULL ORDER BY ${name})`,
  );
  return type;
}
