import type { PlannedDataset } from '../../agreement/plan/plan';
import { findCell } from './find-cell';
import type { Histogram, SensitiveCounts, SpanningSubjects, ValueHolders } from './histogram';
import type { HistogramTables, ValueTable } from './histogram-layout';
import { listSensitive } from './list-sensitive';

/** The tables of a histogram contradict each other or the plan: part of it is missing, or is another delivery's. */
export class InconsistentHistogram extends Error {
  override readonly name = 'InconsistentHistogram';
}

/**
 * The histogram that the tables hold, whatever the order of their rows.
 * @throws InconsistentHistogram: what is counted twice, or not at all, must not decide who can be told apart.
 */
export function assembleHistogram(dataset: PlannedDataset, tables: HistogramTables): Histogram {
  const { tuple, codes } = tables.tuples;
  const tuples = tuple.length;
  const at = invert(tuple, tuples, 'tuples');
  const rows = tables.tuples.rows.map((_, index) => tables.tuples.rows[at[index]!]!);
  const subjects = rows.map((_, index) => tables.tuples.subjects[at[index]!]!);
  const values = assembleValues(tables.values, dataset.classColumns.length, 'values');
  const columns = dataset.classColumns.map(({ column: name }, index) => {
    const found = codes[index];
    if (found?.length !== tuples) throw broken(`tuples have no value of ${name}`);
    checkBelow(found, values[index]!.length, `code_${index} of tuples`);
    return { name, values: values[index]!, codes: found.map((_, place) => found[at[place]!]!) };
  });
  const spanning = readSpanning(tables.spanning, tuples);
  checkSubjects(dataset, rows, subjects, spanning);
  return { tuples, columns, rows, subjects, spanning, sensitive: readSensitive(dataset, tables, rows) };
}

function readSpanning({ subject, tuple }: HistogramTables['spanning'], tuples: number): SpanningSubjects {
  checkBelow(tuple, tuples, 'tuple of spanning');
  checkBelow(subject, subject.length, 'subject of spanning');
  const order = sortStably(sortStably(identity(tuple.length), tuple), subject);
  const count = order.length === 0 ? 0 : subject[order.at(-1)!]! + 1;
  const offsets = measureGroups(subject, count);
  const sorted = order.map((index) => tuple[index]!);
  for (let each = 0; each < count; each++) {
    if (offsets[each + 1]! - offsets[each]! < 2) throw broken('a subject of spanning has fewer than two tuples');
    for (let place = offsets[each]! + 1; place < offsets[each + 1]!; place++)
      if (sorted[place] === sorted[place - 1]) throw broken('a subject of spanning names a tuple twice');
  }
  return { offsets, tuples: sorted };
}

/** Rows may name no subject only where the plan keeps those. */
function leastSubjects({ columns, subject }: PlannedDataset): number {
  return columns.find(({ name }) => name === subject)?.missing.kind === 'keep' ? 0 : 1;
}

/** A tuple has no more subjects than rows, and at least one unless rows may name none. */
function checkSubjects(
  dataset: PlannedDataset,
  rows: Uint32Array,
  subjects: Uint32Array,
  { tuples }: SpanningSubjects,
): void {
  const least = leastSubjects(dataset);
  const all = Float64Array.from(subjects);
  for (const tuple of tuples) all[tuple]! += 1;
  if (all.some((count, tuple) => count < least || count > rows[tuple]!))
    throw broken('a tuple has no subject, or more subjects than rows');
}

function readSensitive(
  dataset: PlannedDataset,
  { sensitive, sensitiveValues, holders }: HistogramTables,
  rows: Uint32Array,
): readonly SensitiveCounts[] {
  const names = listSensitive(dataset.privacy);
  checkBelow(sensitive.column, names.length, 'column of sensitive');
  checkBelow(sensitive.tuple, rows.length, 'tuple of sensitive');
  checkBelow(holders.column, names.length, 'column of holders');
  checkBelow(holders.tuple, rows.length, 'tuple of holders');
  const values = assembleValues(sensitiveValues, names.length, 'sensitive_values');
  const least = leastSubjects(dataset);
  const diverse = new Set(dataset.subject === undefined ? [] : dataset.privacy?.l.map(({ column }) => column));
  return names.map((name, index) => {
    const own = identity(sensitive.column.length).filter((cell) => sensitive.column[cell] === index);
    for (const cell of own)
      if (sensitive.code[cell]! >= values[index]!.length) throw broken(`a value of ${name} has no text`);
    const order = sortStably(sortStably(own, sensitive.code), sensitive.tuple);
    const pick = (numbers: Uint32Array) => order.map((cell) => numbers[cell]!);
    const [tuple, codes, counts] = [pick(sensitive.tuple), pick(sensitive.code), pick(sensitive.rows)];
    const sums = new Float64Array(rows.length);
    for (const [cell, place] of tuple.entries()) {
      if (place === tuple[cell - 1] && codes[cell] === codes[cell - 1])
        throw broken(`a value of ${name} is counted twice`);
      sums[place]! += counts[cell]!;
    }
    if (sums.some((sum, place) => sum !== rows[place])) throw broken(`the counts of ${name} are not those of all rows`);
    const counted = { name, values: values[index]!, offsets: measureGroups(tuple, rows.length), codes, rows: counts };
    if (!diverse.has(name)) return counted;
    return { ...counted, holders: readHolders(holders, index, counted, pick(sensitive.subjects), least) };
  });
}

