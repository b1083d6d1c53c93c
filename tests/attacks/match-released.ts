import type { Person } from './people';
import type { ReleasedRow } from './release-to-attack';

/** What acquaintances know, and the release shows in some form. */
export const KNOWN = ['age', 'zip', 'sex'] as const;

/** Whether a released value, generalised or not, can be of somebody with this value. */
export function covers(shown: string | null, value: string): boolean {
  if (shown === null) return false;
  const interval = /^\[(-?[\d.]+), ?(-?[\d.]+)\)$/.exec(shown);
  if (interval) return Number(value) >= Number(interval[1]) && Number(value) < Number(interval[2]);
  return shown.endsWith('*') ? value.startsWith(shown.slice(0, -1)) : shown === value;
}

/** Rows by what they show of the known columns: an attacker's index of the release. */
export function groupByKnown(rows: readonly ReleasedRow[]): readonly (readonly ReleasedRow[])[] {
  const groups = new Map<string, ReleasedRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(KNOWN.map((name) => row[name]));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

/** The groups that somebody could be in. */
export function findGroups(groups: readonly (readonly ReleasedRow[])[], person: Person): readonly ReleasedRow[] {
  return groups.filter(([first]) => KNOWN.every((name) => covers(first![name] ?? null, String(person[name])))).flat();
}

/** As `covers`, of what a region shows: open bounds, several groups, runs of periods too. */
export function coversRegion(shown: string | null, value: string): boolean {
  if (shown === null) return false;
  if (shown.startsWith('<')) return Number(value) < Number(shown.slice(1));
  if (shown.startsWith('≥')) return Number(value) >= Number(shown.slice(1));
  const [from = '', to] = shown.split('/');
  if (to !== undefined) {
    const period = value.slice(0, Math.max(from.length, to.length));
    return (from === '..' || period >= from) && (to === '..' || period <= to);
  }
  if (/^\d{4}(-\d\d){0,2}$/.test(shown) && /^\d{4}-\d\d-\d\d$/.test(value)) return value.startsWith(shown);
  return shown.split(' | ').some((part) => covers(part, value));
}
