import type { ColumnType } from '../../agreement/plan/plan';
import type { UnknownValues } from '../search/solution';
import { formatDecimal, parseDecimal } from '../treatments/decimal';
import { ANY_VALUE, type Generalisation } from './generalisation';
import { type ClassValues, createLevel, type Ladder } from './ladder';

type Hierarchy = Extract<Generalisation, { kind: 'hierarchy' }>;
type Row = readonly string[];

/** How many unknown values are told. */
const TOLD = 20;

/**
 * The ladder of a hierarchy file. An empty leaf stands for null; where the file has none and the delivery does, null is
 * one leaf more. Leaves of numeric columns are compared as numbers, so that `39` is found for `39.0000`.
 */
export function climbHierarchy(
  { file, rows }: Hierarchy,
  type: ColumnType,
  { name, values }: ClassValues,
): Ladder | UnknownValues {
  const normalise = chooseNormal(type);
  const leaves = new Map<string, Row>();
  for (const row of rows) {
    const leaf = normalise(row[0] ?? '');
    if (!leaves.has(leaf)) leaves.set(leaf, row);
  }
  const found = values.map((value) => leaves.get(value === null ? '' : normalise(value)));
  const unknown = values.filter((value, index): value is string => value !== null && !found[index]);
  if (unknown.length > 0) {
    return { kind: 'unknown-values', column: name, file, count: unknown.length, values: unknown.sort().slice(0, TOLD) };
  }

  const domain = leaves.size + (found.includes(undefined) ? 1 : 0);
  const depth = rows[0]?.length ?? 1;
  const [top = ANY_VALUE, ...others] = new Set(rows.map((row) => row[depth - 1]));
  // The last column may show all values alike already, under whatever name; null then goes by that name too.
  const reachesTop = depth > 1 && others.length === 0;
  const levels = [createLevel(values, () => 1 / domain)];
  for (let level = 1; level < (reachesTop ? depth - 1 : depth); level++) {
    const counts = new Map<string | null, number>([[null, 1]]);
    for (const { [level]: shown = '' } of leaves.values()) counts.set(shown, (counts.get(shown) ?? 0) + 1);
    const shown = found.map((row) => row?.[level] ?? null);
    levels.push(createLevel(shown, (value) => (counts.get(value) ?? 0) / domain));
  }
  const all = reachesTop ? top : ANY_VALUE;
  levels.push(
    createLevel(
      values.map(() => all),
      () => 1,
    ),
  );
  const present = new Set(values.map((value) => (value === null ? '' : normalise(value))));
  const absent = [...leaves.keys()].filter((leaf) => !present.has(leaf));
  return { kind: 'ladder', levels, ...(absent.length > 0 && { absent }) };
}

/** Whether the hierarchy can show a value of a column of this type. */
export function createLeafTest(rows: Hierarchy['rows'], type: ColumnType): (value: string) => boolean {
  const normalise = chooseNormal(type);
  const leaves = new Set(rows.map(([leaf = '']) => normalise(leaf)));
  return (value) => leaves.has(normalise(value));
}

/** Two leaves that are one value to a column of this type, so that the file has two parents for it: `10` and `10.0`. */
export function findSameLeaves(rows: Hierarchy['rows'], type: ColumnType): readonly [string, string] | undefined {
  const normalise = chooseNormal(type);
  const leaves = new Map<string, string>();
  for (const [leaf = ''] of rows) {
    const earlier = leaves.get(normalise(leaf));
    if (earlier !== undefined) return [earlier, leaf];
    leaves.set(normalise(leaf), leaf);
  }
  return undefined;
}

function chooseNormal({ kind }: ColumnType): (text: string) => string {
  return kind === 'integer' || kind === 'decimal' || kind === 'double' ? normaliseNumber : (text) => text;
}

function normaliseNumber(text: string): string {
  const number = parseDecimal(text.trim());
  return number ? formatDecimal(number) : text;
}
