import { type PlaceCounts, scatter } from '../../domain/privacy/histogram/place-counts';
import { boundSubjects, countSettled, listSpanning, numberSpanning } from '../sql/count-subjects';
import type { Relation } from '../sql/rendering/sql-query';
import type { DuckDbSession } from './duckdb-session';

/** `placed`: rows with a `subject` and a `place` below `places`. */
export async function countPlaces(session: DuckDbSession, placed: Relation, places: number): Promise<PlaceCounts> {
  await session.createTable('subject_bounds', boundSubjects(placed));
  const [at, subjects] = await session.readNumbers(countSettled('subject_bounds'));
  await session.createTable('spanning_subjects', numberSpanning('subject_bounds'));
  const someSpan = (await session.countRows('spanning_subjects')) > 0;
  const nobody = [new Uint32Array(), new Uint32Array()];
  const [numbers, spanned] = someSpan ? await session.readNumbers(listSpanning(placed, 'spanning_subjects')) : nobody;
  for (const name of ['subject_bounds', 'spanning_subjects']) await session.dropTable(name);
  return { settled: scatter(at!, subjects!, places), spanning: { numbers: numbers!, places: spanned! } };
}
