import type { PopulationRow } from '../../../lib/domain/privacy/histogram/population';
import type { ClosenessFloor, DiversityFloor, TDistance } from '../../../lib/domain/privacy/models/privacy-floor';
import type { Hierarchy, Table, TableRow } from './table';

export interface ForcedSolution {
  readonly levels: readonly number[];
  /** By the table's metric, weighted where that has columns. */
  readonly cost: number;
  readonly plainLoss: number;
  readonly suppressedRows: number;
  /** Rows of each released class by what it shows, e.g. `["a",null]`. */
  readonly classes: ReadonlyMap<string, number>;
}

/** Looks at every node, row by row, with maps and sets: slow, obvious, and sharing no code with the solver. */
export function solveByForce(table: Table): ForcedSolution | undefined {
  let best: ForcedSolution | undefined;
  const ladders = table.columns.map(({ hierarchy }, column) =>
    climb(hierarchy, new Set([...table.rows, ...listPopulation(table)].map(({ values }) => values[column] ?? null))),
  );
  for (const levels of listNodes(ladders.map(({ length }) => length))) {
    const found = judgeNode(table, ladders, levels);
    if (!found) continue;
    if (!best || found.cost < best.cost - 1e-12) best = found;
    else if (found.cost < best.cost + 1e-12 && found.suppressedRows < best.suppressedRows) best = found;
  }
  return best;
}

/** In lexicographic order, so that the first of equals is the smallest. */
function listNodes(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (nodes, size) => nodes.flatMap((node) => Array.from({ length: size }, (_, level) => [...node, level])),
    [[]],
  );
}

function judgeNode(table: Table, ladders: readonly Climbed[], levels: readonly number[]): ForcedSolution | undefined {
  const { columns, rows, floor } = table;
  const cells = levels.map((level, column) => ladders[column]![level]!);
  const keys = rows.map(({ values }) =>
    JSON.stringify(values.map((value, column) => cells[column]!.get(value)!.shown)),
  );
  const groups = new Map<string, TableRow[]>();
  for (const [index, row] of rows.entries()) {
    const group = groups.get(keys[index]!);
    if (group) group.push(row);
    else groups.set(keys[index]!, [row]);
  }
  const population = new Map<string, number>();
  for (const { values, subjects } of listPopulation(table)) {
    const key = JSON.stringify(values.map((value, column) => cells[column]!.get(value)!.shown));
    population.set(key, (population.get(key) ?? 0) + subjects);
  }
  const passing = [...groups].filter(([key, group]) => keepsFloor(table, group, population.get(key) ?? 0));
  const kept = new Map(table.isFollowed ? keepLinked(passing, floor.risk) : keepAverage(passing, floor.risk?.average));
  const released = [...kept.values()].reduce((sum, group) => sum + group.length, 0);
  const suppressedRows = rows.length - released;
  if (suppressedRows > floor.suppressAtMost * rows.length + 1e-9) return undefined;

  const shares = rows.map(({ values }, index) =>
    values.map((value, column) => (kept.has(keys[index]!) ? cells[column]!.get(value)!.share : 1)),
  );
  const weights = columns.map(({ weight }) => weight);
  const cost = {
    loss: () => weigh(shares, weights),
    entropy: () =>
      weigh(
        measureBits(table, cells, (index) => kept.has(keys[index]!)),
        weights,
      ),
    discernibility: () =>
      [...groups].reduce((sum, [key, { length }]) => sum + length * (kept.has(key) ? length : rows.length), 0) /
      Math.max(1, rows.length ** 2),
    aecs: () => 1 / Math.max(1, kept.size + (suppressedRows > 0 ? 1 : 0)),
  }[table.metric ?? 'loss']();
  return {
    levels,
    suppressedRows,
    cost,
    plainLoss: weigh(
      shares,
      columns.map(() => 1),
    ),
    classes: new Map([...kept].map(([key, group]) => [key, group.length])),
  };
}

/** The weighted mean of all cells. */
function weigh(cells: readonly (readonly number[])[], weights: readonly number[]): number {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (cells.length === 0 || weights.length === 0) return 0;
  const sum = cells.reduce((total, row) => total + row.reduce((part, x, c) => part + x * weights[c]!, 0), 0);
  return sum / (all * cells.length);
}

/** Per cell the bits that what is shown leaves open, scaled so that all of them together are 1 per cell. */
function measureBits({ rows }: Table, cells: readonly ClimbedLevel[], isKept: (row: number) => boolean): number[][] {
  const count = (column: number, wanted: (value: string | null) => boolean) =>
    rows.filter(({ values }) => wanted(values[column] ?? null)).length;
  const all = rows.flatMap(({ values }) =>
    values.map((value, column) => Math.log2(rows.length / count(column, (other) => other === value))),
  );
  const sum = all.reduce((total, bits) => total + bits, 0);
  return rows.map(({ values }, index) =>
    values.map((value, column) => {
      const { shown } = cells[column]!.get(value)!;
      const alike = isKept(index) ? count(column, (other) => cells[column]!.get(other)!.shown === shown) : rows.length;
      return sum === 0 ? 0 : (Math.log2(alike / count(column, (other) => other === value)) * all.length) / sum;
    }),
  );
}

