import type { ClassTable, SensitiveCells } from './class-table';
import { type FloorCriteria, judgeTable } from './floor-criteria';
import type { Histogram } from './histogram';

export interface RegionJudge {
  /** Whether a class of these tuples, which may be none, keeps the floor. */
  readonly passes: (tuples: Uint32Array) => boolean;
  /** The regions as classes. */
  readonly countAll: (regions: readonly { readonly tuples: Uint32Array }[]) => ClassTable;
}

/**
 * Holds single regions against a floor. The average risk is no matter of one class: where it has a limit every region is
 * to be no smaller than the average may be, which keeps the average as well.
 */
export function createRegionJudge(histogram: Histogram, { averageRisk, ...criteria }: FloorCriteria): RegionJudge {
  const leastAverage = averageRisk === undefined ? 1 : Math.ceil(1 / averageRisk - 1e-9);
  const { offsets, tuples: spanningTuples } = histogram.spanning;
  const subjectsOf = listSpanning(histogram);
  // The last region in which a spanning subject was counted.
  const countedIn = new Uint32Array(offsets.length);
  const sums = criteria.sensitive.map(({ values }) => new Float64Array(values.length));
  let region = 0;

  function count(tuples: Uint32Array): ClassTable {
    region += 1;
    let [rows, subjects, population] = [0, 0, 0];
    for (const tuple of tuples) {
      rows += histogram.rows[tuple]!;
      subjects += histogram.subjects[tuple]!;
      population += histogram.population?.[tuple] ?? 0;
      if (spanningTuples.length === 0) continue;
      for (let place = subjectsOf.offsets[tuple]!; place < subjectsOf.offsets[tuple + 1]!; place++) {
        const subject = subjectsOf.subjects[place]!;
        if (countedIn[subject] === region) continue;
        countedIn[subject] = region;
        subjects += 1;
      }
    }
    return {
      classes: 1,
      tuples: tuples.slice(0, 1),
      rows: Uint32Array.of(rows),
      subjects: Uint32Array.of(subjects),
      population: Float64Array.of(population),
      spanning: { offsets: Uint32Array.of(0), classes: new Uint32Array() },
      sensitive: criteria.sensitive.map((counts, index) => countCells(counts, tuples, sums[index]!)),
    };
  }

  return {
    passes: (tuples) => {
      const table = count(tuples);
      return table.subjects[0]! >= leastAverage && judgeTable(table, criteria).fails[0] === 0;
    },
    countAll: (regions) => joinTables(regions.map(({ tuples }) => count(tuples))),
  };
}

function countCells(
  { offsets, codes, rows }: FloorCriteria['sensitive'][number],
  tuples: Uint32Array,
  sums: Float64Array,
): SensitiveCells {
  const found: number[] = [];
  for (const tuple of tuples) {
    for (let cell = offsets[tuple]!; cell < offsets[tuple + 1]!; cell++) {
      if (sums[codes[cell]!] === 0) found.push(codes[cell]!);
      sums[codes[cell]!]! += rows[cell]!;
    }
  }
  found.sort((one, other) => one - other);
  const cells = {
    codes: Uint32Array.from(found),
    classes: new Uint32Array(found.length),
    rows: Uint32Array.from(found, (code) => sums[code]!),
  };
  for (const code of found) sums[code] = 0;
  return cells;
}

/** Per tuple the spanning subjects with rows in it. */
function listSpanning({ tuples, spanning }: Histogram): {
  readonly offsets: Uint32Array;
  readonly subjects: Uint32Array;
} {
  const offsets = new Uint32Array(tuples + 1);
  for (const tuple of spanning.tuples) offsets[tuple + 1]! += 1;
  for (let tuple = 0; tuple < tuples; tuple++) offsets[tuple + 1]! += offsets[tuple]!;
  const next = offsets.slice();
  const subjects = new Uint32Array(spanning.tuples.length);
  for (let subject = 0; subject + 1 < spanning.offsets.length; subject++) {
    for (let place = spanning.offsets[subject]!; place < spanning.offsets[subject + 1]!; place++)
      subjects[next[spanning.tuples[place]!]!++] = subject;
  }
  return { offsets, subjects };
}

function joinTables(tables: readonly ClassTable[]): ClassTable {
  const sensitive = (tables[0]?.sensitive ?? []).map((_, column): SensitiveCells => {
    const cells = tables.flatMap((table, index) =>
      Array.from(table.sensitive[column]!.codes, (code, cell) => ({
        code,
        index,
        rows: table.sensitive[column]!.rows[cell]!,
      })),
    );
    cells.sort((one, other) => one.code - other.code || one.index - other.index);
    return {
      codes: Uint32Array.from(cells, ({ code }) => code),
      classes: Uint32Array.from(cells, ({ index }) => index),
      rows: Uint32Array.from(cells, ({ rows }) => rows),
    };
  });
  return {
    classes: tables.length,
    tuples: Uint32Array.from(tables, ({ tuples }) => tuples[0] ?? 0),
    rows: Uint32Array.from(tables, ({ rows }) => rows[0]!),
    subjects: Uint32Array.from(tables, ({ subjects }) => subjects[0]!),
    population: Float64Array.from(tables, ({ population }) => population[0]!),
    spanning: { offsets: Uint32Array.of(0), classes: new Uint32Array() },
    sensitive,
  };
}
