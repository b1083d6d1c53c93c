import { COUNT_ROWS, code, column, columnOf, equals, named, table } from './rendering/expressions';
import type { Relation, SqlQuery } from './rendering/sql-query';

/**
 * Distinct subjects per place (a tuple or a class), of rows given as `subject` and `place`. Most subjects are in one
 * place only, so it is cheaper to look for each subject's first and last place than to count distinct pairs.
 */

/** Per subject its first and last place. */
export function boundSubjects(placed: Relation): SqlQuery {
  return {
    columns: [
      named('subject', column('subject')),
      named('first', { kind: 'minimum', operand: column('place') }),
      named('last', { kind: 'maximum', operand: column('place') }),
    ],
    from: placed,
    groupBy: [column('subject')],
  };
}

/** Subjects that are in one place, per place. `bounded`: a table of `boundSubjects`. */
export function countSettled(bounded: string): SqlQuery {
  return {
    columns: [named('place', column('first')), named('subjects', code(COUNT_ROWS))],
    from: table(bounded),
    where: equals(column('first'), column('last')),
    groupBy: [column('first')],
  };
}

/** Subjects that are in several places, numbered in their own order. */
export function numberSpanning(bounded: string): SqlQuery {
  return {
    columns: [
      named('subject', column('subject')),
      named('number', code({ kind: 'place', within: [], by: [column('subject')] })),
    ],
    from: table(bounded),
    where: { kind: 'compare', op: '<>', left: column('first'), right: column('last') },
  };
}

/** Number and place of every place that a spanning subject is in. `spanning`: a table of `numberSpanning`. */
export function listSpanning(placed: Relation, spanning: string): SqlQuery {
  const pair = [columnOf(spanning, 'number'), columnOf(placed.as, 'place')] as const;
  return {
    columns: [named('number', pair[0]), named('place', pair[1])],
    from: placed,
    joins: [
      {
        kind: 'inner',
        with: table(spanning),
        on: equals(columnOf(placed.as, 'subject'), columnOf(spanning, 'subject')),
      },
    ],
    distinct: true,
    orderBy: pair.map((by) => ({ by })),
  };
}
