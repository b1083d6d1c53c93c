import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { LegTrace } from '../../domain/trace/judge-trace';
import type { ReleaseTask } from '../engine';
import { listDeliveredFiles } from '../intake/list-delivered-files';
import { InvalidDelivery } from '../invalid-delivery';
import { givenName, indexOfColumn, valueName } from '../sql/dataset-columns';
import { MARKABLE_SUBJECTS } from '../sql/mark-subjects';
import { listReleased, releasedName, treatRows } from '../sql/release-rows';
import { canonicalText, column, named, table } from '../sql/rendering/expressions';
import type { AcceptedFacts } from './accepted-facts';
import { ACCEPTED } from './clean-delivery';
import { datasetOf } from './dataset-of';
import type { DuckDbSession } from './duckdb-session';
import { listGivenColumns } from './list-given-columns';
import { readDelivery } from './read-delivery';
import { renderQuery } from './sql-text';
import { chooseClassesBy, prepareTables } from './write-release';

const EXTRACT = 'extract';
const REFERENCE = 'reference';
/** Treatments whose result depends on the receiver's key. */
const KEYED = ['token', 'date-shift', 'noise', 'format-preserving'];
/** Those whose result depends on which rows are released: where marks leave some out, on the receiver's key as well. */
const SHARED = ['microaggregate', 'common-text'];

/** What was counted for every leg shares this: the extract is read once per leg, the session being the delivery's. */
export async function traceExtract(
  session: DuckDbSession,
  task: Omit<ReleaseTask, 'file'>,
  extract: string,
  scratch: string,
  facts: AcceptedFacts,
): Promise<LegTrace> {
  const { dataset, leg } = task;
  const columns = await storeExtract(session, task, extract, scratch);
  const kindOf = (index: number) => dataset.columns[index]!.treatment.kind;
  const keyed = leg.watermark === undefined ? KEYED : [...KEYED, ...SHARED];
  const open = columns.filter((index) => !keyed.includes(kindOf(index)));
  await storeReference(session, task, columns, facts);
  const one = async (sql: string) => (await (await session.run(sql)).getColumns()).map(([count]) => Number(count ?? 0));
  const key = (relation: string) =>
    open.length === 0
      ? "''"
      : `CAST(to_json([${open.map((index) => `${relation}.${releasedName(index)}`).join(', ')}]) AS VARCHAR)`;
  await session.run(`CREATE OR REPLACE TABLE extract_keys AS SELECT *, ${key('e')} AS key FROM ${EXTRACT} AS e`);
  await session.run(`CREATE OR REPLACE TABLE reference_keys AS SELECT *, ${key('r')} AS key FROM ${REFERENCE} AS r`);
  // Rows that stand for one subject alone, and so can be told in an extract without its keyed columns.
  await session.run(`CREATE OR REPLACE TABLE telling AS SELECT key, min(who) AS who, bool_or(marked) AS marked, bool_and(eligible) AS eligible
FROM reference_keys GROUP BY key HAVING count(who) = count(*) AND min(who) = max(who)`);
  const [rows = 0, known = 0] = await one(
    'SELECT count(*), count(*) FILTER (WHERE key IN (SELECT key FROM reference_keys)) FROM extract_keys',
  );
  const base = { leg: leg.id, to: leg.to, rows, known };

  const token = columns.find((index) => kindOf(index) === 'token');
  const tokens = token === undefined ? undefined : await countTokens(one, releasedName(token));
  const shifted = columns.find((index) => kindOf(index) === 'date-shift');
  const dates = shifted === undefined || open.length === 0 ? undefined : await countDates(one, task, shifted);
  const marks = leg.watermark === undefined || open.length === 0 ? undefined : await countMarks(one);
  return { ...base, ...(tokens && { tokens }), ...(marks && { marks }), ...(dates && { dates }) };
}

type ReadOne = (sql: string) => Promise<readonly number[]>;

async function countTokens(one: ReadOne, name: string): Promise<NonNullable<LegTrace['tokens']>> {
  const issued = `SELECT DISTINCT ${name} AS token FROM reference_keys WHERE NOT marked AND ${name} IS NOT NULL`;
  const leaked = `SELECT DISTINCT ${name} AS token FROM extract_keys WHERE ${name} IS NOT NULL`;
  const [all = 0, own = 0, given = 0] = await one(
    `SELECT (SELECT count(*) FROM (${leaked})), (SELECT count(*) FROM (${leaked}) JOIN (${issued}) USING (token)), (SELECT count(*) FROM (${issued}))`,
  );
  return { leaked: all, own, issued: given };
}

