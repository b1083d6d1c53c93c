import type { ClassTable, SensitiveCells, SpanningClasses } from '../histogram/class-table';
import type { Histogram, SensitiveCounts } from '../histogram/histogram';
import { placeSubjects } from '../histogram/place-subjects';
import { type FloorCriteria, judgeTable } from '../models/floor-criteria';
import { invertGroups } from './invert-groups';

export interface RegionJudge {
  /** Whether a class of these tuples, which may be none, keeps the floor. */
  readonly passes: (tuples: Uint32Array) => boolean;
  /** The regions as classes. */
  readonly countAll: (regions: readonly { readonly tuples: Uint32Array }[]) => ClassTable;
}

/** Holds single regions against a floor; of what is no matter of one region see `askOfEach` and `createLinkedGroups`. */
export function createRegionJudge(
  histogram: Histogram,
  criteria: Pick<FloorCriteria, 'sensitive' | 'criteria'>,
): RegionJudge {
  const { offsets, tuples: spanningTuples } = histogram.spanning;
  const subjectsOf = invertGroups(offsets, spanningTuples, histogram.tuples);
  // The last region in which a spanning subject was counted.
  const countedIn = new Uint32Array(offsets.length);
  const counters = criteria.sensitive.map(createCellCounter);
  let region = 0;

  function count(tuples: Uint32Array): ClassTable {
    region += 1;
    let [rows, subjects, settled, population] = [0, 0, 0, 0];
    for (const tuple of tuples) {
      rows += histogram.rows[tuple]!;
      subjects += histogram.subjects[tuple]!;
      settled += histogram.subjects[tuple]!;
      population += histogram.population?.[tuple] ?? 0;
      if (spanningTuples.length === 0) continue;
      for (let place = subjectsOf.offsets[tuple]!; place < subjectsOf.offsets[tuple + 1]!; place++) {
        const subject = subjectsOf.members[place]!;
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
      spanning: NOBODY,
      settled: Uint32Array.of(settled),
      sensitive: counters.map((countCells) => countCells(tuples)),
    };
  }

  return {
    passes: (tuples) => judgeTable(count(tuples), criteria).fails[0] === 0,
    countAll: (regions) => {
      const classOf = new Int32Array(histogram.tuples).fill(-1);
      for (const [index, { tuples }] of regions.entries()) for (const tuple of tuples) classOf[tuple] = index;
      const { spanning } = placeSubjects(histogram, regions.length, classOf);
      return { ...joinTables(regions.map(({ tuples }) => count(tuples))), spanning };
    },
  };
}

const NOBODY: SpanningClasses = { offsets: Uint32Array.of(0), classes: new Uint32Array() };

/** Counts the cells of a region, and everybody in it once for each value. */
function createCellCounter({ values, offsets, codes, rows, holders }: SensitiveCounts) {
  const sums = new Float64Array(values.length);
  const held = new Float64Array(values.length);
  const inCell = holders && invertGroups(holders.spanning.offsets, holders.spanning.cells, codes.length);
  const countedIn = new Uint32Array(holders?.spanning.offsets.length ?? 0);
  let region = 0;
  return (tuples: Uint32Array): SensitiveCells => {
    region += 1;
    const found: number[] = [];
    for (const tuple of tuples) {
      for (let cell = offsets[tuple]!; cell < offsets[tuple + 1]!; cell++) {
        const code = codes[cell]!;
        if (sums[code] === 0) found.push(code);
        sums[code]! += rows[cell]!;
        if (!inCell) continue;
        held[code]! += holders.subjects[cell]!;
        for (let place = inCell.offsets[cell]!; place < inCell.offsets[cell + 1]!; place++) {
          const holder = inCell.members[place]!;
          if (countedIn[holder] === region) continue;
          countedIn[holder] = region;
          held[code]! += 1;
        }
      }
    }
    found.sort((one, other) => one - other);
    const counts = Uint32Array.from(found, (code) => sums[code]!);
    const cells: SensitiveCells = {
      codes: Uint32Array.from(found),
      classes: new Uint32Array(found.length),
      rows: counts,
      holders: holders ? Uint32Array.from(found, (code) => held[code]!) : counts,
      spanning: NOBODY,
    };
    for (const code of found) {
      sums[code] = 0;
      held[code] = 0;
    }
    return cells;
  };
}

function joinTables(tables: readonly ClassTable[]): ClassTable {
  const sensitive = (tables[0]?.sensitive ?? []).map((_, column): SensitiveCells => {
    const cells = tables.flatMap((table, index) =>
      Array.from(table.sensitive[column]!.codes, (code, cell) => ({
        code,
        index,
        rows: table.sensitive[column]!.rows[cell]!,
        holders: table.sensitive[column]!.holders[cell]!,
      })),
    );
    cells.sort((one, other) => one.code - other.code || one.index - other.index);
    return {
      codes: Uint32Array.from(cells, ({ code }) => code),
      classes: Uint32Array.from(cells, ({ index }) => index),
      rows: Uint32Array.from(cells, ({ rows }) => rows),
      holders: Uint32Array.from(cells, ({ holders }) => holders),
      spanning: NOBODY,
    };
  });
  return {
    classes: tables.length,
    tuples: Uint32Array.from(tables, ({ tuples }) => tuples[0] ?? 0),
    rows: Uint32Array.from(tables, ({ rows }) => rows[0]!),
    subjects: Uint32Array.from(tables, ({ subjects }) => subjects[0]!),
    population: Float64Array.from(tables, ({ population }) => population[0]!),
    spanning: NOBODY,
    settled: Uint32Array.from(tables, ({ settled }) => settled[0]!),
    sensitive,
  };
}
