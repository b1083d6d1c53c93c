import { centreGroups } from './centre-groups';
import { valueName } from './dataset-columns';
import { keepReleasedRows } from './keep-released-rows';
import { column, columnOf, equals, isPresent, named, number, table, when } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Join, SqlQuery } from './rendering/sql-query';
import { findSubject, groupedName, joinOn, type TreatedPart } from './treated-part';

/** Texts that enough subjects share: rows, where none is named. */
export function listCommonTexts(part: TreatedPart, index: number): SqlQuery {
  const value = columnOf('kept', valueName(index));
  return {
    columns: [named('value', column('value'))],
    from: { kind: 'query', query: countSharers(part, index, value), as: 'shared' },
    where: reachesK(part, index),
  };
}

/**
 * Of a group of which fewer than k are released every value shows what the next lower group that holds enough shows, or the
 * lowest one; nothing where none does.
 */
export function joinSmallGroups(part: TreatedPart, index: number): SqlQuery {
  const grouped = groupedName(index);
  const groups: SqlQuery = {
    columns: [named('group', column('replacement'))],
    from: table(grouped),
    where: isPresent(column('replacement')),
    distinct: true,
  };
  const sharers = countSharers(part, index, columnOf(grouped, 'replacement'), [
    joinOn('inner', grouped, 'value', columnOf('kept', valueName(index))),
  ]);
  const large: SqlQuery = {
    columns: [named('value', column('value'))],
    from: { kind: 'query', query: sharers, as: 'shared' },
    where: reachesK(part, index),
  };
  const isLarge = isPresent(columnOf('large', 'value'));
  const place = (within: readonly SqlExpression[]): SqlExpression => ({
    kind: 'place',
    within,
    by: [columnOf('groups', 'group')],
  });
  const placed: SqlQuery = {
    columns: [
      named('group', columnOf('groups', 'group')),
      named('large', isLarge),
      named('place', place([])),
      named('among', place([isLarge])),
    ],
    from: { kind: 'query', query: groups, as: 'groups' },
    joins: [
      {
        kind: 'left',
        with: { kind: 'query', query: large, as: 'large' },
        on: equals(columnOf('groups', 'group'), columnOf('large', 'value')),
      },
    ],
  };
  // Before a small group stand as many large ones as there are groups before it that are not small.
  const before: SqlExpression = { kind: 'arithmetic', op: '-', left: column('place'), right: column('among') };
  const none: SqlExpression = { kind: 'compare', op: '=', left: before, right: number(0) };
  const last: SqlExpression = { kind: 'arithmetic', op: '-', left: before, right: number(1) };
  const aimed: SqlQuery = {
    columns: [
      named('group', column('group')),
      named('aim', when(column('large'), column('among'), when(none, number(0), last))),
    ],
    from: { kind: 'query', query: placed, as: 'placed' },
  };
  const held: SqlQuery = {
    columns: [named('group', column('group')), named('place', column('among'))],
    from: { kind: 'query', query: placed, as: 'placed' },
    where: column('large'),
  };
  return {
    columns: [named('value', columnOf(grouped, 'value')), named('replacement', columnOf('centres', 'shown'))],
    from: table(grouped),
    joins: [
      {
        kind: 'inner',
        with: { kind: 'query', query: aimed, as: 'aimed' },
        on: equals(columnOf(grouped, 'replacement'), columnOf('aimed', 'group')),
      },
      {
        kind: 'inner',
        with: { kind: 'query', query: held, as: 'held' },
        on: equals(columnOf('aimed', 'aim'), columnOf('held', 'place')),
      },
      {
        kind: 'inner',
        with: { kind: 'query', query: centreGroups(part, index), as: 'centres' },
        on: equals(columnOf('held', 'group'), columnOf('centres', 'group')),
      },
    ],
  };
}

function reachesK({ dataset }: TreatedPart, index: number): SqlExpression {
  const { treatment } = dataset.columns[index]!;
  if (treatment.kind !== 'common-text' && treatment.kind !== 'microaggregate')
    throw new Error('Only common texts and groups of values are shared.');
  return { kind: 'compare', op: '>=', left: column('sharers'), right: number(treatment.k) };
}

/** Per value how many subjects with released rows have it: rows, where none is named. `value`: of `kept` and the joins. */
function countSharers(part: TreatedPart, index: number, value: SqlExpression, joins: readonly Join[] = []): SqlQuery {
  const subject = findSubject(part.dataset);
  const names = [index, ...(subject < 0 ? [] : [subject])].map(valueName);
  const pairs: SqlQuery = {
    columns: [named('value', value), ...(subject < 0 ? [] : [named('subject', columnOf('kept', valueName(subject)))])],
    from: { kind: 'query', query: keepReleasedRows(part, [...new Set(names)]), as: 'kept' },
    joins,
    where: isPresent(value),
    distinct: subject >= 0,
  };
  const sharers: SqlExpression =
    subject < 0 ? { kind: 'count-rows' } : { kind: 'count-present', operand: column('subject') };
  return {
    columns: [named('value', column('value')), named('sharers', sharers)],
    from: { kind: 'query', query: pairs, as: 'pairs' },
    groupBy: [column('value')],
  };
}