/** A value of a tuple has no more holders than rows, and no fewer than `least`. */
function readHolders(
  { column, holder, tuple, code }: HistogramTables['holders'],
  index: number,
  { name, offsets, codes, rows }: SensitiveCounts,
  subjects: Uint32Array,
  least: number,
): ValueHolders {
  const own = identity(column.length).filter((row) => column[row] === index);
  const order = sortStably(sortStably(own, tuple), holder);
  const numbers = order.map((row) => holder[row]!);
  checkBelow(numbers, numbers.length, 'holder of holders');
  const groups = measureGroups(numbers, numbers.length === 0 ? 0 : numbers.at(-1)! + 1);
  const cells = order.map((row) => {
    const cell = findCell({ offsets, codes }, tuple[row]!, code[row]!);
    if (cell < 0) throw broken(`a holder of ${name} has a value that its tuple lacks`);
    return cell;
  });
  for (let each = 0; each + 1 < groups.length; each++) {
    if (groups[each + 1]! - groups[each]! < 2) throw broken(`a holder of ${name} has fewer than two tuples`);
    for (let place = groups[each]! + 1; place < groups[each + 1]!; place++)
      if (cells[place]! <= cells[place - 1]! || codes[cells[place]!] !== codes[cells[place - 1]!])
        throw broken(`a holder of ${name} names a tuple twice, or two values`);
  }
  const all = Float64Array.from(subjects);
  for (const cell of cells) all[cell]! += 1;
  if (all.some((count, cell) => count < least || count > rows[cell]!))
    throw broken(`a value of ${name} has no holder, or more holders than rows`);
  return { subjects, spanning: { offsets: groups, cells } };
}

/** The values of each column, by their codes. @throws InconsistentHistogram where one is missing or named twice. */
export function assembleValues({ column, code, value }: ValueTable, columns: number, table: string) {
  checkBelow(column, columns, `column of ${table}`);
  return Array.from({ length: columns }, (_, index) => {
    const own = identity(column.length).filter((row) => column[row] === index);
    const at = invert(
      own.map((row) => code[row]!),
      own.length,
      table,
    );
    const values = Array.from(at, (place) => value[own[place]!] ?? null);
    if (new Set(values).size < values.length) throw broken(`${table} names a value twice`);
    return values;
  });
}

/** `result[n]`: where number n stands. */
function invert(numbers: Uint32Array, count: number, table: string): Uint32Array {
  checkBelow(numbers, count, `the numbering of ${table}`);
  const at = new Uint32Array(count).fill(count);
  for (const [place, number] of numbers.entries()) at[number] = place;
  if (at.includes(count)) throw broken(`${table} are not numbered without gaps`);
  return at;
}

function checkBelow(numbers: Uint32Array, limit: number, what: string): void {
  if (numbers.some((number) => number >= limit)) throw broken(`${what} goes beyond what there is`);
}

function identity(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, index) => index);
}

/** The given places, sorted by their keys; equal keys keep their order. */
function sortStably(places: Uint32Array, keys: Uint32Array): Uint32Array {
  let most = 0;
  for (const place of places) most = Math.max(most, keys[place]!);
  const next = new Uint32Array(most + 2);
  for (const place of places) next[keys[place]! + 1]! += 1;
  for (let key = 1; key < next.length; key++) next[key]! += next[key - 1]!;
  const sorted = new Uint32Array(places.length);
  for (const place of places) {
    const key = keys[place]!;
    sorted[next[key]!] = place;
    next[key]! += 1;
  }
  return sorted;
}

/** Where each of the sorted groups begins, and where the last one ends. */
function measureGroups(groups: Uint32Array, count: number): Uint32Array {
  const offsets = new Uint32Array(count + 1);
  for (const group of groups) offsets[group + 1]! += 1;
  for (let group = 0; group < count; group++) offsets[group + 1]! += offsets[group]!;
  return offsets;
}

function broken(what: string): InconsistentHistogram {
  return new InconsistentHistogram(`The histogram cannot be used: ${what}. Run the delivery again.`);
}
