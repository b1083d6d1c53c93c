import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { HALF_DIGITS } from '../../domain/exchange/erasure/token-table';
import { isFollowable } from '../../domain/privacy/certificate/assemble-measurement';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { listHeld } from './count-holders';
import { SUBJECT_ROWS } from './count-tuples';
import { indexOfColumn, valueNameOf } from './dataset-columns';
import { listReleased, releasedName, treatRows } from './release-rows';
import {
  all,
  COUNT_ROWS,
  code,
  column,
  columnOf,
  isPresent,
  named,
  number,
  same,
  table,
  when,
} from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Join, Relation, SqlQuery } from './rendering/sql-query';
import { HIDDEN } from './treat-value';
import type { TreatedPart } from './treated-part';

/** The queries that measure a written release. `written`: the rows of its file, by `releasedName`. */

export const WRITTEN = 'written';
export const WRITTEN_GROUPS = 'written_groups';
export const WRITTEN_CLASSES = 'written_classes';
export const WRITTEN_MEMBERS = 'written_members';
/** As `WRITTEN_MEMBERS`, of the accepted rows. */
export const ACCEPTED_MEMBERS = 'accepted_members';

/** Rows, and cells that tell something: one that is hidden whole is as good as empty. */
export function countCells(dataset: PlannedDataset): SqlQuery {
  return {
    columns: [
      named('rows', COUNT_ROWS),
      ...listReleased(dataset).map((index) => named(releasedName(index), countTelling(dataset, index))),
    ],
    from: table(WRITTEN),
  };
}

function countTelling(dataset: PlannedDataset, index: number): SqlExpression {
  const value = column(releasedName(index));
  return mayBeHidden(dataset, index)
    ? { kind: 'count-where', condition: isTelling(dataset, index, value) }
    : { kind: 'count-present', operand: value };
}

function isTelling(dataset: PlannedDataset, index: number, value: SqlExpression): SqlExpression {
  return mayBeHidden(dataset, index) ? { kind: 'compare', op: '<>', left: value, right: HIDDEN } : isPresent(value);
}

function mayBeHidden({ columns }: PlannedDataset, index: number): boolean {
  const { kind } = columns[index]!.treatment;
  return kind === 'mask' || kind === 'common-text';
}

/**
 * What the file holds of class columns, sensitive columns and, where it tells them apart, subjects (`subject`), and how many
 * `rows` have the same: it is read once for all that follows.
 */
export function groupWritten(dataset: PlannedDataset): SqlQuery {
  const keys = [...listGroupedColumns(dataset)].map(([index, name]) => named(name, column(releasedName(index))));
  return {
    columns: [...keys, named('rows', COUNT_ROWS)],
    from: table(WRITTEN),
    groupBy: keys.map(({ expression }) => expression),
  };
}

/** By which columns `groupWritten` groups, and their names in it. */
function listGroupedColumns(dataset: PlannedDataset): ReadonlyMap<number, string> {
  const { subject } = dataset;
  const grouped = [...listClassColumns(dataset), ...listSensitiveColumns(dataset)];
  return new Map([
    ...grouped.map((index) => [index, releasedName(index)] as const),
    ...(subject !== undefined && isFollowable(dataset) ? [[indexOfColumn(dataset, subject), 'subject'] as const] : []),
  ]);
}

/** As `groupWritten`, and in each group of every other column the cells that tell something: `countGroupedCells` adds up all. */
export function groupWrittenCells(dataset: PlannedDataset): SqlQuery {
  const { columns, ...query } = groupWritten(dataset);
  const grouped = listGroupedColumns(dataset);
  const others = listReleased(dataset).filter((index) => !grouped.has(index));
  return {
    ...query,
    columns: [...columns, ...others.map((index) => named(cellsName(index), countTelling(dataset, index)))],
  };
}

const cellsName = (index: number) => `cells_${index}`;

/** As `countCells`, of the groups of `groupWrittenCells`. */
export function countGroupedCells(dataset: PlannedDataset): SqlQuery {
  const grouped = listGroupedColumns(dataset);
  const add = (operand: SqlExpression): SqlExpression => ({
    kind: 'first-present',
    operands: [{ kind: 'sum', operand }, number(0)],
  });
  const countOf = (index: number): SqlExpression => {
    const name = grouped.get(index);
    if (name === undefined) return column(cellsName(index));
    return when(isTelling(dataset, index, column(name)), column('rows'), number(0));
  };
  return {
    columns: [
      named('rows', add(column('rows'))),
      ...listReleased(dataset).map((index) => named(releasedName(index), add(countOf(index)))),
    ],
    from: table(WRITTEN_GROUPS),
  };
}

