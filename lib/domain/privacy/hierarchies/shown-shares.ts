import type { ColumnType } from '../../agreement/plan/plan';
import { compareDecimals, formatDecimal, parseDecimal } from '../treatments/decimal';
import { countBelow } from './count-below';
import { ANY_VALUE } from './generalisation';
import type { ClassValues, Ladder, LadderLevel } from './ladder';
import { type CellBounds, listCells } from './list-cells';

/**
 * Leaves that a text in a release stands for / leaves of the domain. The two differ where the text leaves open what it is:
 * `<30` may hold missing values or not.
 */
export interface ShownShare {
  readonly least: number;
  readonly greatest: number;
}

/** Nothing for a text that cannot be shown. */
export type ShareOf = (text: string | null) => ShownShare | undefined;

/** What a level shows. */
export function sharesAt({ shown, shares }: LadderLevel): ShareOf {
  const known = new Map(shown.map((text, code) => [text, shares[code]!]));
  return (text) => {
    const share = known.get(text);
    return share === undefined ? undefined : { least: share, greatest: share };
  };
}

/** What regions show: a node of the ladder, from its grid up, several nodes, or an interval of numbers or dates. */
export function sharesOfRegions(ladder: Ladder, { values }: ClassValues, type: ColumnType): ShareOf {
  const nodes = listNodes(ladder, values);
  const { bounds, areDates } = listCells(ladder, type);
  const shareOfCover = sharesOfCovers(nodes);
  const shareOfPeriods = sharesOfPeriods(ladder, type);
  const shareOfOther = (text: string) => (areDates ? shareOfPeriods(text) : undefined) ?? shareOfCover(text);
  const shareOfMore = bounds ? sharesOfIntervals(ladder, values, bounds) : shareOfOther;
  return (text) => {
    const found = [nodes.get(text), text === null ? undefined : shareOfMore(text)].flatMap((each) => each ?? []);
    return found.length === 0 ? undefined : found.reduce(widen);
  };
}

const SEPARATOR = ' | ';

function listNodes({ levels, grid }: Ladder, values: ClassValues['values']): ReadonlyMap<string | null, ShownShare> {
  const nodes = new Map<string | null, ShownShare>();
  for (const { shown, shares } of levels.slice(grid))
    for (const [code, text] of shown.entries()) {
      const share = { least: shares[code]!, greatest: shares[code]! };
      const known = nodes.get(text);
      nodes.set(text, known ? widen(known, share) : share);
    }
  // Beside others a missing value is written as nothing.
  const missing = values.includes(null) ? nodes.get(null) : undefined;
  const empty = nodes.get('');
  if (missing) nodes.set('', empty ? widen(empty, missing) : missing);
  return nodes;
}

/** Texts of nodes in a row; a node's own may hold the separator. */
function sharesOfCovers(nodes: ReadonlyMap<string | null, ShownShare>): (text: string) => ShownShare | undefined {
  let longest = 1;
  for (const text of nodes.keys()) longest = Math.max(longest, (text ?? '').split(SEPARATOR).length);
  return (text) => {
    const parts = text.split(SEPARATOR);
    const upTo: (ShownShare | undefined)[] = [{ least: 0, greatest: 0 }];
    for (let end = 1; end <= parts.length; end++)
      for (let from = Math.max(0, end - longest); from < end; from++) {
        const [before, node] = [upTo[from], nodes.get(parts.slice(from, end).join(SEPARATOR))];
        if (!before || !node) continue;
        const sum = { least: before.least + node.least, greatest: Math.min(1, before.greatest + node.greatest) };
        const known = upTo[end];
        upTo[end] = known ? widen(known, sum) : sum;
      }
    return upTo[parts.length];
  };
}

const INTERVAL = /^(?:<(?<below>.+)|≥(?<least>.+)|\[(?<from>[^,]+),(?<to>[^,]+)\))$/;

/** Numbers between bounds; what is no number stands below all of them. */
function sharesOfIntervals(
  { levels, absent = [] }: Ladder,
  values: ClassValues['values'],
  bounds: readonly CellBounds[],
): (text: string) => ShownShare | undefined {
  const lines = new Set(bounds.flatMap(({ from, to = from }) => [formatDecimal(from), formatDecimal(to)]));
  /** Nothing where no cell begins or ends: a bound of the delivery's own would be somebody's. */
  const readBound = (given: string | undefined) => {
    const bound = parseDecimal(given ?? '');
    return bound && lines.has(formatDecimal(bound)) ? bound : undefined;
  };
  const leaf = levels[0]!.shares[0] ?? 0;
  const present = values.flatMap((value) => (value === null ? [] : (parseDecimal(value.trim()) ?? [])));
  const numbers = [...present, ...absent.flatMap((text) => parseDecimal(text) ?? [])].sort(compareDecimals);
  const odd = values.length - present.length;
  const share = (count: number, more = 0) => ({ least: count * leaf, greatest: Math.min(1, (count + more) * leaf) });
  return (text) => {
    if (text === ANY_VALUE) return { least: numbers.length * leaf, greatest: 1 };
    const { below, least, from, to } = INTERVAL.exec(text)?.groups ?? {};
    if (below !== undefined) {
      const bound = readBound(below);
      if (bound) return share(countBelow(numbers, bound), odd);
      return present.length === 0 && values.includes(below) ? share(0, odd) : undefined;
    }
    const start = readBound(least ?? from);
    if (!start) return undefined;
    if (least !== undefined) return share(numbers.length - countBelow(numbers, start));
    const end = readBound(to);
    return end && share(countBelow(numbers, end) - countBelow(numbers, start));
  };
}

/** From one period to another, both included; `..` where the bound is left open. */
function sharesOfPeriods(ladder: Ladder, type: ColumnType): (text: string) => ShownShare | undefined {
  const { cells, levels, isOdd } = listCells(ladder, type);
  const shares = cells.map((_, cell) => levels[0]!.shares[levels[0]!.codes[cell]!]!);
  const sum = (holds: (cell: number) => boolean) =>
    shares.reduce((total, share, cell) => (holds(cell) ? total + share : total), 0);
  const odd = sum(isOdd);
  const known = new Set(cells);
  return (text) => {
    if (text === ANY_VALUE) return { least: 1 - odd, greatest: 1 };
    const [from = '', to = '', ...more] = text.split('/');
    const isKnown = [from, to].every((bound) => bound === '..' || known.has(bound));
    if (more.length > 0 || !isKnown || from === to) return undefined;
    const least = sum(
      (cell) => !isOdd(cell) && (from === '..' || cells[cell]! >= from) && (to === '..' || cells[cell]! <= to),
    );
    return { least, greatest: from === '..' ? Math.min(1, least + odd) : least };
  };
}

function widen(one: ShownShare, other: ShownShare): ShownShare {
  return { least: Math.min(one.least, other.least), greatest: Math.max(one.greatest, other.greatest) };
}
