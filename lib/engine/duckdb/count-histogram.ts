import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { measureRisk } from '../../domain/privacy/certificate/measure-risk';
import type { ClassSizeCount } from '../../domain/privacy/histogram/class-size-count';
import { findCell } from '../../domain/privacy/histogram/find-cell';
import type {
  Histogram,
  HistogramColumn,
  SensitiveCounts,
  ValueHolders,
} from '../../domain/privacy/histogram/histogram';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { countSizes, offsetsOf } from '../../domain/privacy/histogram/place-counts';
import {
  boundHolders,
  countSettledHolders,
  listHeld,
  listHolders,
  numberHolders,
  placeHolders,
} from '../sql/count-holders';
import {
  classValuesName,
  codeSensitive,
  countRows,
  countSubjectRows,
  countSubjectsAndRows,
  isRowHolder,
  isTreatedAlike,
  keyName,
  listValues,
  numberTuples,
  placeSubjects,
  SUBJECT_ROWS,
  sumRows,
  sumSubjectRows,
  TUPLES,
} from '../sql/count-tuples';
import { valueNameOf } from '../sql/dataset-columns';
import { packSizes } from '../sql/pack-codes';
import { canonicalText, column, named, table } from '../sql/rendering/expressions';
import type { Relation } from '../sql/rendering/sql-query';
import type { AcceptedFacts } from './accepted-facts';
import { ACCEPTED } from './clean-delivery';
import { countPlaces } from './count-places';
import type { DuckDbSession } from './duckdb-session';

interface CountedDelivery {
  readonly histogram: Histogram;
  readonly facts: AcceptedFacts;
}

/** Counts the accepted rows. Leaves the table of tuples behind, which releases are made by. */
export async function countHistogram(session: DuckDbSession, dataset: PlannedDataset): Promise<CountedDelivery> {
  const { subject } = dataset;
  if (subject !== undefined) await session.createTable(SUBJECT_ROWS, countSubjectRows(dataset, ACCEPTED, subject));
  const isSteady = subject !== undefined && (await isOneRowEach(session, dataset, subject));
  const unmasked = unmaskClasses(dataset);
  const before = unmasked && (await countTuples(session, unmasked, isSteady));
  const histogram = await countTuples(session, dataset, isSteady);
  return {
    histogram,
    facts: {
      // With no column treated at all, not even masked.
      riskBefore: measureRisk(measureSizes(before ?? histogram)),
      isSettled: histogram.spanning.tuples.length === 0,
      isSteady,
      packed: packSizes(histogram.columns.map(({ values }) => values.length)),
    },
  };
}

async function isOneRowEach(session: DuckDbSession, dataset: PlannedDataset, subject: string): Promise<boolean> {
  const [[rows] = [], [subjects] = []] = await session.read(countSubjectsAndRows(dataset, subject));
  return Number(rows) === Number(subjects);
}

/** The dataset as if nothing were masked, coded or rounded; nothing where no class depends on that. */
function unmaskClasses(dataset: PlannedDataset): PlannedDataset | undefined {
  const masked = new Set(dataset.columns.filter(isTreatedAlike).map(({ name }) => name));
  if (!dataset.classColumns.some(({ column }) => masked.has(column))) return undefined;
  const { privacy: _, ...rest } = dataset;
  const keep = { kind: 'keep' } as const;
  return {
    ...rest,
    columns: dataset.columns.map((column) => (masked.has(column.name) ? { ...column, treatment: keep } : column)),
  };
}

function measureSizes({ subjects, spanning, rows }: Histogram): readonly ClassSizeCount[] {
  const all = subjects.slice();
  for (const tuple of spanning.tuples) all[tuple]! += 1;
  return countSizes(all, rows);
}

/** `isSteady`: then nobody has rows in several tuples, or two values in one, and rows of `SUBJECT_ROWS` are subjects. */
async function countTuples(session: DuckDbSession, dataset: PlannedDataset, isSteady: boolean): Promise<Histogram> {
  const sensitive = listSensitive(dataset.privacy);
  const { subject } = dataset;
  const isHolder = isSteady || (isRowHolder(dataset) && listHeld(dataset).length > 0);
  const countBy = (name?: string) =>
    subject === undefined
      ? countRows(dataset, ACCEPTED, name)
      : sumSubjectRows(
          dataset,
          name,
          (name === undefined ? isSteady : isHolder) ? column(valueNameOf(dataset, subject)) : undefined,
        );
  for (const [index, name] of sensitive.entries()) await session.createTable(cellsName(index), countBy(name));
  const counts = isSteady ? ['rows', 'subjects'] : ['rows'];
  if (sensitive.length === 0) await session.createTable(TUPLE_ROWS, countBy());
  const counted = sensitive.length === 0 ? TUPLE_ROWS : cellsName(0);
  const tupleRows: Relation =
    counted === TUPLE_ROWS
      ? table(TUPLE_ROWS)
      : { kind: 'query', query: sumRows(dataset, table(counted), [], counts), as: TUPLE_ROWS };
  const columns = await numberValues(session, dataset, counted);
  const dictionaries = columns.map((_, index) => classValuesName(index));
  await session.createTable(TUPLES, numberTuples(dataset, tupleRows, dictionaries, counts));
  const codeNames = columns.map((_, index) => `code_${index}`);
  const numbers = await session.readNumbers({
    columns: [...codeNames, ...counts].map((name) => named(name, column(name))),
    from: table(TUPLES),
    orderBy: [{ by: column('tuple') }],
  });
  const [rows = new Uint32Array(), settled] = numbers.slice(columns.length);
  const subjects = settled ? { subjects: settled, spanning: NOBODY } : await countSubjects(session, dataset, rows);
  const histogram = {
    tuples: rows.length,
    columns: columns.map((values, index): HistogramColumn => {
      const { column: name } = dataset.classColumns[index]!;
      return { name, values, codes: numbers[index]! };
    }),
    rows,
    ...subjects,
    sensitive: await readSensitive(session, dataset, sensitive, rows.length, {
      // Whoever has rows in one tuple has each value in that tuple: then they are counted already.
      areCounted: isHolder && subjects.spanning.tuples.length === 0,
    }),
  };
  for (const [index] of sensitive.entries()) await session.dropTable(cellsName(index));
  return histogram;
}