/** The classes of the release: its class columns, its `rows`, and a number (`place`). `groups`: rows by these columns and others. */
export function listWrittenClasses(dataset: PlannedDataset, groups = WRITTEN_GROUPS): SqlQuery {
  const names = listClassColumns(dataset).map(releasedName);
  const grouped: SqlQuery = {
    columns: [
      ...names.map((name) => named(name, column(name))),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: table(groups),
    groupBy: names.map(column),
  };
  return {
    columns: [
      ...names.map((name) => named(name, column(name))),
      named('rows', code(column('rows'))),
      named('place', code({ kind: 'place', within: [], by: names.map(column) })),
    ],
    from: { kind: 'query', query: grouped, as: 'grouped' },
  };
}

/** The rows of each value that a class column shows. */
export function countShown(dataset: PlannedDataset, classIndex: number): SqlQuery {
  const shown = column(releasedName(listClassColumns(dataset)[classIndex]!));
  return {
    columns: [named('text', shown), named('rows', code({ kind: 'sum', operand: column('rows') }))],
    from: table(WRITTEN_CLASSES),
    groupBy: [shown],
  };
}

/** The groups of the file, each with its class as `place`. */
export function placeWrittenMembers(dataset: PlannedDataset): SqlQuery {
  const isNamed = dataset.subject !== undefined && isFollowable(dataset);
  return placeGroups(dataset, WRITTEN_GROUPS, [...(isNamed ? ['subject'] : []), 'rows']);
}

/** Of rows grouped by class columns and `sensitive` ones, the class as `place`, the sensitive values and `others`. */
export function placeGroups(
  dataset: PlannedDataset,
  groups: string,
  others: readonly string[],
  sensitive = listSensitiveColumns(dataset),
): SqlQuery {
  return {
    columns: [
      named('place', columnOf(WRITTEN_CLASSES, 'place')),
      ...[...sensitive.map(releasedName), ...others].map((name) => named(name, columnOf(groups, name))),
    ],
    from: table(groups),
    joins: [joinWrittenClasses(dataset, groups)],
  };
}

/**
 * What a recount treats, where the file does not tell subjects apart: of the accepted rows the class columns, and the
 * sensitive ones whose holders are counted.
 */
export function partOfMembers(dataset: PlannedDataset, rows: string): TreatedPart {
  const columns = new Set([...listClassColumns(dataset), ...listHeldColumns(dataset)]);
  return { dataset, rows, columns: [...columns], classes: 'values' };
}

/** The members that the release does not tell, in the form of `placeWrittenMembers`. `part`: of `SUBJECT_ROWS`. */
export function placeAcceptedMembers(part: TreatedPart, subject: string): SqlQuery {
  const { dataset } = part;
  const name = valueNameOf(dataset, subject);
  return {
    columns: [
      named('place', columnOf(WRITTEN_CLASSES, 'place')),
      ...listHeldColumns(dataset).map((index) => named(releasedName(index), columnOf('treated', releasedName(index)))),
      named('subject', columnOf('treated', name)),
      named('rows', columnOf('treated', 'rows')),
    ],
    from: { kind: 'query', query: treatRows(part, [name, 'rows']), as: 'treated' },
    joins: [joinWrittenClasses(dataset, 'treated')],
  };
}

/** Only those that name a subject. */
export function keepSubjects(members: string): Relation {
  const query: SqlQuery = {
    columns: ['subject', 'place'].map((name) => named(name, column(name))),
    from: table(members),
    where: isPresent(column('subject')),
  };
  return { kind: 'query', query, as: 'placed' };
}

/** The rows of each class, and the members in it that name a subject. */
export function countPlacedRows(members: string): SqlQuery {
  return {
    columns: [
      named('place', column('place')),
      named('rows', code({ kind: 'sum', operand: column('rows') })),
      named('named', code({ kind: 'count-present', operand: column('subject') })),
    ],
    from: table(members),
    groupBy: [column('place')],
  };
}

/** Whose tokens are in the file, by the halves that a table of them is made of. `subjects`: each of them once. */
export function halveTokens(subjects: Relation, token: SqlExpression): SqlQuery {
  const half = (start: number) =>
    code({ kind: 'hex-number', operand: { kind: 'slice', start, count: HALF_DIGITS, operand: token } });
  return { columns: [named('high', half(0)), named('low', half(HALF_DIGITS))], from: subjects };
}

/** How many distinct values a column has. */
export function countDistinct(rows: string, name: string): SqlQuery {
  return { columns: [named('values', COUNT_ROWS)], from: listDistinct(rows, name) };
}

/** As `value`, each once. */
export function listDistinct(rows: string, name: string): Relation {
  const query: SqlQuery = {
    columns: [named('value', column(name))],
    from: table(rows),
    where: isPresent(column(name)),
    distinct: true,
  };
  return { kind: 'query', query, as: 'present' };
}

/** Rows per class and code of a sensitive value; the code is −1 for values that the delivery does not have. */
export function countWrittenValues(dataset: PlannedDataset, sensitive: string, reference: string): SqlQuery {
  const value = releasedName(indexOfColumn(dataset, sensitive));
  const counted: SqlQuery = {
    columns: [
      ...['place', value].map((name) => named(name, column(name))),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: table(WRITTEN_MEMBERS),
    groupBy: ['place', value].map(column),
  };
  return codeValues(value, reference, counted, ['rows']);
}

/**
 * As `countWrittenValues`, the distinct subjects with each value, and their rows and those of nobody. `areHolders`: every
 * member is another subject, class or value.
 */
export function countWrittenHolders(
  dataset: PlannedDataset,
  sensitive: string,
  reference: string,
  members: string,
  areHolders = false,
): SqlQuery {
  const value = releasedName(indexOfColumn(dataset, sensitive));
  const each: SqlQuery = {
    columns: [
      ...['place', value, 'subject'].map((name) => named(name, column(name))),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: table(members),
    groupBy: ['place', value, 'subject'].map(column),
  };
  const counted: SqlQuery = {
    columns: [
      ...['place', value].map((name) => named(name, column(name))),
      named('subjects', { kind: 'count-present', operand: column('subject') }),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: areHolders ? table(members) : { kind: 'query', query: each, as: 'each_holder' },
    groupBy: ['place', value].map(column),
  };
  return codeValues(value, reference, counted, ['subjects', 'rows']);
}

/** Sums of `counted` by place and code of the value, in this order. */
export function codeValues(value: string, reference: string, counted: SqlQuery, sums: readonly string[]): SqlQuery {
  const known: SqlExpression = { kind: 'first-present', operands: [columnOf(reference, 'code'), number(-1)] };
  const groups = [columnOf('counted', 'place'), known] as const;
  return {
    columns: [
      named('place', groups[0]),
      named('code', groups[1]),
      ...sums.map((name) => named(name, code({ kind: 'sum', operand: columnOf('counted', name) }))),
    ],
    from: { kind: 'query', query: counted, as: 'counted' },
    joins: [
      { kind: 'left', with: table(reference), on: same(columnOf('counted', value), columnOf(reference, 'value')) },
    ],
    groupBy: groups,
    orderBy: groups.map((by) => ({ by })),
  };
}

/** Per class the distinct subjects with any value of the column. */
export function countKnownSubjects(dataset: PlannedDataset, sensitive: string, members: string): SqlQuery {
  const value = column(releasedName(indexOfColumn(dataset, sensitive)));
  const each: SqlQuery = {
    columns: ['place', 'subject'].map((name) => named(name, column(name))),
    from: table(members),
    where: all([isPresent(column('subject')), isPresent(value)]),
    distinct: true,
  };
  return {
    columns: [named('place', column('place')), named('subjects', code(COUNT_ROWS))],
    from: { kind: 'query', query: each, as: 'each_known' },
    groupBy: [column('place')],
  };
}

/**
 * What `countReferenceValues` reads: where subjects are counted, all values stand in the shorter `SUBJECT_ROWS`, with their
 * `rows`.
 */
export function partOfReference(dataset: PlannedDataset, sensitive: string, accepted: string): TreatedPart {
  const rows = dataset.subject === undefined ? accepted : SUBJECT_ROWS;
  return { dataset, rows, columns: [indexOfColumn(dataset, sensitive)], classes: 'nothing' };
}

/** The values that a sensitive column would be released with if no row were suppressed, their rows and order. */
export function countReferenceValues(part: TreatedPart): SqlQuery {
  const name = releasedName(part.columns[0]!);
  const isCounted = part.rows === SUBJECT_ROWS;
  const grouped: SqlQuery = {
    columns: [
      named('value', column(name)),
      named('rows', isCounted ? { kind: 'sum', operand: column('rows') } : COUNT_ROWS),
    ],
    from: { kind: 'query', query: treatRows(part, isCounted ? ['rows'] : []), as: 'treated' },
    groupBy: [column(name)],
  };
  return {
    columns: [
      named('value', column('value')),
      named('rows', code(column('rows'))),
      named('code', code({ kind: 'place', within: [], by: [column('value')] })),
    ],
    from: { kind: 'query', query: grouped, as: 'grouped' },
  };
}

function joinWrittenClasses(dataset: PlannedDataset, rows: string): Join {
  const matches = listClassColumns(dataset).map((index) =>
    same(columnOf(rows, releasedName(index)), columnOf(WRITTEN_CLASSES, releasedName(index))),
  );
  return { kind: 'inner', with: table(WRITTEN_CLASSES), on: all(matches) };
}

export function listClassColumns(dataset: PlannedDataset): readonly number[] {
  return dataset.classColumns.map(({ column: name }) => indexOfColumn(dataset, name));
}

export function listSensitiveColumns(dataset: PlannedDataset): readonly number[] {
  return listSensitive(dataset.privacy).map((name) => indexOfColumn(dataset, name));
}

export function listHeldColumns(dataset: PlannedDataset): readonly number[] {
  const sensitive = listSensitiveColumns(dataset);
  return listHeld(dataset).map((index) => sensitive[index]!);
}