function listPopulation({ floor: { population } }: Table): readonly PopulationRow[] {
  return population?.kind === 'counts' ? population.rows : [];
}

/** Without the smallest classes, all of a size at once, until classes / subjects is low enough. */
function keepAverage(
  classes: readonly (readonly [string, readonly TableRow[]])[],
  average = 1,
): readonly (readonly [string, readonly TableRow[]])[] {
  const sizeOf = (group: readonly TableRow[]) => new Set(group.map(({ subject }) => subject)).size;
  for (let least = 1; ; least++) {
    const kept = classes.filter(([, group]) => sizeOf(group) >= least);
    const subjects = kept.reduce((sum, [, group]) => sum + sizeOf(group), 0);
    if (kept.length <= average * subjects + 1e-9) return kept;
  }
}

/** Subjects by the classes that they are left with: the keys of these, and who has them. */
export function groupByClasses(
  classes: readonly (readonly [string, readonly TableRow[]])[],
): readonly { readonly keys: readonly string[]; readonly size: number }[] {
  const keysOf = new Map<string, Set<string>>();
  for (const [key, group] of classes)
    for (const { subject } of group) keysOf.set(subject, (keysOf.get(subject) ?? new Set()).add(key));
  const sets = [...keysOf.values()].map((keys) => JSON.stringify([...keys].sort()));
  return [...new Set(sets)].map((set) => ({
    keys: JSON.parse(set),
    size: sets.filter((other) => other === set).length,
  }));
}

/** Without the class of fewest rows of each group that is too small, or, where there are too many, of each of the smallest. */
function keepLinked(
  classes: readonly (readonly [string, readonly TableRow[]])[],
  { maximum = 1, average = 1 }: NonNullable<Table['floor']['risk']> = {},
): readonly (readonly [string, readonly TableRow[]])[] {
  const groups = groupByClasses(classes);
  const tooSmall = groups.filter(({ size }) => size < 1 / maximum - 1e-9);
  const subjects = groups.reduce((sum, { size }) => sum + size, 0);
  if (tooSmall.length === 0 && groups.length > average * subjects + 1e-9) {
    const smallest = Math.min(...groups.map(({ size }) => size));
    tooSmall.push(...groups.filter(({ size }) => size === smallest));
  }
  if (tooSmall.length === 0) return classes;
  const rowsOf = new Map(classes.map(([key, group]) => [key, group.length]));
  const gone = new Set(
    tooSmall.flatMap(({ keys }) => {
      const fewest = Math.min(...keys.map((key) => rowsOf.get(key)!));
      return keys.filter((key) => rowsOf.get(key) === fewest);
    }),
  );
  return keepLinked(
    classes.filter(([key]) => !gone.has(key)),
    { maximum, average },
  );
}

export function keepsFloor({ rows, floor, sensitive }: Table, group: readonly TableRow[], behind: number): boolean {
  const subjects = new Set(group.map(({ subject }) => subject)).size;
  if (subjects < floor.k || subjects < 1 / (floor.risk?.maximum ?? 1) - 1e-9) return false;
  if (floor.population?.kind === 'size' && floor.kMap !== undefined) {
    const all = new Set(rows.map(({ subject }) => subject)).size;
    if (subjects < leastInSample(floor.kMap, all / floor.population.subjects)) return false;
  } else if (floor.population) {
    if (behind < (floor.kMap ?? 0)) return false;
    const share = behind === 0 ? Number.POSITIVE_INFINITY : subjects / behind;
    if (floor.presence && (share > floor.presence.atMost + 1e-12 || share < floor.presence.atLeast - 1e-12))
      return false;
  }
  const holdersOf = (code: number) =>
    new Set(group.filter((row) => row.sensitive === code).map(({ subject }) => subject)).size;
  const held = sensitive.flatMap((value, code) => (value === null || holdersOf(code) === 0 ? [] : [holdersOf(code)]));
  if (!floor.l.every((asked) => isDiverse(asked, held))) return false;
  const known = subjects - holdersOf(sensitive.indexOf(null));
  if (floor.l.some(({ atLeast }) => atLeast > 1) && held.some((holders) => holders >= known)) return false;
  return floor.t.every(
    (asked) =>
      measureDistance(rows, group, sensitive.length, asked.distance, listGroups(asked, sensitive)) <=
      asked.atMost + 1e-12,
  );
}

