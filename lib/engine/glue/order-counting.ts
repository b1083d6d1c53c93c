import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { codeName, HISTOGRAM_VERSION } from '../../domain/privacy/histogram/histogram-layout';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { boundHolders, countSettledHolders, listHeld, listHolders, numberHolders } from '../sql/count-holders';
import { countSizesBefore } from '../sql/count-sizes-before';
import { boundSubjects, countSettled, listSpanning, numberSpanning } from '../sql/count-subjects';
import {
  countRows,
  countSubjectRows,
  keyName,
  listSubjectColumns,
  placeSubjects,
  SUBJECT_ROWS,
  sumSubjectRows,
  TUPLES,
  treatAlike,
} from '../sql/count-tuples';
import { valueName, valueNameOf } from '../sql/dataset-columns';
import { listScattered, markAlone, WHO_IS_ALONE } from '../sql/mark-alone';
import { addUp, listNumbered, numberCells } from '../sql/number-cells';
import { canonicalText, column, columnOf, equals, named, number, same, table } from '../sql/rendering/expressions';
import { sparkDialect } from '../sql/rendering/spark-dialect';
import type { SqlExpression } from '../sql/rendering/sql-expression';
import type { Join, NamedExpression, Relation, SqlQuery } from '../sql/rendering/sql-query';
import type { JobStep } from './job-orders';
import { ACCEPTED } from './order-cleaning';
import { orderCache, orderKeep, orderView } from './short-steps';
import { unite } from './unite';

const { renderQuery } = sparkDialect;
const cellsName = (index: number) => `numbered_cells_${index}`;
const sensitiveName = (index: number) => `sensitive_values_${index}`;
const boundsName = (index: number) => `holder_bounds_${index}`;
const spanningName = (index: number) => `spanning_holders_${index}`;
const heldName = (index: number) => `held_${index}`;
const SCATTERED = 'scattered_rows';
const PLACED = 'placed_subjects';
const SPANNING = 'spanning_subjects';
const SPANNING_PLACES = 'spanning_places';
const COUNTED_TUPLES = 'counted_tuples';

/**
 * Counts the accepted rows into `histogram/`; see docs/histogram.md. Here every query has its price, and every join a larger
 * one: tuples and values are numbered by sorting, and what is told of them in several tables is united and added up.
 */
export function orderCounting(dataset: PlannedDataset): readonly JobStep[] {
  const sensitive = listSensitive(dataset.privacy);
  const { subject } = dataset;
  const held = listHeld(dataset);
  return [
    ...(subject === undefined ? [] : orderGroups(dataset, subject)),
    ...orderCells(dataset, sensitive),
    ...(subject === undefined ? [] : orderSubjects(dataset, subject)),
    ...sensitive.flatMap((_, index) => orderValues(index)),
    ...held.flatMap(orderHolders),
    orderTuples(dataset),
    {
      do: 'write',
      folder: 'histogram',
      tables: [
        { name: 'tuples', sql: renderQuery(selectTuples(dataset)) },
        { name: 'values', sql: renderQuery(listClassValues(dataset)) },
        { name: 'spanning', sql: renderQuery(subject === undefined ? NOBODY : selectSpanning()) },
        {
          name: 'sensitive',
          sql: unite(
            sensitive.map((_, index) => selectSensitive(index, held.includes(index))),
            NO_CELL,
          ),
        },
        { name: 'holders', sql: unite(held.map(selectHolders), NO_HOLDER) },
        {
          name: 'sensitive_values',
          sql: unite(
            sensitive.map((_, index) => selectValues(index)),
            NO_VALUE,
          ),
        },
        { name: 'sizes_before', sql: renderQuery(countSizesBefore(dataset, ACCEPTED, COUNTED_TUPLES)) },
      ],
      manifest: { histogramVersion: HISTOGRAM_VERSION },
    },
  ];
}

/** The rows are read once: where subjects are counted, all else follows from these groups. */
function orderGroups(dataset: PlannedDataset, subject: string): readonly JobStep[] {
  const owner = valueNameOf(dataset, subject);
  const names = [...listSubjectColumns(dataset, subject)].map(valueName);
  return [
    orderKeep(SUBJECT_ROWS, markAlone(countSubjectRows(dataset, ACCEPTED, subject), owner)),
    orderCache(SCATTERED, listScattered(SUBJECT_ROWS, owner, names)),
  ];
}

