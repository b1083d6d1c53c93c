import type { ColumnType } from '../../agreement/plan/plan';
import type { ClassValues } from '../hierarchies/ladder';
import { formatDecimal, parseDecimal } from '../treatments/decimal';
import type { Histogram } from './histogram';
import type { Population } from './population';

/**
 * The histogram with the population's counts; what stands only in the population becomes tuples without rows, after the
 * delivery's own. `types`: of the class columns as they go into classes. Numbers are compared as numbers.
 */
export function addPopulation(
  histogram: Histogram,
  population: Extract<Population, { kind: 'counts' }>,
  types: readonly ColumnType[],
): Histogram {
  const normalise = types.map(normaliserOf);
  const columns = histogram.columns.map((column, index) =>
    addPopulationValues(column, population, types[index]!, index),
  );
  const codeOf = columns.map(
    ({ values }, index) => new Map(values.map((value, code) => [normalise[index]!(value), code])),
  );
  const codes = histogram.columns.map((column) => Array.from(column.codes));
  const places = new Map<string, number>();
  for (let tuple = 0; tuple < histogram.tuples; tuple++) places.set(codes.map((of) => of[tuple]).join(), tuple);
  const counts = Array.from({ length: histogram.tuples }, () => 0);
  for (const { values: row, subjects } of population.rows) {
    const found = codeOf.map((known, index) => known.get(normalise[index]!(row[index] ?? null))!);
    const key = found.join();
    const place = places.get(key) ?? counts.push(0) - 1;
    if (!places.has(key)) for (const [index, code] of found.entries()) codes[index]![place] = code;
    places.set(key, place);
    counts[place]! += subjects;
  }
  const tuples = counts.length;
  return {
    ...histogram,
    tuples,
    columns: columns.map(({ name, values }, index) => ({ name, values, codes: Uint32Array.from(codes[index]!) })),
    rows: extend(histogram.rows, tuples),
    subjects: extend(histogram.subjects, tuples),
    sensitive: histogram.sensitive.map((counted) => ({
      ...counted,
      offsets: extend(counted.offsets, tuples + 1, counted.offsets.at(-1)),
    })),
    population: Float64Array.from(counts),
  };
}

/** A class column's values, and after them those that only the population has. */
export function addPopulationValues(
  { name, values }: ClassValues,
  { rows }: Extract<Population, { kind: 'counts' }>,
  type: ColumnType,
  index: number,
): ClassValues {
  const normalise = normaliserOf(type);
  const added = [...values];
  const known = new Set(values.map(normalise));
  for (const { values: row } of rows) {
    const value = row[index] ?? null;
    if (known.has(normalise(value))) continue;
    known.add(normalise(value));
    added.push(value);
  }
  return { name, values: added };
}

type Normalise = (value: string | null) => string | null;

function normaliserOf({ kind }: ColumnType): Normalise {
  if (kind !== 'integer' && kind !== 'decimal' && kind !== 'double') return (value) => value;
  return (value) => {
    const number = value === null ? undefined : parseDecimal(value.trim());
    return number ? formatDecimal(number) : value;
  };
}

function extend(numbers: Uint32Array, length: number, filler = 0): Uint32Array {
  const extended = new Uint32Array(length).fill(filler);
  extended.set(numbers);
  return extended;
}
