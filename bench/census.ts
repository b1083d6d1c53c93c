import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLadder } from '../lib/domain/privacy/hierarchies/build-ladder';
import type { Ladder } from '../lib/domain/privacy/hierarchies/ladder';
import { parseHierarchy } from '../lib/domain/privacy/hierarchies/parse-hierarchy';
import type { Histogram, SensitiveCounts } from '../lib/domain/privacy/histogram/histogram';

export interface Census {
  readonly source: string;
  readonly columns: readonly { readonly name: string; readonly hierarchy: readonly (readonly string[])[] }[];
  /** A value per column. */
  readonly rows: readonly (readonly string[])[];
}

/** What the solver is given, of a census of which one column may be sensitive. */
export interface CensusProblem {
  readonly histogram: Histogram;
  readonly ladders: readonly Ladder[];
  readonly weights: readonly number[];
}

/** `adult.csv`, with a header and `;` between values, and `adult_hierarchy_<column>.csv` for each of its columns. */
export function readAdult(folder: string): Census {
  const [header = [], ...rows] = readFileSync(join(folder, 'adult.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(';'));
  const columns = header.map((name) => {
    const file = join(folder, `adult_hierarchy_${name}.csv`);
    if (!existsSync(file)) throw new Error(`${file} is missing.`);
    const reading = parseHierarchy(file, readFileSync(file, 'utf8'));
    if (reading.kind === 'invalid') throw new Error(`${file}: ${reading.findings[0]?.problem}.`);
    return { name, hierarchy: reading.rows };
  });
  return { source: join(folder, 'adult.csv'), columns, rows };
}

/** Leaves per level of columns like Adult's; each level merges runs of leaves. */
const SHAPE: Readonly<Record<string, readonly number[]>> = {
  sex: [2, 1],
  age: [80, 16, 8, 4, 1],
  race: [5, 1],
  'marital-status': [7, 2, 1],
  education: [16, 6, 3, 1],
  'native-country': [40, 4, 1],
  workclass: [8, 3, 1],
  occupation: [14, 3, 1],
  'salary-class': [2, 1],
};

/** As many rows, columns and lattice nodes as Adult, from a fixed seed: skewed, each column leaning on the one before. */
export function generateCensus(): Census {
  const columns = Object.entries(SHAPE).map(([name, sizes]) => {
    const leaves = sizes[0]!;
    const groupOf = (leaf: number, size: number) => `${name}/${size}.${Math.floor((leaf * size) / leaves)}`;
    return {
      name,
      hierarchy: Array.from({ length: leaves }, (_, leaf) =>
        sizes.map((size) => (size === 1 ? '*' : groupOf(leaf, size))),
      ),
    };
  });
  const random = createRandom(1994);
  const rows = Array.from({ length: 30_162 }, () => {
    let last = random();
    return columns.map(({ hierarchy }) => {
      last = 0.3 * last + 0.7 * random() ** 2;
      return hierarchy[Math.floor(last * hierarchy.length)]![0]!;
    });
  });
  return { source: 'a generated census', columns, rows };
}

/** Numbers from 0 up to 1: the top 24 bits of a linear congruential generator (Knuth's MMIX constants). */
function createRandom(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n);
    return Number(state >> 40n) / 2 ** 24;
  };
}

export function poseProblem({ columns, rows }: Census, sensitive?: string): CensusProblem {
  const quasi = columns.flatMap(({ name, hierarchy }, place) =>
    name === sensitive ? [] : [{ name, hierarchy, place }],
  );
  const distinct = quasi.map(({ place }) => indexValues(rows, place));
  const tuples = new Map<string, { readonly codes: readonly number[]; readonly rows: (readonly string[])[] }>();
  for (const row of rows) {
    const codes = quasi.map(({ place }, column) => distinct[column]!.get(row[place]!)!);
    const tuple = tuples.get(codes.join());
    if (tuple) tuple.rows.push(row);
    else tuples.set(codes.join(), { codes, rows: [row] });
  }
  const groups = [...tuples.values()];
  const counts = Uint32Array.from(groups, (group) => group.rows.length);
  const histogram: Histogram = {
    tuples: groups.length,
    columns: quasi.map(({ name }, column) => ({
      name,
      values: [...distinct[column]!.keys()],
      codes: Uint32Array.from(groups, ({ codes }) => codes[column]!),
    })),
    rows: counts,
    subjects: counts,
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: columns.flatMap(({ name }, place) =>
      name === sensitive
        ? [
            countSensitive(
              name,
              indexValues(rows, place),
              groups.map((group) => group.rows.map((row) => row[place]!)),
            ),
          ]
        : [],
    ),
  };
  const ladders = quasi.map(({ name, hierarchy }, column) => {
    const generalisation = { kind: 'hierarchy' as const, file: name, rows: hierarchy };
    const ladder = buildLadder(generalisation, { kind: 'string' }, histogram.columns[column]!);
    if (ladder.kind !== 'ladder') throw new Error(`The hierarchy of ${name} lacks ${ladder.count} values.`);
    return ladder;
  });
  return { histogram, ladders, weights: ladders.map(() => 1) };
}

function indexValues(rows: Census['rows'], place: number): ReadonlyMap<string, number> {
  const values = new Set(rows.map((row) => row[place]!));
  return new Map([...values].sort().map((value, code) => [value, code]));
}

function countSensitive(
  name: string,
  codes: ReadonlyMap<string, number>,
  groups: readonly (readonly string[])[],
): SensitiveCounts {
  const offsets = [0];
  const cells: { readonly code: number; readonly rows: number }[] = [];
  for (const group of groups) {
    for (const [value, code] of codes) {
      const rows = group.filter((other) => other === value).length;
      if (rows > 0) cells.push({ code, rows });
    }
    offsets.push(cells.length);
  }
  return {
    name,
    values: [...codes.keys()],
    offsets: Uint32Array.from(offsets),
    codes: Uint32Array.from(cells, ({ code }) => code),
    rows: Uint32Array.from(cells, ({ rows }) => rows),
  };
}