/** Tuples and the values of each sensitive column in them, numbered; tuples are kept for the second run. */
function orderCells(dataset: PlannedDataset, sensitive: readonly string[]): readonly JobStep[] {
  const counts = dataset.subject === undefined ? ['rows'] : ['rows', 'subjects'];
  const cells =
    sensitive.length > 0
      ? sensitive.map((name, index) =>
          numberCells(dataset, countCells(dataset, name), counts, { codes: index === 0, value: true }),
        )
      : [numberCells(dataset, countCells(dataset), counts, { codes: true, value: false })];
  return [
    ...cells.map((query, index) => orderCache(cellsName(index), query)),
    orderKeep(TUPLES, listNumbered(dataset, cellsName(0), counts)),
  ];
}

function countCells(dataset: PlannedDataset, sensitive?: string): SqlQuery {
  return dataset.subject === undefined
    ? countRows(dataset, ACCEPTED, sensitive)
    : sumSubjectRows(dataset, sensitive, WHO_IS_ALONE);
}

/** Scattered groups are joined with their tuples once, for all that is counted of them, and stay with their subject then. */
function orderSubjects(dataset: PlannedDataset, subject: string): readonly JobStep[] {
  const { orderBy: _, ...places } = listSpanning(PLACED_SUBJECTS, SPANNING);
  return [
    orderCache(PLACED, placeSubjects(dataset, SCATTERED, subject, listHeldValues(dataset)), { by: 'subject' }),
    orderCache('subject_bounds', boundSubjects(PLACED_SUBJECTS)),
    orderCache(SPANNING, numberSpanning('subject_bounds')),
    orderCache(SPANNING_PLACES, places),
  ];
}

const PLACED_SUBJECTS: Relation = { kind: 'table', name: PLACED, as: 'placed' };

function listHeldValues(dataset: PlannedDataset): readonly NamedExpression[] {
  const sensitive = listSensitive(dataset.privacy);
  return listHeld(dataset).map((index) => named(heldName(index), treatAlike(dataset, sensitive[index]!)));
}

/** As `placeHolders`. */
function readHolders(index: number): Relation {
  const columns = [
    ...['subject', 'place'].map((name) => named(name, column(name))),
    named('value', column(heldName(index))),
  ];
  return { kind: 'query', query: { columns, from: table(PLACED) }, as: 'placed' };
}

function orderValues(index: number): readonly JobStep[] {
  const columns = ['value', 'code'].map((name) => named(name, column(name)));
  return [orderCache(sensitiveName(index), { columns, from: table(cellsName(index)), distinct: true })];
}

/** Tuples with their rows, and the subjects who are in one alone or also in others. */
function orderTuples(dataset: PlannedDataset): JobStep {
  const names = ['tuple', ...dataset.classColumns.map((_, index) => codeName(index)), 'rows'];
  const own = names.map((name) => named(name, columnOf(TUPLES, name)));
  if (dataset.subject === undefined)
    return orderView(COUNTED_TUPLES, {
      columns: [...own, named('subjects', column('rows')), named('spanning', number(0))],
      from: table(TUPLES),
    });
  const tell = (subjects: SqlExpression, spanning: SqlExpression, from: Relation): SqlQuery => ({
    columns: [named('place', column('place')), named('subjects', subjects), named('spanning', spanning)],
    from,
  });
  const settled: Relation = { kind: 'query', query: countSettled('subject_bounds'), as: 'settled' };
  const told = [tell(column('subjects'), number(0), settled), tell(number(0), number(1), table(SPANNING_PLACES))];
  const query = addUp(told, ['place'], ['subjects', 'spanning']);
  return orderView(COUNTED_TUPLES, {
    columns: [
      ...own,
      named('subjects', addTold(columnOf(TUPLES, 'subjects'), 'scattered', 'subjects')),
      named('spanning', addTold(number(0), 'scattered', 'spanning')),
    ],
    from: table(TUPLES),
    joins: [
      {
        kind: 'left',
        with: { kind: 'query', query, as: 'scattered' },
        on: equals(columnOf(TUPLES, 'tuple'), columnOf('scattered', 'place')),
      },
    ],
  });
}

