import type { ColumnType } from '../../domain/agreement/plan';
import { listMeanSteps } from '../../domain/privacy/list-mean-steps';
import { valueName } from './dataset-columns';
import { column, columnOf, equals, isPresent, named, number, table, text } from './expressions';
import { keepReleasedRows } from './keep-released-rows';
import type { ExactType, SqlExpression } from './sql-expression';
import type { SqlQuery } from './sql-query';
import { groupedName, type TreatedPart } from './treated-part';

/**
 * What each group of neighbours shows: the mean or the median of its rows that have a class. Marks count: they are others for
 * each receiver, and two of them could take one mean from the other and be left with a marked subject's value.
 */
export function centreGroups(part: TreatedPart, index: number): SqlQuery {
  const { treatment, type } = part.dataset.columns[index]!;
  if (treatment.kind !== 'microaggregate') throw new Error('Only neighbours are merged.');
  const counted = countGrouped(part, index);
  if (treatment.centre === 'median') return findMedians(counted);
  if (type.kind === 'decimal') return findMeans(counted, type, treatment.k);
  if (type.kind === 'integer') return findMeans(counted, { kind: 'integer' }, treatment.k);
  throw new Error('Only exact numbers have a mean.');
}

/** Per group and value its rows. */
function countGrouped({ unmarked: _, ...part }: TreatedPart, index: number): SqlQuery {
  const grouped = groupedName(index);
  const name = valueName(index);
  const counted: SqlQuery = {
    columns: [named('value', column(name)), named('rows', { kind: 'count-rows' })],
    from: { kind: 'query', query: keepReleasedRows(part, [name]), as: 'kept' },
    where: isPresent(column(name)),
    groupBy: [column(name)],
  };
  return {
    columns: [
      named('group', columnOf(grouped, 'replacement')),
      named('value', columnOf('counted', 'value')),
      named('rows', columnOf('counted', 'rows')),
    ],
    from: { kind: 'query', query: counted, as: 'counted' },
    joins: [
      { kind: 'inner', with: table(grouped), on: equals(columnOf('counted', 'value'), columnOf(grouped, 'value')) },
    ],
    where: isPresent(columnOf(grouped, 'replacement')),
  };
}

/** Of an even number of rows the lower of the two in the middle. */
function findMedians(counted: SqlQuery): SqlQuery {
  const within = [column('group')];
  const running: SqlQuery = {
    columns: [
      ...['group', 'value'].map((name) => named(name, column(name))),
      named('passed', { kind: 'over', aggregate: 'sum', operand: column('rows'), within, by: [column('value')] }),
      named('total', { kind: 'over', aggregate: 'sum', operand: column('rows'), within, by: [] }),
    ],
    from: { kind: 'query', query: counted, as: 'of_groups' },
  };
  const twice: SqlExpression = { kind: 'arithmetic', op: '*', left: column('passed'), right: number(2) };
  return {
    columns: [named('group', column('group')), named('shown', { kind: 'minimum', operand: column('value') })],
    from: { kind: 'query', query: running, as: 'running' },
    where: { kind: 'compare', op: '>=', left: twice, right: column('total') },
    groupBy: within,
  };
}

/** From the least value up, so that sums stay small; then to the step that `listMeanSteps` has for the group. */
function findMeans(counted: SqlQuery, type: ExactType, k: number): SqlQuery {
  const least: SqlQuery = {
    columns: [
      ...['group', 'value', 'rows'].map((name) => named(name, column(name))),
      named('least', {
        kind: 'over',
        aggregate: 'minimum',
        operand: column('value'),
        within: [column('group')],
        by: [],
      }),
    ],
    from: { kind: 'query', query: counted, as: 'of_groups' },
  };
  const weighed: SqlExpression = {
    kind: 'arithmetic',
    op: '*',
    left: { kind: 'units-above', operand: column('value'), lower: column('least'), type },
    right: column('rows'),
  };
  const summed: SqlQuery = {
    columns: [
      named('group', column('group')),
      named('least', { kind: 'minimum', operand: column('least') }),
      named('most', { kind: 'maximum', operand: column('value') }),
      named('units', { kind: 'sum', operand: weighed }),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: { kind: 'query', query: least, as: 'above_least' },
    groupBy: [column('group')],
  };
  const averaged: SqlQuery = {
    columns: [
      named('group', column('group')),
      named('mean', {
        kind: 'add-mean',
        operand: column('least'),
        units: column('units'),
        rows: column('rows'),
        type,
      }),
      named('spread', { kind: 'units-above', operand: column('most'), lower: column('least'), type }),
    ],
    from: { kind: 'query', query: summed, as: 'summed' },
  };
  const stepped: SqlQuery = {
    columns: [...['group', 'mean'].map((name) => named(name, column(name))), named('step', chooseStep(type, k))],
    from: { kind: 'query', query: averaged, as: 'averaged' },
  };
  return {
    columns: [
      named('group', column('group')),
      named('shown', { kind: 'round-by', operand: column('mean'), type, multiple: column('step') }),
    ],
    from: { kind: 'query', query: stepped, as: 'stepped' },
  };
}

function chooseStep(type: ExactType, k: number): SqlExpression {
  const parse = (written: string, as: ColumnType): SqlExpression => ({
    kind: 'parse',
    operand: text(written),
    type: as,
  });
  const steps = listMeanSteps(type, k);
  return {
    kind: 'choose',
    branches: steps.map(({ atMost, text: step }) => ({
      when: {
        kind: 'compare',
        op: '<=',
        left: column('spread'),
        right: parse(atMost, { kind: 'decimal', precision: 38, scale: 0 }),
      },
      result: parse(step, type),
    })),
    otherwise: parse(steps.at(-1)!.text, type),
  };
}
