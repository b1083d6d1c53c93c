import type { PlannedDataset } from '../../domain/agreement/plan';
import type { CleanDelivery } from '../engine';
import { EngineFailure } from '../engine-failure';
import {
  breaksAny,
  type CleaningRule,
  type DeliveredTypes,
  listCleaningRules,
  listRejects,
  readValues,
} from '../sql/clean-rows';
import { givenName, valueName } from '../sql/dataset-columns';
import { column, columnOf, equals, named, table, when } from '../sql/expressions';
import { findDuplicates } from '../sql/find-duplicates';
import type { SqlExpression } from '../sql/sql-expression';
import type { Join, SqlQuery } from '../sql/sql-query';
import type { DeliveryRows } from './delivery-rows';
import type { DuckDbSession } from './duckdb-session';
import { quoteText } from './sql-text';

/** The rows that may be released, by position and `valueName`. */
export const ACCEPTED = 'accepted';

/** The names of what cleaning leaves behind for the quarantine. */
export const FILES = 'files';
export const REJECTS = 'rejects';
export const BAD_RECORDS = 'bad_records';
export const DUPLICATES = 'duplicates';
export const DELIVERED = 'delivered';

export interface CleanedRows {
  readonly rules: readonly CleaningRule[];
  readonly received: number;
  readonly bad: number;
  readonly broken: number;
  readonly duplicates: number;
  readonly rejectedBy: CleanDelivery['rejectedBy'];
}

/** Judges every row of the delivery and leaves the good ones as `accepted`. */
export async function cleanDelivery(
  session: DuckDbSession,
  dataset: PlannedDataset,
  delivery: DeliveryRows,
): Promise<CleanedRows> {
  const { types } = delivery;
  const received = delivery.files.reduce((sum, { rows }) => sum + rows, 0);
  const rules = listCleaningRules(dataset, types);
  await session.run(`CREATE VIEW ${DELIVERED} AS ${delivery.select}`);
  await createFiles(session, delivery);
  const bad = await createBadRecords(session, delivery);
  await createCleaned(session, dataset, types, rules);

  const notBad: readonly Join[] = bad > 0 ? [excludePositions(BAD_RECORDS)] : [];
  const [rows, broken] = await countRows(session, rules.length > 0, notBad);
  // Two counts of the same records, by two readers: were they to differ, no row number could be trusted.
  if (rows + bad !== received) throw misread();
  if (broken > 0) await session.createTable(REJECTS, listBroken(dataset, types, rules, notBad));

  const valid = selectAccepted(dataset, broken > 0, notBad);
  const duplicates = dataset.clean.dedupe.length > 0 ? await createDuplicates(session, dataset, valid) : 0;
  const joins = duplicates > 0 ? [...notBad, excludePositions(DUPLICATES)] : notBad;
  await session.createView(ACCEPTED, selectAccepted(dataset, broken > 0, joins));

  const rejectedBy = [
    ...(broken > 0 ? await countReasons(session, rules) : []),
    ...(bad > 0 ? await countBadReasons(session) : []),
    { reason: describeDuplicate(dataset), rows: duplicates },
  ];
  return { rules, received, bad, broken, duplicates, rejectedBy: sortReasons(rejectedBy) };
}

export function describeDuplicate({ clean }: PlannedDataset): string {
  return `duplicate of another row by (${clean.dedupe.join(', ')})`;
}

async function createFiles(session: DuckDbSession, { files }: DeliveryRows): Promise<void> {
  const rows = files.map(({ file, first, rows }) => `(${quoteText(file)}, ${first}, ${first + rows})`);
  await session.run(
    `CREATE TABLE ${FILES} AS SELECT * FROM (VALUES ${rows.join(', ')}) AS given (file, first, behind)`,
  );
}

async function createBadRecords(session: DuckDbSession, { bad }: DeliveryRows): Promise<number> {
  if (bad === undefined) return 0;
  await session.run(`CREATE TABLE ${BAD_RECORDS} AS ${bad}`);
  return readCount(session, `SELECT count(*) FROM ${BAD_RECORDS}`);
}

/**
 * `cleaned`: position, values, whether a rule is broken, and the given columns (where it is). Typed Parquet is a view, so
 * that later queries read the columns they need and nothing is written twice; text is parsed once, into a table.
 */
