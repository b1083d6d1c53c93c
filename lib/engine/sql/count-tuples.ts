import type { PlannedColumn, PlannedDataset } from '../../domain/agreement/plan/plan';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { columnOfClass, indexOfColumn, valueName, valueNameOf } from './dataset-columns';
import { numberInOrder } from './number-in-order';
import {
  all,
  COUNT_ROWS,
  code,
  column,
  columnOf,
  equals,
  isPresent,
  named,
  number,
  same,
  table,
} from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Join, NamedExpression, Relation, SqlQuery } from './rendering/sql-query';
import { limitValue, maskValue, roundValue } from './treat-value';

/** The queries by which a histogram is counted. A tuple's values are `key_0` … in the order of the class columns. */

/** Tables that a histogram leaves behind: `numberTuples`, and `countSubjectRows` where there is a subject. */
export const TUPLES = 'tuples';
export const SUBJECT_ROWS = 'subject_rows';
export const keyName = (classIndex: number) => `key_${classIndex}`;
/** The `listValues` table of a class column. */
export const classValuesName = (classIndex: number) => `class_values_${classIndex}`;

/** Per row what its tuple is made of, and the other columns asked for. Of a masked, coded or rounded column, classes know no more than is released. */
export function readKeys(dataset: PlannedDataset, rows: string, others: readonly NamedExpression[]): Relation {
  const keys = dataset.classColumns.map((_, index) => named(keyName(index), keyOf(dataset, index)));
  return { kind: 'query', query: { columns: [...keys, ...others], from: table(rows) }, as: 'keyed' };
}

function keyOf(dataset: PlannedDataset, classIndex: number): SqlExpression {
  const planned = columnOfClass(dataset, classIndex);
  return treatAlike(dataset, planned.name);
}

/** The column's value, or what is made of it alone before it is released: what one can count without a leg's keys. */
export function isTreatedAlike({ treatment: { kind } }: PlannedColumn): boolean {
  return kind === 'mask' || kind === 'top-bottom' || kind === 'round';
}

export function treatAlike(dataset: PlannedDataset, name: string): SqlExpression {
  const index = indexOfColumn(dataset, name);
  const { treatment, type } = dataset.columns[index]!;
  const value = column(valueName(index));
  switch (treatment.kind) {
    case 'mask':
      return maskValue(value, treatment);
    case 'top-bottom':
      return limitValue(value, type, treatment);
    case 'round':
      return roundValue(value, type, treatment.multiple);
    default:
      return value;
  }
}

/** Rows per tuple, or per tuple and value of one sensitive column (`value`). */
export function countRows(dataset: PlannedDataset, rows: string, sensitive?: string): SqlQuery {
  const value = sensitive === undefined ? [] : [named('value', treatAlike(dataset, sensitive))];
  const names = [...keyNames(dataset), ...value.map(({ name }) => name)];
  return {
    columns: [...names.map((name) => named(name, column(name))), named('rows', COUNT_ROWS)],
    from: readKeys(dataset, rows, value),
    groupBy: names.map(column),
  };
}

/** `countRows`, from the table of `countSubjectRows`; also in how many of its rows `counted` is present, as `subjects`. */
export function sumSubjectRows(dataset: PlannedDataset, sensitive?: string, counted?: SqlExpression): SqlQuery {
  const value = sensitive === undefined ? [] : [named('value', treatAlike(dataset, sensitive))];
  const subject = counted === undefined ? [] : [named('subject', counted)];
  const query = sumRows(
    dataset,
    readKeys(dataset, SUBJECT_ROWS, [...value, ...subject, named('rows', column('rows'))]),
    value.map(({ name }) => name),
  );
  if (counted === undefined) return query;
  const present = named('subjects', { kind: 'count-present', operand: column('subject') });
  return { ...query, columns: [...query.columns, present] };
}

/** How many rows of `countSubjectRows` name a subject, and how many subjects they name: the same, where each has one row. */
export function countSubjectsAndRows(dataset: PlannedDataset, subject: string): SqlQuery {
  const name = valueNameOf(dataset, subject);
  const each: SqlQuery = {
    columns: [named('rows', { kind: 'count-present', operand: column(name) })],
    from: table(SUBJECT_ROWS),
    groupBy: [column(name)],
  };
  return {
    columns: [
      named('rows', { kind: 'sum', operand: column('rows') }),
      named('subjects', {
        kind: 'count-where',
        condition: { kind: 'compare', op: '>', left: column('rows'), right: number(0) },
      }),
    ],
    from: { kind: 'query', query: each, as: 'each_subject' },
  };
}

/** Whether every row of `countSubjectRows` is another subject, tuple or value of the one sensitive column that is held. */
export function isRowHolder(dataset: PlannedDataset): boolean {
  const merged = new Set(dataset.columns.filter(isTreatedAlike).map(({ name }) => name));
  const sensitive = listSensitive(dataset.privacy);
  const classColumns = dataset.classColumns.map(({ column: name }) => name);
  return sensitive.length === 1 && ![...classColumns, ...sensitive].some((name) => merged.has(name));
}

/**
 * The columns that say who is in which tuple with which sensitive values, and how many `rows` have the same values in all of
 * them. It can be read in place of the rows where no other column matters, and is much shorter as a rule.
 */