/** Per value the group that it is in; what the file does not have is one by itself. */
function listGroups(asked: ClosenessFloor, sensitive: readonly (string | null)[]): readonly string[] {
  const groups = new Map(
    asked.distance === 'hierarchical' ? asked.hierarchy.rows.map(([leaf, group]) => [leaf, group]) : [],
  );
  return sensitive.map((value) => groups.get(value ?? '') ?? 'missing');
}

/** `held`: subjects of each value. */
function isDiverse(asked: DiversityFloor, held: readonly number[]): boolean {
  const total = held.reduce((sum, count) => sum + count, 0);
  if (asked.measure === 'recursive') {
    const [most = 0, ...rest] = held.toSorted((one, other) => other - one);
    const others = rest.slice(asked.atLeast - 2).reduce((sum, count) => sum + count, 0);
    return held.length > 0 && most < asked.c * (asked.atLeast === 1 ? total : others) - 1e-9;
  }
  if (asked.measure !== 'entropy') return held.length >= asked.atLeast;
  const entropy = held.reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0);
  return held.length > 0 && entropy >= Math.log(asked.atLeast) - 1e-9;
}

/** Of classes of `kMap` subjects that show in the sample, at most 5 in 100 show so many or more. */
function leastInSample(kMap: number, fraction: number): number {
  if (fraction >= 1) return kMap;
  const expected = kMap * fraction;
  let chance = Math.exp(-expected);
  let shown = 0;
  for (let count = 1; ; count++) {
    chance *= expected / count;
    shown += chance / (1 - Math.exp(-expected));
    if (count + 1 >= kMap || shown >= 0.95) return Math.min(kMap, count + 1);
  }
}

/** Straight from the definitions; values nobody has are no part of the order. */
export function measureDistance(
  all: readonly TableRow[],
  group: readonly TableRow[],
  values: number,
  distance: TDistance,
  groups: readonly string[] = ['some', 'some', 'much', 'missing'],
): number {
  const share = (rows: readonly TableRow[], code: number) =>
    rows.filter((row) => row.sensitive === code).length / rows.length;
  const present = Array.from({ length: values }, (_, code) => code).filter((code) => share(all, code) > 0);
  const differences = present.map((code) => share(group, code) - share(all, code));
  if (distance === 'hierarchical') return climbDifferences(share, all, group, groups);
  if (distance === 'equal') return differences.reduce((sum, difference) => sum + Math.abs(difference), 0) / 2;
  const carried = differences.map((_, index) => differences.slice(0, index + 1).reduce((sum, x) => sum + x, 0));
  const work = carried.reduce((sum, amount) => sum + Math.abs(amount), 0);
  return present.length < 2 ? 0 : work / (present.length - 1);
}

/** Values of one group are alike at half the height; everything is at the whole. */
function climbDifferences(
  share: (rows: readonly TableRow[], code: number) => number,
  all: readonly TableRow[],
  group: readonly TableRow[],
  groups: readonly string[],
): number {
  const differences = groups.map((_, code) => share(group, code) - share(all, code));
  let within = 0;
  let above = 0;
  for (const name of new Set(groups)) {
    const own = differences.filter((_, code) => groups[code] === name);
    const more = own.reduce((sum, amount) => sum + Math.max(amount, 0), 0);
    const less = own.reduce((sum, amount) => sum + Math.max(-amount, 0), 0);
    within += Math.min(more, less);
    above += Math.max(more - less, 0);
  }
  return within / 2 + above;
}

/** Per level, what each value present shows and its share. */
type Climbed = readonly ClimbedLevel[];
type ClimbedLevel = ReadonlyMap<string | null, { readonly shown: string | null; readonly share: number }>;

function climb(hierarchy: Hierarchy, present: ReadonlySet<string | null>): Climbed {
  const leaves: readonly (readonly (string | null)[])[] =
    hierarchy.kind === 'none' ? [...present].map((value) => [value]) : climbFile(hierarchy.rows, present.has(null));
  return (leaves[0] ?? ['']).map((_, level) => {
    const shareOf = (shown: string | null) => leaves.filter((leaf) => leaf[level] === shown).length / leaves.length;
    const climbed = leaves.map((leaf) => [leaf[0]!, { shown: leaf[level]!, share: shareOf(leaf[level]!) }] as const);
    return new Map(climbed);
  });
}

/** With null as a leaf where there is one, and a top level where the file's last column shows several values. */
function climbFile(rows: readonly (readonly string[])[], hasNull: boolean): (string | null)[][] {
  const endsInOne = new Set(rows.map((row) => row.at(-1))).size === 1;
  const leaves: (string | null)[][] = rows.map((row) => (endsInOne ? [...row] : [...row, '*']));
  if (hasNull)
    leaves.push(leaves[0]!.map((_, level, { length }) => (level === length - 1 ? leaves[0]!.at(-1)! : null)));
  return leaves;
}
