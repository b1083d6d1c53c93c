import type { PlannedDataset } from '../../domain/agreement/plan';
import { codeName, HISTOGRAM_VERSION } from '../../domain/privacy/histogram-layout';
import { listSensitive } from '../../domain/privacy/list-sensitive';
import { boundHolders, countSettledHolders, listHeld, listHolders, numberHolders } from '../sql/count-holders';
import { boundSubjects, countSettled, listSpanning, numberSpanning } from '../sql/count-subjects';
import {
  codeSensitive,
  countRows,
  countSubjectRows,
  keyName,
  listValues,
  numberTuples,
  placeSubjects,
  readKeys,
  SUBJECT_ROWS,
  sumRows,
  sumSubjectRows,
  TUPLES,
  treatAlike,
} from '../sql/count-tuples';
import { valueNameOf } from '../sql/dataset-columns';
import {
  COUNT_ROWS,
  canonicalText,
  code,
  column,
  columnOf,
  equals,
  isPresent,
  named,
  number,
  table,
} from '../sql/expressions';
import { sparkDialect } from '../sql/spark-dialect';
import type { NamedExpression, Relation, SqlQuery } from '../sql/sql-query';
import type { JobStep } from './job-orders';
import { ACCEPTED } from './order-cleaning';
import { unite } from './unite';

const { renderQuery } = sparkDialect;
const cellsName = (index: number) => `sensitive_cells_${index}`;
const valuesName = (index: number) => `class_values_${index}`;
const sensitiveName = (index: number) => `sensitive_values_${index}`;
const boundsName = (index: number) => `holder_bounds_${index}`;
const settledName = (index: number) => `settled_holders_${index}`;
const spanningName = (index: number) => `spanning_holders_${index}`;

/** Counts the accepted rows into `histogram/`; see docs/histogram.md. */
export function orderCounting(dataset: PlannedDataset): readonly JobStep[] {
  const sensitive = listSensitive(dataset.privacy);
  const { subject } = dataset;
  const held = listHeld(dataset);
  return [
    ...(subject === undefined ? [] : [keep(SUBJECT_ROWS, countSubjectRows(dataset, ACCEPTED, subject))]),
    ...sensitive.map((name, index): JobStep => cache(cellsName(index), countCells(dataset, name))),
    cache('tuple_rows', countTupleRows(dataset, sensitive.length > 0)),
    ...dataset.classColumns.map((_, index) => cache(valuesName(index), listValues('tuple_rows', keyName(index)))),
    keep(
      TUPLES,
      numberTuples(
        dataset,
        'tuple_rows',
        dataset.classColumns.map((_, index) => valuesName(index)),
      ),
    ),
    ...(subject === undefined ? [] : orderSubjects(dataset, subject)),
    ...sensitive.map((_, index) => cache(sensitiveName(index), listValues(cellsName(index), 'value'))),
    ...held.flatMap(orderHolders),
    {
      do: 'write',
      folder: 'histogram',
      tables: [
        { name: 'tuples', sql: renderQuery(selectTuples(dataset)) },
        { name: 'values', sql: unite(dataset.classColumns.map((_, index) => selectValues(valuesName(index), index))) },
        { name: 'spanning', sql: renderQuery(subject === undefined ? NOBODY : selectSpanning()) },
        {
          name: 'sensitive',
          sql: unite(
            sensitive.map((_, index) => selectSensitive(dataset, index, held.includes(index))),
            NO_CELL,
          ),
        },
        {
          name: 'holders',
          sql: unite(held.map(selectHolders), NO_HOLDER),
        },
        {
          name: 'sensitive_values',
          sql: unite(
            sensitive.map((_, index) => selectValues(sensitiveName(index), index)),
            NO_VALUE,
          ),
        },
        { name: 'sizes_before', sql: renderQuery(countSizesBefore(dataset)) },
      ],
      manifest: { histogramVersion: HISTOGRAM_VERSION },
    },
  ];
}

function cache(name: string, query: SqlQuery): JobStep {
  return { do: 'cache', name, sql: renderQuery(query) };
}

function keep(name: string, query: SqlQuery): JobStep {
  return { do: 'keep', name, sql: renderQuery(query) };
}

function view(name: string, query: SqlQuery): JobStep {
  return { do: 'view', name, sql: renderQuery(query) };
}

/** The rows are read once: where subjects are counted, all else follows from that. */
function countCells(dataset: PlannedDataset, sensitive: string): SqlQuery {
  return dataset.subject === undefined ? countRows(dataset, ACCEPTED, sensitive) : sumSubjectRows(dataset, sensitive);
}

