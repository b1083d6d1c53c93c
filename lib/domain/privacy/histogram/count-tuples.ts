import type { ClassTable, SensitiveCells, SpanningClasses } from './class-table';
import type { Histogram, SensitiveCounts } from './histogram';

/** The finest table: every tuple is a class of its own. `sensitive`: the columns of the histogram to keep count of. */
export function countTuples(histogram: Histogram, sensitive: readonly SensitiveCounts[]): ClassTable {
  const { tuples: classes, rows, spanning } = histogram;
  const tuples = new Uint32Array(classes);
  for (let tuple = 0; tuple < classes; tuple++) tuples[tuple] = tuple;
  const isCounted = spanning.tuples.length === 0 && rows.every((count, tuple) => count === histogram.subjects[tuple]);
  const subjects = isCounted ? rows : histogram.subjects.slice();
  for (const tuple of spanning.tuples) subjects[tuple]! += 1;
  return {
    classes,
    tuples,
    rows,
    subjects,
    population: histogram.population ?? new Float64Array(),
    spanning: { offsets: spanning.offsets, classes: spanning.tuples },
    settled: spanning.tuples.length === 0 ? subjects : histogram.subjects,
    sensitive: sensitive.map(sortByValue),
  };
}

/** From rows grouped by tuple to cells sorted by value, by counting. */
function sortByValue({ values, offsets, codes, rows, holders }: SensitiveCounts): SensitiveCells {
  const next = new Uint32Array(values.length + 1);
  for (const code of codes) next[code + 1]! += 1;
  for (let code = 0; code < values.length; code++) next[code + 1]! += next[code]!;
  const cells = {
    codes: new Uint32Array(codes.length),
    classes: new Uint32Array(codes.length),
    rows: new Uint32Array(codes.length),
  };
  const placeOf = new Uint32Array(codes.length);
  for (let tuple = 0; tuple + 1 < offsets.length; tuple++) {
    for (let cell = offsets[tuple]!; cell < offsets[tuple + 1]!; cell++) {
      const code = codes[cell]!;
      const place = next[code]!++;
      cells.codes[place] = code;
      cells.classes[place] = tuple;
      cells.rows[place] = rows[cell]!;
      placeOf[cell] = place;
    }
  }
  if (!holders) return { ...cells, holders: cells.rows, spanning: NOBODY };
  const counts = new Uint32Array(codes.length);
  for (const [cell, count] of holders.subjects.entries()) counts[placeOf[cell]!] = count;
  const spanned = holders.spanning.cells.map((cell) => placeOf[cell]!);
  for (const place of spanned) counts[place]! += 1;
  return { ...cells, holders: counts, spanning: { offsets: holders.spanning.offsets, classes: spanned } };
}

const NOBODY: SpanningClasses = { offsets: Uint32Array.of(0), classes: new Uint32Array() };
