import type { ColumnType } from '../../domain/agreement/plan/plan';
import { listMeanSteps } from '../../domain/privacy/treatments/list-mean-steps';
import { listPeriodSteps, type PeriodStep } from '../../domain/privacy/treatments/list-period-steps';
import type { Treatment } from '../../domain/privacy/treatments/treatment';
import { valueName } from './dataset-columns';
import { keepReleasedRows } from './keep-released-rows';
import { column, columnOf, equals, isPresent, named, number, table, text } from './rendering/expressions';
import type { ExactType, SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';
import { groupedName, type TreatedPart } from './treated-part';

type Merging = Extract<Treatment, { readonly kind: 'microaggregate' }>;

/**
 * What each group of neighbours shows: the mean or the median of its rows that have a class. Marks count: they are others for
 * each receiver, and two of them could take one mean from the other and be left with a marked subject's value.
 */
export function centreGroups(part: TreatedPart, index: number): SqlQuery {
  const { treatment, type } = part.dataset.columns[index]!;
  if (treatment.kind !== 'microaggregate') throw new Error('Only neighbours are merged.');
  const counted = countGrouped(part, index);
  const { k, centre } = treatment;
  if (type.kind === 'decimal' || type.kind === 'integer') {
    const exact: ExactType = type.kind === 'decimal' ? type : { kind: 'integer' };
    return roundBySpread(centre === 'median' ? findMedians(counted) : findMeans(counted, exact), exact, treatment);
  }
  if (centre === 'mean' || (type.kind !== 'date' && type.kind !== 'timestamp'))
    throw new Error('Only exact numbers have a mean, and only these, dates and moments are merged.');
  return cutBySpread(findMedians(counted), type.kind, k);
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

/** Per group its `centre`, `least` and `most` value. Of an even number of rows the median is the lower of the two in the middle. */
function findMedians(counted: SqlQuery): SqlQuery {
  const within = [column('group')];
  const running: SqlQuery = {
    columns: [
      ...['group', 'value'].map((name) => named(name, column(name))),
      named('least', findLeast()),
      named('passed', { kind: 'over', aggregate: 'sum', operand: column('rows'), within, by: [column('value')] }),
      named('total', { kind: 'over', aggregate: 'sum', operand: column('rows'), within, by: [] }),
    ],
    from: { kind: 'query', query: counted, as: 'of_groups' },
  };
  const twice: SqlExpression = { kind: 'arithmetic', op: '*', left: column('passed'), right: number(2) };
  return {
    columns: [
      named('group', column('group')),
      named('centre', { kind: 'minimum', operand: column('value') }),
      named('least', { kind: 'minimum', operand: column('least') }),
      // It is never below the median, so that it is among the rows that are left.
      named('most', { kind: 'maximum', operand: column('value') }),
    ],
    from: { kind: 'query', query: running, as: 'running' },
    where: { kind: 'compare', op: '>=', left: twice, right: column('total') },
    groupBy: within,
  };
}

/** Per group its `centre`, `least` and `most` value; from the least up, so that sums stay small. */
function findMeans(counted: SqlQuery, type: ExactType): SqlQuery {
  const least: SqlQuery = {
    columns: [...['group', 'value', 'rows'].map((name) => named(name, column(name))), named('least', findLeast())],
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
  return {
    columns: [
      named('group', column('group')),
      named('centre', {
        kind: 'add-mean',
        operand: column('least'),
        units: column('units'),
        rows: column('rows'),
        type,
      }),
      named('least', column('least')),
      named('most', column('most')),
    ],
    from: { kind: 'query', query: summed, as: 'summed' },
  };
}

function findLeast(): SqlExpression {
  return { kind: 'over', aggregate: 'minimum', operand: column('value'), within: [column('group')], by: [] };
}

/**
 * To the step that `listMeanSteps` has for the group: of a mean so that two rounds do not tell who left, of a median since it is
 * one row's own value.
 */
function roundBySpread(centres: SqlQuery, type: ExactType, merging: Merging): SqlQuery {
  const spread: SqlQuery = {
    columns: [
      ...['group', 'centre'].map((name) => named(name, column(name))),
      named('spread', { kind: 'units-above', operand: column('most'), lower: column('least'), type }),
    ],
    from: { kind: 'query', query: centres, as: 'centres' },
  };
  const stepped: SqlQuery = {
    columns: [
      ...['group', 'centre'].map((name) => named(name, column(name))),
      named('step', chooseStep(type, merging)),
    ],
    from: { kind: 'query', query: spread, as: 'spread_out' },
  };
  return {
    columns: [
      named('group', column('group')),
      named('shown', { kind: 'round-by', operand: column('centre'), type, multiple: column('step') }),
    ],
    from: { kind: 'query', query: stepped, as: 'stepped' },
  };
}

function chooseStep(type: ExactType, { k, centre }: Merging): SqlExpression {
  const parse = (written: string, as: ColumnType): SqlExpression => ({
    kind: 'parse',
    operand: text(written),
    type: as,
  });
  const steps = listMeanSteps(type, k, centre);
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

/** To the period that `listPeriodSteps` has for the group: a median is one row's own day or moment. */
function cutBySpread(medians: SqlQuery, type: 'date' | 'timestamp', k: number): SqlQuery {
  const [centre, least, most] = [column('centre'), column('least'), column('most')];
  const steps = listPeriodSteps(type, k);
  const cut = ({ period }: PeriodStep): SqlExpression => ({ kind: 'begin-period', type, operand: centre, period });
  const isWithin = ({ atMost, units }: PeriodStep): SqlExpression => ({
    kind: 'compare',
    op: '<=',
    left: most,
    right:
      units === 'minutes'
        ? { kind: 'add-minutes', operand: least, minutes: number(atMost) }
        : { kind: 'add-days', type, operand: least, days: number(atMost) },
  });
  const shown: SqlExpression = {
    kind: 'choose',
    branches: [
      { when: equals(least, most), result: centre },
      ...steps.map((step) => ({ when: isWithin(step), result: cut(step) })),
    ],
    otherwise: cut(steps.at(-1)!),
  };
  return {
    columns: [named('group', column('group')), named('shown', shown)],
    from: { kind: 'query', query: medians, as: 'medians' },
  };
}
