import { matchesPattern } from './matches-pattern';
import type { Json, JsonMap } from './room-templates';

/** As EventBridge matches, as far as the room's rules go; what else there is is refused, so that no rule is overlooked. */
export function matchesEvent(pattern: Json, value: Json | undefined): boolean {
  // Of a list, one that fits is enough.
  if (Array.isArray(value)) return value.some((each) => matchesEvent(pattern, each));
  if (Array.isArray(pattern)) return pattern.some((each) => matchesOne(each, value));
  const fields = typeof value === 'object' && value !== null ? (value as JsonMap) : {};
  return Object.entries(pattern as JsonMap).every(([name, inner]) =>
    name === '$or' ? listOf(inner).some((each) => matchesEvent(each, value)) : matchesEvent(inner, fields[name]),
  );
}

function matchesOne(pattern: Json, value: Json | undefined): boolean {
  if (typeof pattern !== 'object' || pattern === null) return pattern === value;
  const [[kind, given] = ['', null]] = Object.entries(pattern as JsonMap);
  if (kind === 'exists') return (value !== undefined) === given;
  if (kind === 'anything-but' && typeof given === 'object' && given !== null && !Array.isArray(given))
    return value !== undefined && !matchesOne(given, value);
  if (kind === 'anything-but') return value !== undefined && !listOf(given).includes(value);
  if (kind === 'prefix')
    return typeof value === 'string' && listOf(given).some((start) => value.startsWith(String(start)));
  if (kind === 'suffix') return typeof value === 'string' && value.endsWith(String(given));
  if (kind === 'wildcard') return typeof value === 'string' && matchesPattern(String(given), value);
  throw new Error(`The tests do not know patterns of ${kind}.`);
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
