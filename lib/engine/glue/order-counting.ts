import type { PlannedDataset } from '../../domain/agreement/plan';
import { codeName, HISTOGRAM_VERSION } from '../../domain/privacy/histogram-layout';
import { listSensitive } from '../../domain/privacy/list-sensitive';
import { boundHolders, countSettledHolders, listHeld, listHolders, numberHolders } from '../sql/count-holders';
import { countSizesBefore } from '../sql/count-sizes-before';
import { boundSubjects, countSettled, listSpanning, numberSpanning } from '../sql/count-subjects';
import {
  countRows,
  countSubjectRows,
  keyName,
  placeSubjects,
  SUBJECT_ROWS,
  sumSubjectRows,
  TUPLES,
  treatAlike,
} from '../sql/count-tuples';
import { canonicalText, column, named, number, table } from '../sql/expressions';
import { addUp, listNumbered, numberCells } from '../sql/number-cells';
import { sparkDialect } from '../sql/spark-dialect';
import type { SqlExpression } from '../sql/sql-expression';
import type { NamedExpression, Relation, SqlQuery } from '../sql/sql-query';
import type { JobStep } from './job-orders';
import { ACCEPTED } from './order-cleaning';
import { unite } from './unite';

const { renderQuery } = sparkDialect;
const cellsName = (index: number) => `numbered_cells_${index}`;
const sensitiveName = (index: number) => `sensitive_values_${index}`;
const boundsName = (index: number) => `holder_bounds_${index}`;
const spanningName = (index: number) => `spanning_holders_${index}`;
const heldName = (index: number) => `held_${index}`;
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
    ...(subject === undefined ? [] : [keep(SUBJECT_ROWS, countSubjectRows(dataset, ACCEPTED, subject))]),
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

function cache(name: string, query: SqlQuery, how: { readonly by?: string } = {}): JobStep {
  return { do: 'cache', name, sql: renderQuery(query), ...how };
}

function keep(name: string, query: SqlQuery): JobStep {
  return { do: 'keep', name, sql: renderQuery(query) };
}

function view(name: string, query: SqlQuery): JobStep {
  return { do: 'view', name, sql: renderQuery(query) };
}

/** Tuples and the values of each sensitive column in them, numbered; tuples are kept for the second run. */
function orderCells(dataset: PlannedDataset, sensitive: readonly string[]): readonly JobStep[] {
  const cells =
    sensitive.length > 0
      ? sensitive.map((name, index) =>
          numberCells(dataset, countCells(dataset, name), { codes: index === 0, value: true }),
        )
      : [numberCells(dataset, countCells(dataset), { codes: true, value: false })];
  return [
    ...cells.map((query, index) => cache(cellsName(index), query)),
    keep(TUPLES, listNumbered(dataset, cellsName(0))),
  ];
}

/** The rows are read once: where subjects are counted, all else follows from that. */
function countCells(dataset: PlannedDataset, sensitive?: string): SqlQuery {
  return dataset.subject === undefined ? countRows(dataset, ACCEPTED, sensitive) : sumSubjectRows(dataset, sensitive);
}

/** Subjects are joined with their tuples once, for all that is counted of them, and stay with their own from then on. */
function orderSubjects(dataset: PlannedDataset, subject: string): readonly JobStep[] {
  const { orderBy: _, ...places } = listSpanning(PLACED_SUBJECTS, SPANNING);
  return [
    cache(PLACED, placeSubjects(dataset, SUBJECT_ROWS, subject, listHeldValues(dataset)), { by: 'subject' }),
    cache('subject_bounds', boundSubjects(PLACED_SUBJECTS)),
    cache(SPANNING, numberSpanning('subject_bounds')),
    cache(SPANNING_PLACES, places),
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
  return [cache(sensitiveName(index), { columns, from: table(cellsName(index)), distinct: true })];
}

/** Tuples with their rows, and the subjects who are in one alone or also in others. */
function orderTuples(dataset: PlannedDataset): JobStep {
  const codes = dataset.classColumns.map((_, index) => codeName(index));
  const own = ['tuple', ...codes, 'rows'].map((name) => named(name, column(name)));
  if (dataset.subject === undefined)
    return view(COUNTED_TUPLES, {
      columns: [...own, named('subjects', column('rows')), named('spanning', number(0))],
      from: table(TUPLES),
    });
  const tell = (place: string, subjects: SqlExpression, spanning: SqlExpression, from: Relation): SqlQuery => ({
    columns: [
      named('tuple', column(place)),
      ...codes.map((name) => named(name, number(-1))),
      named('rows', number(0)),
      named('subjects', subjects),
      named('spanning', spanning),
    ],
    from,
  });
  const settled: Relation = { kind: 'query', query: countSettled('subject_bounds'), as: 'settled' };
  const told = [
    { columns: [...own, named('subjects', number(0)), named('spanning', number(0))], from: table(TUPLES) },
    tell('place', column('subjects'), number(0), settled),
    tell('place', number(0), number(1), table(SPANNING_PLACES)),
  ];
  // Kept: Spark does not know again what it cached of a union.
  return keep(COUNTED_TUPLES, addUp(told, ['tuple'], codes, ['rows', 'subjects', 'spanning']));
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
    cache(boundsName(index), boundHolders(readHolders(index))),
    cache(spanningName(index), numberHolders(boundsName(index))),
  ];
}

function selectSensitive(index: number, isHeld: boolean): SqlQuery {
  const all = (from: Relation, subjects: SqlExpression): SqlQuery => ({
    columns: [
      named('column', number(index)),
      ...['tuple', 'code', 'rows'].map((name) => named(name, column(name))),
      named('subjects', subjects),
    ],
    from,
  });
  if (!isHeld) return all(table(cellsName(index)), column('rows'));
  const settled = countSettledHolders(boundsName(index));
  const own = ['tuple', 'value', 'code', 'rows'].map((name) => named(name, column(name)));
  const told: readonly SqlQuery[] = [
    { columns: [...own, named('subjects', number(0))], from: table(cellsName(index)) },
    {
      columns: [
        named('tuple', column('place')),
        named('value', column('value')),
        named('code', number(-1)),
        named('rows', number(0)),
        named('subjects', column('subjects')),
      ],
      from: { kind: 'query', query: settled, as: 'settled' },
    },
  ];
  const counted = addUp(told, ['tuple', 'value'], ['code'], ['rows', 'subjects']);
  return all({ kind: 'query', query: counted, as: 'counted' }, column('subjects'));
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