async function createCleaned(
  session: DuckDbSession,
  dataset: PlannedDataset,
  types: DeliveredTypes,
  rules: readonly CleaningRule[],
): Promise<void> {
  const rejected = column('rejected');
  const judged: SqlQuery = {
    columns: [
      named('position', column('position')),
      ...dataset.columns.flatMap((_, index) => [
        named(givenName(index), column(givenName(index))),
        named(valueName(index), column(valueName(index))),
      ]),
      named('rejected', breaksAny(rules)),
    ],
    from: { kind: 'query', query: readValues(dataset, table(DELIVERED), types), as: 'values_read' },
  };
  const isView =
    types !== 'texts' && dataset.columns.every(({ type }, index) => isCheap(types[index]?.kind, type.kind));
  if (isView) return session.createView('cleaned', judged);
  const kept: SqlQuery = {
    columns: judged.columns.map(({ name }) => named(name, keepForReject(dataset, name, rejected))),
    from: { kind: 'query', query: judged, as: 'judged' },
  };
  if (types !== 'texts') return session.createTable('cleaned', kept);
  // Rows keep the order of the files, and DuckDB numbers them by it.
  await session.createTable('cleaned_rows', kept);
  await session.run('CREATE VIEW cleaned AS SELECT * REPLACE (rowid AS position) FROM cleaned_rows');
}

function isCheap(from: string | undefined, to: string): boolean {
  return from !== 'string' || to === 'string';
}

function keepForReject(dataset: PlannedDataset, name: string, rejected: SqlExpression): SqlExpression {
  const isGiven = dataset.columns.some((_, index) => givenName(index) === name);
  return isGiven ? when(rejected, column(name)) : column(name);
}

function excludePositions(from: string): Join {
  return { kind: 'anti', with: table(from), on: equals(columnOf('cleaned', 'position'), columnOf(from, 'position')) };
}

async function countRows(
  session: DuckDbSession,
  canBreak: boolean,
  joins: readonly Join[],
): Promise<readonly [rows: number, broken: number]> {
  const broken: SqlExpression = { kind: 'count-where', condition: columnOf('cleaned', 'rejected') };
  const [rows, rejected] = await session.read({
    columns: [named('rows', { kind: 'count-rows' }), ...(canBreak ? [named('broken', broken)] : [])],
    from: table('cleaned'),
    joins,
  });
  return [Number(rows?.[0]), Number(rejected?.[0] ?? 0)];
}

function listBroken(
  dataset: PlannedDataset,
  types: DeliveredTypes,
  rules: readonly CleaningRule[],
  joins: readonly Join[],
): SqlQuery {
  const rejected: SqlQuery = {
    columns: ['position', ...dataset.columns.map((_, index) => givenName(index))].map((name) =>
      named(name, columnOf('cleaned', name)),
    ),
    from: table('cleaned'),
    joins,
    where: columnOf('cleaned', 'rejected'),
  };
  const values = readValues(dataset, { kind: 'query', query: rejected, as: 'broken' }, types);
  return listRejects(dataset, { kind: 'query', query: values, as: 'values_read' }, rules);
}

function selectAccepted(dataset: PlannedDataset, someBroken: boolean, joins: readonly Join[]): SqlQuery {
  return {
    columns: ['position', ...dataset.columns.map((_, index) => valueName(index))].map((name) =>
      named(name, columnOf('cleaned', name)),
    ),
    from: table('cleaned'),
    joins,
    ...(someBroken && { where: { kind: 'not', operand: columnOf('cleaned', 'rejected') } }),
  };
}

async function createDuplicates(session: DuckDbSession, dataset: PlannedDataset, valid: SqlQuery): Promise<number> {
  await session.createView('valid', valid);
  await session.createTable(DUPLICATES, findDuplicates(dataset, 'valid'));
  return readCount(session, `SELECT count(*) FROM ${DUPLICATES}`);
}

async function countReasons(session: DuckDbSession, rules: readonly CleaningRule[]) {
  const counts = await session.read({
    columns: rules.map((_, index) =>
      named(`rule_${index}`, { kind: 'count-where', condition: column(`rule_${index}`) }),
    ),
    from: table(REJECTS),
  });
  return rules.map(({ reason }, index) => ({ reason, rows: Number(counts[index]?.[0]) }));
}

async function countBadReasons(session: DuckDbSession) {
  const query: SqlQuery = {
    columns: [named('reason', column('reason')), named('rows', { kind: 'count-rows' })],
    from: table(BAD_RECORDS),
    groupBy: [column('reason')],
  };
  const [reasons = [], rows = []] = await session.read(query);
  return reasons.map((reason, index) => ({ reason: String(reason), rows: Number(rows[index]) }));
}

function sortReasons(reasons: CleanDelivery['rejectedBy']): CleanDelivery['rejectedBy'] {
  return reasons
    .filter(({ rows }) => rows > 0)
    .toSorted((left, right) => right.rows - left.rows || (left.reason < right.reason ? -1 : 1));
}

async function readCount(session: DuckDbSession, sql: string): Promise<number> {
  const [[count] = []] = await (await session.run(sql)).getColumns();
  return Number(count);
}

function misread(): EngineFailure {
  return new EngineFailure(
    'Two readers counted different numbers of records in the delivery',
    'Report it; until then deliver the data in another format.',
  );
}
