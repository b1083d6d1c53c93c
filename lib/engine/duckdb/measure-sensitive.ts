import { listSensitive } from '../../domain/privacy/list-sensitive';
import type { MeasuredClasses } from '../../domain/privacy/release-measurement';
import type { ReleaseTask } from '../engine';
import { indexOfColumn } from '../sql/dataset-columns';
import { column, isMissing, named, table } from '../sql/expressions';
import { countReferenceValues, countWrittenValues } from '../sql/measure-rows';
import type { TreatedPart } from '../sql/release-rows';
import { type ClassDistribution, createDistance } from './class-distances';
import { ACCEPTED } from './clean-delivery';
import type { DuckDbSession } from './duckdb-session';
import { offsetsOf } from './place-counts';
import { prepareTables } from './write-release';

const REFERENCE = 'reference_values';

/** l and t of the written classes. As for the solver, a missing value is none for l, and one of its own for t. */
export async function measureSensitive(
  session: DuckDbSession,
  task: ReleaseTask,
  classes: number,
): Promise<Pick<MeasuredClasses, 'l' | 't'>> {
  const { privacy } = task.dataset;
  const l: { column: string; distinct: number }[] = [];
  const t: MeasuredClasses['t'][number][] = [];
  for (const name of listSensitive(task.dataset.privacy)) {
    const { reference, missing, distributions } = await readDistributions(session, task, name, classes);
    for (const floor of privacy?.l ?? []) {
      if (floor.column !== name) continue;
      const distinct = distributions.reduce(
        (least, { codes }) => Math.min(least, codes.filter((code) => code !== missing).length),
        Number.POSITIVE_INFINITY,
      );
      l.push({ column: name, distinct: distributions.length === 0 ? 0 : distinct });
    }
    for (const floor of privacy?.t ?? []) {
      if (floor.column !== name) continue;
      const measureDistance = createDistance(reference, floor.distance);
      const distance = distributions.reduce((most, cells) => Math.max(most, measureDistance(cells)), 0);
      t.push({ column: name, distance, measure: floor.distance });
    }
  }
  return { l, t };
}

/** Against all accepted rows, treated like the release: what the receiver sees is compared with what there was to see. */
async function readDistributions(session: DuckDbSession, task: ReleaseTask, name: string, classes: number) {
  const { dataset } = task;
  const part: TreatedPart = { dataset, rows: ACCEPTED, columns: [indexOfColumn(dataset, name)], classes: 'nothing' };
  await prepareTables(session, task, part);
  await session.createTable(REFERENCE, countReferenceValues(part));
  const [reference = new Uint32Array()] = await session.readNumbers({
    columns: [named('rows', column('rows'))],
    from: table(REFERENCE),
    orderBy: [{ by: column('code') }],
  });
  const [[missing = -1] = []] = await session.readNumbers({
    columns: [named('code', column('code'))],
    from: table(REFERENCE),
    where: isMissing(column('value')),
  });
  const [places, codes, rows] = await session.readNumbers(countWrittenValues(dataset, name, REFERENCE));
  const offsets = offsetsOf(places!, classes);
  const distributions = Array.from({ length: classes }, (_, index): ClassDistribution => {
    const from = offsets[index];
    const to = offsets[index + 1];
    return { codes: [...codes!.subarray(from, to)], rows: [...rows!.subarray(from, to)] };
  });
  return { reference, missing, distributions };
}