export function countSubjectRows(dataset: PlannedDataset, rows: string, subject: string): SqlQuery {
  const names = [...listSubjectColumns(dataset, subject)].map(valueName);
  return {
    columns: [...names.map((name) => named(name, column(name))), named('rows', COUNT_ROWS)],
    from: table(rows),
    groupBy: names.map(column),
  };
}

/** Which columns of the dataset `countSubjectRows` keeps. */
export function listSubjectColumns(dataset: PlannedDataset, subject: string): ReadonlySet<number> {
  const classColumns = dataset.classColumns.map(({ column: name }) => name);
  return new Set(
    [subject, ...classColumns, ...listSensitive(dataset.privacy)].map((name) => indexOfColumn(dataset, name)),
  );
}

/** Rows (and what else is counted) per tuple (and per `others`), from those per tuple and something else. */
export function sumRows(
  dataset: PlannedDataset,
  counted: Relation,
  others: readonly string[] = [],
  counts: readonly string[] = ['rows'],
): SqlQuery {
  const names = [...keyNames(dataset), ...others];
  return {
    columns: [
      ...names.map((name) => named(name, column(name))),
      ...counts.map((name) => named(name, { kind: 'sum', operand: column(name) })),
    ],
    from: counted,
    groupBy: names.map(column),
  };
}

/** The distinct values of a column of `counted`, each with its place in the type's own order. */
export function listValues(counted: string, name: string): SqlQuery {
  const distinct: SqlQuery = { columns: [named('value', column(name))], from: table(counted), distinct: true };
  return {
    columns: [
      named('value', column('value')),
      named('code', code({ kind: 'place', within: [], by: [column('value')] })),
    ],
    from: { kind: 'query', query: distinct, as: 'present' },
  };
}

/** Numbers the tuples in the order of their values' codes. `dictionaries`: one `listValues` table per class column. */
export function numberTuples(
  dataset: PlannedDataset,
  counted: Relation,
  dictionaries: readonly string[],
  counts: readonly string[] = ['rows'],
): SqlQuery {
  const codes = dictionaries.map((dictionary) => columnOf(dictionary, 'code'));
  return numberInOrder('tuple', {
    columns: [
      ...keyNames(dataset).map((name) => named(name, columnOf(counted.as, name))),
      ...codes.map((value, index) => named(`code_${index}`, value)),
      ...counts.map((name) => named(name, code(columnOf(counted.as, name)))),
    ],
    from: counted,
    joins: dictionaries.map((dictionary, index) => ({
      kind: 'inner',
      with: table(dictionary),
      on: same(columnOf(counted.as, keyName(index)), columnOf(dictionary, 'value')),
    })),
    orderBy: codes.map((by) => ({ by })),
  });
}

/**
 * Rows per tuple and code of a sensitive value, in that order, and the subjects that have the value there alone. `holders`:
 * a table of `countSettledHolders` that tells them; `counted` where they stand there already; without it every row is one.
 */
export function codeSensitive(
  dataset: PlannedDataset,
  counted: string,
  dictionary: string,
  holders?: string,
): SqlQuery {
  const settled = holders === counted ? undefined : holders;
  const rows = code(columnOf(counted, 'rows'));
  const joinSettled = (name: string): Join => ({
    kind: 'left',
    with: table(name),
    on: all([
      equals(columnOf(TUPLES, 'tuple'), columnOf(name, 'place')),
      same(columnOf(counted, 'value'), columnOf(name, 'value')),
    ]),
  });
  return {
    columns: [
      named('tuple', columnOf(TUPLES, 'tuple')),
      named('code', columnOf(dictionary, 'code')),
      named('rows', rows),
      named(
        'subjects',
        holders === undefined
          ? rows
          : settled === undefined
            ? code(columnOf(counted, 'subjects'))
            : code({ kind: 'first-present', operands: [columnOf(settled, 'subjects'), number(0)] }),
      ),
    ],
    from: table(counted),
    joins: [
      { kind: 'inner', with: table(TUPLES), on: matchKeys(dataset, counted, TUPLES) },
      {
        kind: 'inner',
        with: table(dictionary),
        on: same(columnOf(counted, 'value'), columnOf(dictionary, 'value')),
      },
      ...(settled === undefined ? [] : [joinSettled(settled)]),
    ],
    orderBy: [{ by: columnOf(TUPLES, 'tuple') }, { by: columnOf(dictionary, 'code') }],
  };
}

/** Every `subject`, the `place` of its rows, which is their tuple, and `others` of them. `rows`: of `countSubjectRows`. */
export function placeSubjects(
  dataset: PlannedDataset,
  rows: string,
  subject: string,
  others: readonly NamedExpression[] = [],
): SqlQuery {
  return {
    columns: [
      named('subject', columnOf('keyed', 'subject')),
      named('place', columnOf(TUPLES, 'tuple')),
      ...others.map(({ name }) => named(name, columnOf('keyed', name))),
    ],
    from: readKeys(dataset, rows, [named('subject', column(valueNameOf(dataset, subject))), ...others]),
    joins: [{ kind: 'inner', with: table(TUPLES), on: matchKeys(dataset, 'keyed', TUPLES) }],
    where: isPresent(columnOf('keyed', 'subject')),
  };
}

export function matchKeys(dataset: PlannedDataset, left: string, right: string): SqlExpression {
  return all(keyNames(dataset).map((name) => same(columnOf(left, name), columnOf(right, name))));
}

function keyNames(dataset: PlannedDataset): readonly string[] {
  return dataset.classColumns.map((_, index) => keyName(index));
}
