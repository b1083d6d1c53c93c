import type { TDistance } from '../../../lib/domain/privacy/privacy-floor';
import type { Hierarchy, Table, TableRow } from './table';

export interface ForcedSolution {
  readonly levels: readonly number[];
  /** Weighted. */
  readonly loss: number;
  readonly plainLoss: number;
  readonly suppressedRows: number;
  /** Rows of each released class by what it shows, e.g. `["a",null]`. */
  readonly classes: ReadonlyMap<string, number>;
}

/** Looks at every node, row by row, with maps and sets: slow, obvious, and sharing no code with the solver. */
export function solveByForce(table: Table): ForcedSolution | undefined {
  let best: ForcedSolution | undefined;
  const ladders = table.columns.map(({ hierarchy }, column) =>
    climb(hierarchy, new Set(table.rows.map(({ values }) => values[column] ?? null))),
  );
  for (const levels of listNodes(ladders.map(({ length }) => length))) {
    const found = judgeNode(table, ladders, levels);
    if (!found) continue;
    if (!best || found.loss < best.loss - 1e-12) best = found;
    else if (found.loss < best.loss + 1e-12 && found.suppressedRows < best.suppressedRows) best = found;
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
  const kept = new Map([...groups].filter(([, group]) => keepsFloor(table, group)));
  const released = [...kept.values()].reduce((sum, group) => sum + group.length, 0);
  const suppressedRows = rows.length - released;
  if (suppressedRows > floor.suppressAtMost * rows.length + 1e-9) return undefined;

  const shares = rows.map(({ values }, index) =>
    values.map((value, column) => (kept.has(keys[index]!) ? cells[column]!.get(value)!.share : 1)),
  );
  const mean = (weights: readonly number[]) => {
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    if (rows.length === 0 || weights.length === 0) return 0;
    const sum = shares.reduce((total, row) => total + row.reduce((part, x, c) => part + x * weights[c]!, 0), 0);
    return sum / (all * rows.length);
  };
  return {
    levels,
    suppressedRows,
    loss: mean(columns.map(({ weight }) => weight)),
    plainLoss: mean(columns.map(() => 1)),
    classes: new Map([...kept].map(([key, group]) => [key, group.length])),
  };
}

function keepsFloor({ rows, floor, sensitive }: Table, group: readonly TableRow[]): boolean {
  if (new Set(group.map(({ subject }) => subject)).size < floor.k) return false;
  const distinct = new Set(group.filter((row) => sensitive[row.sensitive] !== null).map((row) => row.sensitive)).size;
  if (floor.l.some(({ atLeast }) => distinct < atLeast)) return false;
  return floor.t.every(
    ({ atMost, distance }) => measureDistance(rows, group, sensitive.length, distance) <= atMost + 1e-12,
  );
}

/** Straight from the definitions; values nobody has are no part of the order. */
export function measureDistance(
  all: readonly TableRow[],
  group: readonly TableRow[],
  values: number,
  distance: TDistance,
): number {
  const share = (rows: readonly TableRow[], code: number) =>
    rows.filter((row) => row.sensitive === code).length / rows.length;
  const present = Array.from({ length: values }, (_, code) => code).filter((code) => share(all, code) > 0);
  const differences = present.map((code) => share(group, code) - share(all, code));
  if (distance === 'equal') return differences.reduce((sum, difference) => sum + Math.abs(difference), 0) / 2;
  const carried = differences.map((_, index) => differences.slice(0, index + 1).reduce((sum, x) => sum + x, 0));
  const work = carried.reduce((sum, amount) => sum + Math.abs(amount), 0);
  return present.length < 2 ? 0 : work / (present.length - 1);
}

/** Per level, what each value present shows and its share. */
type Climbed = readonly ReadonlyMap<string | null, { readonly shown: string | null; readonly share: number }>[];

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