const NOBODY: Histogram['spanning'] = { offsets: Uint32Array.of(0), tuples: new Uint32Array() };
const TUPLE_ROWS = 'tuple_rows';
const cellsName = (index: number) => `sensitive_cells_${index}`;
const SENSITIVE_VALUES = 'sensitive_values';
const HOLDER_BOUNDS = 'holder_bounds';
const SETTLED_HOLDERS = 'settled_holders';
const SPANNING_HOLDERS = 'spanning_holders';

/** Makes a table of each class column's values, and returns them in their order. */
async function numberValues(session: DuckDbSession, dataset: PlannedDataset, counted: string) {
  const columns: (readonly (string | null)[])[] = [];
  for (const [index] of dataset.classColumns.entries()) {
    await session.createTable(classValuesName(index), listValues(counted, keyName(index)));
    columns.push(await readValues(session, classValuesName(index)));
  }
  return columns;
}

async function readValues(session: DuckDbSession, dictionary: string): Promise<readonly (string | null)[]> {
  const [texts = [], values = []] = await session.read({
    columns: [named('text', canonicalText(column('value'))), named('value', column('value'))],
    from: table(dictionary),
    orderBy: [{ by: column('code') }],
  });
  // Doubles alone are JavaScript numbers: engines differ in how they print them, here all print alike.
  return texts.map((text, index) =>
    typeof values[index] === 'number' ? String(values[index]) : (text as string | null),
  );
}

async function countSubjects(
  session: DuckDbSession,
  dataset: PlannedDataset,
  rows: Uint32Array,
): Promise<Pick<Histogram, 'subjects' | 'spanning'>> {
  if (dataset.subject === undefined) {
    return { subjects: rows, spanning: NOBODY };
  }
  const query = placeSubjects(dataset, SUBJECT_ROWS, dataset.subject);
  const { settled, spanning } = await countPlaces(session, { kind: 'query', query, as: 'placed' }, rows.length);
  return { subjects: settled, spanning: { offsets: offsetsOf(spanning.numbers), tuples: spanning.places } };
}

async function readSensitive(
  session: DuckDbSession,
  dataset: PlannedDataset,
  names: readonly string[],
  tuples: number,
  { areCounted }: { readonly areCounted: boolean },
): Promise<readonly SensitiveCounts[]> {
  const sensitive: SensitiveCounts[] = [];
  const held = new Set(listHeld(dataset));
  for (const [index, name] of names.entries()) {
    await session.createTable(SENSITIVE_VALUES, listValues(cellsName(index), 'value'));
    const values = await readValues(session, SENSITIVE_VALUES);
    const { subject } = dataset;
    const isHeld = subject !== undefined && held.has(index);
    const placed = isHeld && !areCounted ? placeHolders(dataset, subject, name) : undefined;
    if (placed) await session.createTable(HOLDER_BOUNDS, boundHolders(placed));
    if (placed) await session.createTable(SETTLED_HOLDERS, countSettledHolders(HOLDER_BOUNDS));
    const [places, codes, rows, subjects] = await session.readNumbers(
      codeSensitive(
        dataset,
        cellsName(index),
        SENSITIVE_VALUES,
        placed ? SETTLED_HOLDERS : isHeld ? cellsName(index) : undefined,
      ),
    );
    const counted = { name, values, offsets: offsetsOf(places!, tuples), codes: codes!, rows: rows! };
    const spanning = placed ? await readSpanning(session, placed, counted) : NO_HOLDER;
    sensitive.push({ ...counted, ...(isHeld && { holders: { subjects: subjects!, spanning } }) });
  }
  return sensitive;
}

const NO_HOLDER: ValueHolders['spanning'] = { offsets: Uint32Array.of(0), cells: new Uint32Array() };

/** Those who have one value in several tuples, by the cells where they have it. */
async function readSpanning(
  session: DuckDbSession,
  placed: Relation,
  counted: SensitiveCounts,
): Promise<ValueHolders['spanning']> {
  await session.createTable(SPANNING_HOLDERS, numberHolders(HOLDER_BOUNDS));
  const someSpan = (await session.countRows(SPANNING_HOLDERS)) > 0;
  const [numbers = new Uint32Array(), places = new Uint32Array(), codes] = someSpan
    ? await session.readNumbers(listHolders(placed, SPANNING_HOLDERS, SENSITIVE_VALUES))
    : [];
  for (const name of [HOLDER_BOUNDS, SETTLED_HOLDERS, SPANNING_HOLDERS]) await session.dropTable(name);
  return { offsets: offsetsOf(numbers), cells: places.map((place, at) => findCell(counted, place, codes![at]!)) };
}
