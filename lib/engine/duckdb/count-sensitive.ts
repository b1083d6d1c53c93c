import type { WrittenValues } from '../../domain/privacy/assemble-measurement';
import { listSensitive } from '../../domain/privacy/list-sensitive';
import type { ReleaseTask } from '../engine';
import { indexOfColumn } from '../sql/dataset-columns';
import { canonicalText, column, isMissing, named, table } from '../sql/expressions';
import { countReferenceValues, countWrittenValues } from '../sql/measure-rows';
import type { TreatedPart } from '../sql/treated-part';
import { ACCEPTED } from './clean-delivery';
import type { DuckDbSession } from './duckdb-session';
import { prepareTables } from './write-release';

const REFERENCE = 'reference_values';

/** The sensitive values of the written classes, and of all accepted rows: what there is to see, and what there was. */
export async function countSensitive(session: DuckDbSession, task: ReleaseTask): Promise<readonly WrittenValues[]> {
  const counted: WrittenValues[] = [];
  for (const name of listSensitive(task.dataset.privacy)) counted.push(await countValues(session, task, name));
  return counted;
}

async function countValues(session: DuckDbSession, task: ReleaseTask, name: string): Promise<WrittenValues> {
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
  return {
    column: name,
    reference,
    missing,
    places: places!,
    codes: codes!,
    rows: rows!,
    ...(await readValues(session, task, name)),
  };
}

/** Only where a hierarchy speaks of them. */
async function readValues(session: DuckDbSession, { dataset }: ReleaseTask, name: string) {
  const isClimbed = dataset.privacy?.t.some(({ column, distance }) => column === name && distance === 'hierarchical');
  if (!isClimbed) return {};
  const [values = []] = await session.read({
    columns: [named('value', canonicalText(column('value')))],
    from: table(REFERENCE),
    orderBy: [{ by: column('code') }],
  });
  return { values: values.map((value) => (typeof value === 'string' ? value : null)) };
}
