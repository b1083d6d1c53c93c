import { isSame } from './is-same';
import type { Rule, Rules } from './rule';

/** One place in which two plans differ. */
export interface Difference {
  readonly place: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** Absent: no rule knows what that place means. */
  readonly rule?: Rule;
}

/** What there are rules for. */
export interface RuleBook {
  /** For what one of the two has and the other has not, all of it at once. */
  readonly presence: Rules;
  /** For what differs, whether or not both have it. */
  readonly values: Rules;
  /** For the same entries in another order. */
  readonly order: Rule;
}

/**
 * Every place in which two views differ: the outermost for which there is a rule, and, where there is none, the leaf. Two
 * views that are not the same differ somewhere.
 */
export function listDifferences(
  before: unknown,
  after: unknown,
  book: RuleBook,
  place: readonly string[] = [],
): readonly Difference[] {
  if (isSame(before, after)) return [];
  const isPresence = before === undefined || after === undefined;
  const rule = (isPresence ? findRule(book.presence, place) : undefined) ?? findRule(book.values, place);
  if (rule !== undefined) return [{ place, before, after, rule }];
  const [was, is] = [entriesOf(before), entriesOf(after)];
  if (was === undefined || is === undefined) return [{ place, before, after }];
  const inside = [...new Set([...was.keys(), ...is.keys()])].flatMap((key) =>
    listDifferences(was.get(key), is.get(key), book, [...place, key]),
  );
  const kept = (map: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>) =>
    [...map.keys()].filter((key) => other.has(key));
  const isReordered = before instanceof Map && after instanceof Map && !isSame(kept(was, is), kept(is, was));
  const order = { place, before: [...was.keys()], after: [...is.keys()], rule: book.order };
  return isReordered || inside.length === 0 ? [order, ...inside] : inside;
}

function findRule(rules: Rules, place: readonly string[]): Rule | undefined {
  const found = Object.entries(rules).find(([pattern]) => {
    const names = pattern.split('.');
    return names.length === place.length && names.every((name, at) => name === '*' || name === place[at]);
  });
  return found?.[1];
}

/** What is inside a map or an object; nothing inside nothing. Undefined for a leaf, a list among them. */
function entriesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (value instanceof Map) return value;
  if (value === undefined) return new Map();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}