async function countMarks(one: ReadOne): Promise<NonNullable<LegTrace['marks']>> {
  const [all = 0, marked = 0, leaked = 0, both = 0] =
    await one(`SELECT count(*), count(*) FILTER (WHERE marked), count(*) FILTER (WHERE leaked), count(*) FILTER (WHERE marked AND leaked)
FROM (SELECT who, bool_or(marked) AS marked, bool_or(key IN (SELECT key FROM extract_keys)) AS leaked
FROM telling WHERE eligible GROUP BY who)`);
  return { all, marked, leaked, both };
}

/** One trial per subject: its least row that stands in the extract with one date. */
async function countDates(
  one: ReadOne,
  { dataset }: Pick<ReleaseTask, 'dataset'>,
  index: number,
): Promise<NonNullable<LegTrace['dates']>> {
  const name = releasedName(index);
  const { treatment } = dataset.columns[index]!;
  const days = treatment.kind === 'date-shift' ? treatment.days : 1;
  const [tried = 0, hit = 0] = await one(`SELECT count(*), count(*) FILTER (WHERE hit) FROM (
SELECT t.who, arg_min(e.seen = r.own, t.key) AS hit FROM telling AS t
JOIN (SELECT key, min(${name}) AS seen FROM extract_keys GROUP BY key HAVING count(${name}) = count(*) AND min(${name}) = max(${name})) AS e USING (key)
JOIN (SELECT key, min(${name}) AS own FROM reference_keys GROUP BY key HAVING count(${name}) = count(*) AND min(${name}) = max(${name})) AS r USING (key)
GROUP BY t.who)`);
  return { tried, hit, days };
}

/** The extract's columns that the release has, as canonical texts; returns their places. */
async function storeExtract(
  session: DuckDbSession,
  { dataset }: Pick<ReleaseTask, 'dataset'>,
  extract: string,
  scratch: string,
): Promise<readonly number[]> {
  // The session reads nothing outside its own folder.
  const folder = join(scratch, 'extract');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const lent = join(folder, `extract${extname(extract)}`);
  await copyFile(extract, lent);
  const found = listDeliveredFiles(lent);
  if (found.kind === 'refused') {
    // It is told by the name that it was given by.
    const problems = found.problems.map((problem) => ({ ...problem, where: basename(extract) }));
    throw new InvalidDelivery(extract, problems);
  }
  const given = await listGivenColumns(session, extract, found);
  const delivery = await readDelivery(session, datasetOf(extract, given), found, folder);
  await Promise.all(delivery.files.map(({ sha256 }) => sha256));
  const places = listReleased(dataset).filter((index) =>
    given.some(({ name }) => name === dataset.columns[index]!.name),
  );
  if (places.length === 0) {
    const problem = `none of its columns is one that dataset ${dataset.id} releases`;
    throw new InvalidDelivery(extract, [{ where: extract, problem, remedy: 'Name the columns as the release does.' }]);
  }
  const typed = places.map((index) => {
    const { name, releasedAs } = dataset.columns[index]!;
    const place = given.findIndex((column) => column.name === name);
    const text = column(givenName(place));
    const written =
      releasedAs!.kind === 'string' ? text : canonicalText({ kind: 'parse', operand: text, type: releasedAs! });
    return named(releasedName(index), written);
  });
  const texts = given.map((_, place) => `nullif(CAST(${givenName(place)} AS VARCHAR), '') AS ${givenName(place)}`);
  await session.run(`CREATE OR REPLACE TABLE given_extract AS SELECT ${texts.join(', ')} FROM (${delivery.select})`);
  await session.createTable(EXTRACT, { columns: typed, from: table('given_extract') });
  return places;
}

/** All that the receiver would have got had nobody been left out, with each row's subject and whether it was. */
async function storeReference(
  session: DuckDbSession,
  task: Omit<ReleaseTask, 'file'>,
  columns: readonly number[],
  facts: AcceptedFacts,
): Promise<void> {
  const { dataset, leg } = task;
  const part = {
    dataset,
    rows: ACCEPTED,
    columns: listReleased(dataset),
    classes: chooseClassesBy(task, facts),
    packed: facts.packed,
  };
  await prepareTables(session, task, part);
  const who = dataset.subject === undefined ? 'position' : valueName(indexOfColumn(dataset, dataset.subject));
  const rows = renderQuery(treatRows(part, [who]));
  const texts = columns.map((index) => `CAST(${releasedName(index)} AS VARCHAR) AS ${releasedName(index)}`);
  const isMarked = leg.watermark !== undefined && dataset.subject !== undefined;
  const flags = isMarked
    ? 'coalesce(m.marked, false) AS marked, m.subject IS NOT NULL AS eligible'
    : 'false AS marked, false AS eligible';
  const join = isMarked ? `LEFT JOIN ${MARKABLE_SUBJECTS} AS m ON t.${who} = m.subject` : '';
  await session.run(
    `CREATE OR REPLACE TABLE ${REFERENCE} AS SELECT ${[...texts, `t.${who} AS who`, flags].join(', ')} FROM (${rows}) AS t ${join}`,
  );
}
