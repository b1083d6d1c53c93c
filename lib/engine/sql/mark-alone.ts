import { all, column, equals, isPresent, named, number, table, when } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';

/*
 * Groups of a subject and what it has: most subjects have one. Who is in one alone is counted with the rows of the group, by
 * no join; only `scattered` groups, of subjects who have several, have to be looked at subject by subject.
 */

export const ALONE = 'alone';

/** The groups, and whether they are all that their subject has. `subject`: its column, null where nobody is named. */
export function markAlone(groups: SqlQuery, subject: string): SqlQuery {
  const owner = column(subject);
  const own: SqlExpression = { kind: 'over', aggregate: 'sum', operand: number(1), within: [owner], by: [] };
  return {
    columns: [
      ...groups.columns.map(({ name }) => named(name, column(name))),
      named(ALONE, all([isPresent(owner), equals(own, number(1))])),
    ],
    from: { kind: 'query', query: groups, as: 'grouped' },
  };
}

/** Present in the groups whose subject has no other. */
export const WHO_IS_ALONE = when(column(ALONE), number(1));

/** The subjects who have one group. `marked`: a table of `markAlone`. */
export function listAlone(marked: string, subject: string): SqlQuery {
  return { columns: [named(subject, column(subject))], from: table(marked), where: column(ALONE) };
}

/** Columns of the groups of subjects who have several. `marked`: a table of `markAlone`. */
export function listScattered(marked: string, subject: string, names: readonly string[]): SqlQuery {
  return {
    columns: names.map((name) => named(name, column(name))),
    from: table(marked),
    where: all([isPresent(column(subject)), { kind: 'not', operand: column(ALONE) }]),
  };
}
