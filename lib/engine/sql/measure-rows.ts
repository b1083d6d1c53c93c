import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { HALF_DIGITS } from '../../domain/exchange/erasure/token-table';
import { isFollowable } from '../../domain/privacy/certificate/assemble-measurement';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { listHeld } from './count-holders';
import { indexOfColumn, valueNameOf } from './dataset-columns';
import { releasedName, treatRows } from './release-rows';
import { all, COUNT_ROWS, code, column, columnOf, isPresent, named, same, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Join, Relation, SqlQuery } from './rendering/sql-query';
import type { TreatedPart } from './treated-part';

/** The queries that measure a written release: its groups, classes and members. `written`: the rows of its file, by `releasedName`. */

export const WRITTEN = 'written';
export const WRITTEN_GROUPS = 'written_groups';
export const WRITTEN_CLASSES = 'written_classes';
export const WRITTEN_MEMBERS = 'written_members';
/** As `WRITTEN_MEMBERS`, of the accepted rows. */
export const ACCEPTED_MEMBERS = 'accepted_members';

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
export function listGroupedColumns(dataset: PlannedDataset): ReadonlyMap<number, string> {
  const { subject } = dataset;
  const grouped = [...listClassColumns(dataset), ...listSensitiveColumns(dataset)];
  return new Map([
    ...grouped.map((index) => [index, releasedName(index)] as const),
    ...(subject !== undefined && isFollowable(dataset) ? [[indexOfColumn(dataset, subject), 'subject'] as const] : []),
  ]);
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
