import type { ColumnType } from '../agreement/plan';
import { formatDecimal, parseDecimal } from './decimal';
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
  const values = histogram.columns.map((column) => [...column.values]);
  const codeOf = histogram.columns.map(
    (column, index) => new Map(column.values.map((value, code) => [normalise[index]!(value), code])),
  );
  const codes = histogram.columns.map((column) => Array.from(column.codes));
  const places = new Map<string, number>();
  for (let tuple = 0; tuple < histogram.tuples; tuple++) places.set(codes.map((of) => of[tuple]).join(), tuple);
  const counts = Array.from({ length: histogram.tuples }, () => 0);
  for (const { values: row, subjects } of population.rows) {
    const found = codeOf.map((known, index) => {
      const value = row[index] ?? null;
      const key = normalise[index]!(value);
      const code = known.get(key) ?? values[index]!.push(value) - 1;
      known.set(key, code);
      return code;
    });
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
    columns: histogram.columns.map(({ name }, index) => ({
      name,
      values: values[index]!,
      codes: Uint32Array.from(codes[index]!),
    })),
    rows: extend(histogram.rows, tuples),
    subjects: extend(histogram.subjects, tuples),
    sensitive: histogram.sensitive.map((counted) => ({
      ...counted,
      offsets: extend(counted.offsets, tuples + 1, counted.offsets.at(-1)),
    })),
    population: Float64Array.from(counts),
  };
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
