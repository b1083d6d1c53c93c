import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { CleanDelivery, ErasedSubjects } from '../engine';
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
import { describeDuplicate } from '../sql/describe-duplicate';
import { findDuplicates } from '../sql/find-duplicates';
import { ERASED, ERASED_REASON } from '../sql/find-erased';
import { column, columnOf, equals, named, table, when } from '../sql/rendering/expressions';
import type { SqlExpression } from '../sql/rendering/sql-expression';
import type { Join, SqlQuery } from '../sql/rendering/sql-query';
import type { DeliveryRows } from './delivery-rows';
import type { DuckDbSession } from './duckdb-session';
import { storeErased } from './exclude-erased';
import { quoteText, renderQuery } from './sql-text';

/** The rows that may be released, by position and `valueName`. */
export const ACCEPTED = 'accepted';

/** The names of what cleaning leaves behind for the quarantine. */
export const FILES = 'files';
export const REJECTS = 'rejects';
export const BAD_RECORDS = 'bad_records';
export const DUPLICATES = 'duplicates';
export const DELIVERED = 'delivered';
/** Positions of all rows that are not accepted. */
const EXCLUDED = 'excluded';

export interface CleanedRows {
  readonly rules: readonly CleaningRule[];
  readonly received: number;
  readonly bad: number;
  readonly broken: number;
  readonly erased: number;
  readonly duplicates: number;
  readonly rejectedBy: CleanDelivery['rejectedBy'];
}

/** Judges every row of the delivery and leaves the good ones as `accepted`. */
export async function cleanDelivery(
  session: DuckDbSession,
  dataset: PlannedDataset,
  delivery: DeliveryRows,
  erasedSubjects?: ErasedSubjects,
): Promise<CleanedRows> {
  const { types } = delivery;
  const received = delivery.files.reduce((sum, { rows }) => sum + rows, 0);
  const rules = listCleaningRules(dataset, types);
  await session.run(`CREATE VIEW ${DELIVERED} AS ${delivery.select}`);
  await createFiles(session, delivery);
  await session.run(`CREATE TABLE ${EXCLUDED} (position BIGINT)`);
  await createCleaned(session, dataset, types, rules, received);

  const bad = await createBadRecords(session, delivery);
  const broken = rules.length > 0 ? await createRejects(session, dataset, types, rules, bad) : 0;
  const erased = erasedSubjects ? await createErased(session, dataset, erasedSubjects, bad + broken) : 0;
  const excluded = bad + broken + erased;
  const duplicates = dataset.clean.dedupe.length > 0 ? await createDuplicates(session, dataset, excluded) : 0;
  await session.createView(ACCEPTED, selectAccepted(dataset, excluded + duplicates));

  const rejectedBy = [
    ...(broken > 0 ? await countReasons(session, rules) : []),
    ...(bad > 0 ? await countBadReasons(session) : []),
    { reason: ERASED_REASON, rows: erased },
    { reason: describeDuplicate(dataset), rows: duplicates },
  ];
  return { rules, received, bad, broken, erased, duplicates, rejectedBy: sortReasons(rejectedBy) };
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
  return exclude(session, BAD_RECORDS);
}

/** Takes the rows of a table out of what is accepted; returns how many they are. */
async function exclude(session: DuckDbSession, rows: string): Promise<number> {
  return (await session.run(`INSERT INTO ${EXCLUDED} SELECT position FROM ${rows}`)).rowsChanged;
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
  received: number,
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
  await session.storeRows('cleaned', renderQuery(kept));
  // Two counts of the same records, by two readers: were they to differ, no row number could be trusted.
  if ((await session.countRows('cleaned')) !== received) throw misread();
}

function isCheap(from: string | undefined, to: string): boolean {
  return from !== 'string' || to === 'string';
}

function keepForReject(dataset: PlannedDataset, name: string, rejected: SqlExpression): SqlExpression {
  const isGiven = dataset.columns.some((_, index) => givenName(index) === name);
  return isGiven ? when(rejected, column(name)) : column(name);
}

/** Leaves out what is excluded so far; a table of positions costs later queries less than all conditions again. */
function notExcluded(excluded: number): readonly Join[] {
  const on = equals(columnOf('cleaned', 'position'), columnOf(EXCLUDED, 'position'));
  return excluded > 0 ? [{ kind: 'anti', with: table(EXCLUDED), on }] : [];
}

async function createRejects(
  session: DuckDbSession,
  dataset: PlannedDataset,
  types: DeliveredTypes,
  rules: readonly CleaningRule[],
  bad: number,
): Promise<number> {
  const broken: SqlQuery = {
    columns: ['position', ...dataset.columns.map((_, index) => givenName(index))].map((name) =>
      named(name, columnOf('cleaned', name)),
    ),
    from: table('cleaned'),
    joins: notExcluded(bad),
    where: columnOf('cleaned', 'rejected'),
  };
  const values = readValues(dataset, { kind: 'query', query: broken, as: 'broken' }, types);
  await session.createTable(REJECTS, listRejects(dataset, { kind: 'query', query: values, as: 'values_read' }, rules));
  return exclude(session, REJECTS);
}

function selectAccepted(dataset: PlannedDataset, excluded: number): SqlQuery {
  return {
    columns: ['position', ...dataset.columns.map((_, index) => valueName(index))].map((name) =>
      named(name, columnOf('cleaned', name)),
    ),
    from: table('cleaned'),
    joins: notExcluded(excluded),
  };
}

async function createErased(
  session: DuckDbSession,
  dataset: PlannedDataset,
  subjects: ErasedSubjects,
  excluded: number,
): Promise<number> {
  await storeErased(session, dataset, subjects, notExcluded(excluded));
  return exclude(session, ERASED);
}

async function createDuplicates(session: DuckDbSession, dataset: PlannedDataset, excluded: number): Promise<number> {
  await session.createView('valid', selectAccepted(dataset, excluded));
  await session.createTable(DUPLICATES, findDuplicates(dataset, 'valid'));
  return exclude(session, DUPLICATES);
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

function misread(): EngineFailure {
  return new EngineFailure(
    'Two readers counted different numbers of records in the delivery',
    'Report it; until then deliver the data in another format.',
  );
}