/** From what is counted already, if anything is. */
function countTupleRows(dataset: PlannedDataset, bySensitive: boolean): SqlQuery {
  if (bySensitive) return sumRows(dataset, table(cellsName(0)));
  if (dataset.subject === undefined) return countRows(dataset, ACCEPTED);
  return sumRows(dataset, readKeys(dataset, SUBJECT_ROWS, [named('rows', column('rows'))]));
}

/** Subjects are joined with their tuples once, for all that is counted of them. */
function orderSubjects(dataset: PlannedDataset, subject: string): readonly JobStep[] {
  return [
    cache(PLACED, placeSubjects(dataset, SUBJECT_ROWS, subject, listHeldValues(dataset))),
    cache('subject_bounds', boundSubjects(PLACED_SUBJECTS)),
    view('spanning_subjects', numberSpanning('subject_bounds')),
  ];
}

const PLACED = 'placed_subjects';
const PLACED_SUBJECTS: Relation = { kind: 'table', name: PLACED, as: 'placed' };
const heldName = (index: number) => `held_${index}`;

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

function selectTuples(dataset: PlannedDataset): SqlQuery {
  const codes = dataset.classColumns.map((_, index) => named(codeName(index), columnOf(TUPLES, codeName(index))));
  const common: readonly NamedExpression[] = [
    named('tuple', columnOf(TUPLES, 'tuple')),
    named('rows', columnOf(TUPLES, 'rows')),
    ...codes,
  ];
  if (dataset.subject === undefined)
    return { columns: [...common, named('subjects', columnOf(TUPLES, 'rows'))], from: table(TUPLES) };
  const settled = { kind: 'query', query: countSettled('subject_bounds'), as: 'settled' } as const;
  const subjects = code({ kind: 'first-present', operands: [columnOf('settled', 'subjects'), number(0)] });
  return {
    columns: [...common, named('subjects', subjects)],
    from: table(TUPLES),
    joins: [{ kind: 'left', with: settled, on: equals(columnOf(TUPLES, 'tuple'), columnOf('settled', 'place')) }],
  };
}

function selectValues(dictionary: string, place: number): SqlQuery {
  return {
    columns: [
      named('column', number(place)),
      named('code', column('code')),
      named('value', canonicalText(column('value'))),
    ],
    from: table(dictionary),
  };
}

function selectSpanning(): SqlQuery {
  const { columns, from, joins = [] } = listSpanning(PLACED_SUBJECTS, 'spanning_subjects');
  const names = ['subject', 'tuple'];
  return {
    columns: columns.map(({ expression }, index) => named(names[index]!, expression)),
    from,
    joins,
    distinct: true,
  };
}

function orderHolders(index: number): readonly JobStep[] {
  return [
    cache(boundsName(index), boundHolders(readHolders(index))),
    view(settledName(index), countSettledHolders(boundsName(index))),
    view(spanningName(index), numberHolders(boundsName(index))),
  ];
}

function selectSensitive(dataset: PlannedDataset, index: number, isHeld: boolean): SqlQuery {
  const settled = isHeld ? settledName(index) : undefined;
  const { orderBy: _, ...query } = codeSensitive(dataset, cellsName(index), sensitiveName(index), settled);
  return { ...query, columns: [named('column', number(index)), ...query.columns] };
}

function selectHolders(index: number): SqlQuery {
  const { orderBy: _, columns, ...query } = listHolders(readHolders(index), spanningName(index), sensitiveName(index));
  const names = ['holder', 'tuple', 'code'];
  const found = columns.map(({ expression }, place) => named(names[place]!, expression));
  return { ...query, columns: [named('column', number(index)), ...found] };
}

/** Sizes of the classes that the accepted rows make with no column treated at all, not even masked. */
function countSizesBefore(dataset: PlannedDataset): SqlQuery {
  const { subject } = dataset;
  const names = dataset.classColumns.map(({ column: name }) => valueNameOf(dataset, name));
  const keys = names.map((name) => named(name, column(name)));
  const sizes: SqlQuery =
    subject === undefined
      ? { columns: [named('subjects', COUNT_ROWS)], from: table(ACCEPTED), groupBy: names.map(column) }
      : {
          columns: [named('subjects', { kind: 'count-present', operand: column('subject') })],
          from: {
            kind: 'query',
            // In `countSubjectRows` a subject stands once for each of its sensitive values.
            query: {
              columns: [named('subject', column(valueNameOf(dataset, subject))), ...keys],
              from: table(SUBJECT_ROWS),
              distinct: true,
            },
            as: 'members',
          },
          groupBy: names.map(column),
        };
  return {
    columns: [named('subjects', code(column('subjects'))), named('classes', code(COUNT_ROWS))],
    from: { kind: 'query', query: sizes, as: 'sizes' },
    where: isPresent(column('subjects')),
    groupBy: [column('subjects')],
  };
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
