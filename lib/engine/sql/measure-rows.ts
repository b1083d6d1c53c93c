import type { PlannedDataset } from '../../domain/agreement/plan';
import { indexOfColumn, valueNameOf } from './dataset-columns';
import { all, COUNT_ROWS, code, column, columnOf, isPresent, named, number, same, table } from './expressions';
import { listReleased, releasedName, treatRows } from './release-rows';
import type { SqlExpression } from './sql-expression';
import type { Join, Relation, SqlQuery } from './sql-query';
import type { TreatedPart } from './treated-part';

/** The queries that measure a written release. `written`: the rows of its file, by `releasedName`. */

export const WRITTEN = 'written';
export const WRITTEN_CLASSES = 'written_classes';

/** Rows, and cells that hold a value. */
export function countCells(dataset: PlannedDataset): SqlQuery {
  return {
    columns: [
      named('rows', COUNT_ROWS),
      ...listReleased(dataset).map((index) =>
        named(releasedName(index), { kind: 'count-present', operand: column(releasedName(index)) }),
      ),
    ],
    from: table(WRITTEN),
  };
}

/** The classes of the release: its class columns, its `rows`, and a number (`place`). */
export function listWrittenClasses(dataset: PlannedDataset): SqlQuery {
  const names = listClassColumns(dataset).map(releasedName);
  const grouped: SqlQuery = {
    columns: [...names.map((name) => named(name, column(name))), named('rows', COUNT_ROWS)],
    from: table(WRITTEN),
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

/** Per written row its `subject`, and its class as `place`. */
export function placeWrittenSubjects(dataset: PlannedDataset, subject: string): SqlQuery {
  const value = columnOf(WRITTEN, releasedName(indexOfColumn(dataset, subject)));
  return {
    columns: [named('subject', value), named('place', columnOf(WRITTEN_CLASSES, 'place'))],
    from: table(WRITTEN),
    joins: [joinWrittenClasses(dataset, WRITTEN)],
  };
}

/** What a recount treats: the class columns of the accepted rows, which stand in `rows` as `countSubjectRows` has them. */
export function partOfClasses(dataset: PlannedDataset, rows: string): TreatedPart {
  return { dataset, rows, columns: listClassColumns(dataset), classes: 'values' };
}

/** Every `subject` of the accepted rows, which the release does not tell, and its class as `place`, with the `rows` it has there. */
export function placeAcceptedSubjects(part: TreatedPart, subject: string): SqlQuery {
  const name = valueNameOf(part.dataset, subject);
  return {
    columns: [
      named('subject', columnOf('treated', name)),
      named('rows', columnOf('treated', 'rows')),
      named('place', columnOf(WRITTEN_CLASSES, 'place')),
    ],
    from: { kind: 'query', query: treatRows(part, [name, 'rows']), as: 'treated' },
    joins: [joinWrittenClasses(part.dataset, 'treated')],
  };
}

/** Only those that name a subject. */
export function keepSubjects(placed: Relation): Relation {
  const query: SqlQuery = {
    columns: ['subject', 'place'].map((name) => named(name, column(name))),
    from: placed,
    where: isPresent(column('subject')),
  };
  return { kind: 'query', query, as: 'placed' };
}

/** The rows of each class. */
export function countPlacedRows(placed: Relation): SqlQuery {
  return {
    columns: [named('place', column('place')), named('rows', code({ kind: 'sum', operand: column('rows') }))],
    from: placed,
    groupBy: [column('place')],
  };
}

/** How many distinct values a column has. */
export function countDistinct(rows: string, name: string): SqlQuery {
  const query: SqlQuery = {
    columns: [named('value', column(name))],
    from: table(rows),
    where: isPresent(column(name)),
    distinct: true,
  };
  return { columns: [named('values', COUNT_ROWS)], from: { kind: 'query', query, as: 'present' } };
}

/**
 * Rows per class and code of a sensitive value; the code is −1 for values that the delivery does not have. Rows are counted
 * before anything is joined: there are far fewer classes and values than rows.
 */
export function countWrittenValues(dataset: PlannedDataset, sensitive: string, reference: string): SqlQuery {
  const classNames = listClassColumns(dataset).map(releasedName);
  const value = column(releasedName(indexOfColumn(dataset, sensitive)));
  const counted: SqlQuery = {
    columns: [...classNames.map((name) => named(name, column(name))), named('value', value), named('rows', COUNT_ROWS)],
    from: table(WRITTEN),
    groupBy: [...classNames.map(column), value],
  };
  const known: SqlExpression = { kind: 'first-present', operands: [columnOf(reference, 'code'), number(-1)] };
  const groups = [columnOf(WRITTEN_CLASSES, 'place'), known] as const;
  return {
    columns: [
      named('place', groups[0]),
      named('code', groups[1]),
      named('rows', code({ kind: 'sum', operand: columnOf('counted', 'rows') })),
    ],
    from: { kind: 'query', query: counted, as: 'counted' },
    joins: [
      joinWrittenClasses(dataset, 'counted'),
      {
        kind: 'left',
        with: table(reference),
        on: same(columnOf('counted', 'value'), columnOf(reference, 'value')),
      },
    ],
    groupBy: groups,
    orderBy: groups.map((by) => ({ by })),
  };
}

/** What `countWrittenHolders` counts where the release tells subjects apart: its rows, each with its `subject`. */
export function listWrittenMembers(dataset: PlannedDataset, subject: string, sensitive: string): Relation {
  const names = [...listClassColumns(dataset), indexOfColumn(dataset, sensitive)].map(releasedName);
  const query: SqlQuery = {
    columns: [
      ...names.map((name) => named(name, column(name))),
      named('subject', column(releasedName(indexOfColumn(dataset, subject)))),
      named('rows', number(1)),
    ],
    from: table(WRITTEN),
  };
  return { kind: 'query', query, as: 'members' };
}

/** What `countWrittenHolders` treats where it does not. `rows`: as `countSubjectRows` has them. */
export function partOfMembers(dataset: PlannedDataset, rows: string, sensitive: string): TreatedPart {
  const columns = [...listClassColumns(dataset), indexOfColumn(dataset, sensitive)];
  return { dataset, rows, columns, classes: 'values' };
}

export function listAcceptedMembers(part: TreatedPart, subject: string): SqlQuery {
  const name = valueNameOf(part.dataset, subject);
  return {
    columns: [
      ...part.columns.map((index) => named(releasedName(index), columnOf('treated', releasedName(index)))),
      named('subject', columnOf('treated', name)),
      named('rows', columnOf('treated', 'rows')),
    ],
    from: { kind: 'query', query: treatRows(part, [name, 'rows']), as: 'treated' },
  };
}

/** As `countWrittenValues`, the distinct subjects with each value, and their rows and those of nobody. */
export function countWrittenHolders(
  dataset: PlannedDataset,
  sensitive: string,
  reference: string,
  members: Relation,
): SqlQuery {
  const names = [...listClassColumns(dataset), indexOfColumn(dataset, sensitive)].map(releasedName);
  const value = releasedName(indexOfColumn(dataset, sensitive));
  const each: SqlQuery = {
    columns: [
      ...[...names, 'subject'].map((name) => named(name, column(name))),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: members,
    groupBy: [...names, 'subject'].map(column),
  };
  const counted: SqlQuery = {
    columns: [
      ...names.map((name) => named(name, column(name))),
      named('subjects', { kind: 'count-present', operand: column('subject') }),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: { kind: 'query', query: each, as: 'each_holder' },
    groupBy: names.map(column),
  };
  const known: SqlExpression = { kind: 'first-present', operands: [columnOf(reference, 'code'), number(-1)] };
  const groups = [columnOf(WRITTEN_CLASSES, 'place'), known] as const;
  const sum = (name: string) => code({ kind: 'sum', operand: columnOf('counted', name) });
  return {
    columns: [
      named('place', groups[0]),
      named('code', groups[1]),
      named('subjects', sum('subjects')),
      named('rows', sum('rows')),
    ],
    from: { kind: 'query', query: counted, as: 'counted' },
    joins: [
      joinWrittenClasses(dataset, 'counted'),
      { kind: 'left', with: table(reference), on: same(columnOf('counted', value), columnOf(reference, 'value')) },
    ],
    groupBy: groups,
    orderBy: groups.map((by) => ({ by })),
  };
}

/** Per class the distinct subjects with any value of the column. */
export function countKnownSubjects(dataset: PlannedDataset, sensitive: string, members: Relation): SqlQuery {
  const names = listClassColumns(dataset).map(releasedName);
  const each: SqlQuery = {
    columns: [...names, 'subject'].map((name) => named(name, column(name))),
    from: members,
    where: all([isPresent(column('subject')), isPresent(column(releasedName(indexOfColumn(dataset, sensitive))))]),
    distinct: true,
  };
  const counted: SqlQuery = {
    columns: [...names.map((name) => named(name, column(name))), named('subjects', COUNT_ROWS)],
    from: { kind: 'query', query: each, as: 'each_known' },
    groupBy: names.map(column),
  };
  return {
    columns: [
      named('place', columnOf(WRITTEN_CLASSES, 'place')),
      named('subjects', code(columnOf('counted', 'subjects'))),
    ],
    from: { kind: 'query', query: counted, as: 'counted' },
    joins: [joinWrittenClasses(dataset, 'counted')],
  };
}

/** The values that a sensitive column would be released with if no row were suppressed, their rows and order. */
export function countReferenceValues(part: TreatedPart): SqlQuery {
  const name = releasedName(part.columns[0]!);
  const grouped: SqlQuery = {
    columns: [named('value', column(name)), named('rows', COUNT_ROWS)],
    from: { kind: 'query', query: treatRows(part), as: 'treated' },
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

function listClassColumns(dataset: PlannedDataset): readonly number[] {
  return dataset.classColumns.map(({ column: name }) => indexOfColumn(dataset, name));
}