/** A count, and what the joined relation tells beside it, if anything. */
function addTold(count: SqlExpression, relation: string, name: string): SqlExpression {
  const more: SqlExpression = { kind: 'first-present', operands: [columnOf(relation, name), number(0)] };
  return { kind: 'arithmetic', op: '+', left: count, right: more };
}

function selectTuples(dataset: PlannedDataset): SqlQuery {
  const codes = dataset.classColumns.map((_, index) => codeName(index));
  const names = ['tuple', 'rows', ...codes, 'subjects'];
  return { columns: names.map((name) => named(name, column(name))), from: table(COUNTED_TUPLES) };
}

function listClassValues(dataset: PlannedDataset): SqlQuery {
  const queries = dataset.classColumns.map((_, index) =>
    describeValues(index, codeName(index), keyName(index), table(TUPLES)),
  );
  const columns = ['column', 'code', 'value'].map((name) => named(name, column(name)));
  return { columns, from: { kind: 'union', queries, as: 'told' }, distinct: true };
}

function selectValues(index: number): SqlQuery {
  return describeValues(index, 'code', 'value', table(sensitiveName(index)));
}

function describeValues(place: number, codes: string, values: string, from: Relation): SqlQuery {
  return {
    columns: [
      named('column', number(place)),
      named('code', column(codes)),
      named('value', canonicalText(column(values))),
    ],
    from,
  };
}

function selectSpanning(): SqlQuery {
  const columns = [named('subject', column('number')), named('tuple', column('place'))];
  return { columns, from: table(SPANNING_PLACES) };
}

function orderHolders(index: number): readonly JobStep[] {
  return [
    orderCache(boundsName(index), boundHolders(readHolders(index))),
    orderCache(spanningName(index), numberHolders(boundsName(index))),
  ];
}

function selectSensitive(index: number, isHeld: boolean): SqlQuery {
  const cells = cellsName(index);
  const all = (subjects: SqlExpression, joins: readonly Join[] = []): SqlQuery => ({
    columns: [
      named('column', number(index)),
      ...['tuple', 'code', 'rows'].map((name) => named(name, columnOf(cells, name))),
      named('subjects', subjects),
    ],
    from: table(cells),
    joins,
  });
  if (!isHeld) return all(columnOf(cells, 'rows'));
  const settled: Relation = { kind: 'query', query: countSettledHolders(boundsName(index)), as: 'settled' };
  const matches = [
    equals(columnOf(cells, 'tuple'), columnOf('settled', 'place')),
    same(columnOf(cells, 'value'), columnOf('settled', 'value')),
  ];
  return all(addTold(columnOf(cells, 'subjects'), 'settled', 'subjects'), [
    { kind: 'left', with: settled, on: { kind: 'and', operands: matches } },
  ]);
}

function selectHolders(index: number): SqlQuery {
  const { orderBy: _, columns, ...query } = listHolders(readHolders(index), spanningName(index), sensitiveName(index));
  const names = ['holder', 'tuple', 'code'];
  const found = columns.map(({ expression }, place) => named(names[place]!, expression));
  return { ...query, columns: [named('column', number(index)), ...found] };
}

const none = (columns: readonly NamedExpression[]): SqlQuery => ({
  columns,
  from: table(TUPLES),
  where: { kind: 'compare', op: '<', left: column('rows'), right: number(0) },
});
const NOBODY = none([named('subject', number(0)), named('tuple', number(0))]);
const NO_CELL = none(['column', 'tuple', 'code', 'rows', 'subjects'].map((name) => named(name, number(0))));
const NO_HOLDER = none(['column', 'holder', 'tuple', 'code'].map((name) => named(name, number(0))));
const NO_VALUE = none([
  named('column', number(0)),
  named('code', number(0)),
  named('value', { kind: 'null', type: { kind: 'string' } }),
]);
