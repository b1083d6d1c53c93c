import type { Person } from './people';
import type { ReleasedRow } from './release-to-attack';
import { measureSuccess, type Success } from './success';

/** Attacks on what is released of one person more than once. Rows are known to be theirs by `illness`, which is kept and nobody else's. */

type Releases = readonly (readonly ReleasedRow[])[];

const DAY = 86_400_000;
const dayOf = (date: string) => Date.parse(date) / DAY;

/** Takes the mean of what several releases show of a moved number: how often it is the true one, to within `within`. */
export function averageNoise(releases: Releases, people: readonly Person[], within: number): Success {
  const shown = gather(releases);
  const right = people.filter(({ illness, spent }) => {
    const values = shown.get(illness)!.map((row) => Number(row.spent));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.abs(mean - Number(spent)) <= within;
  });
  return measureSuccess(people.length, right.length);
}

/** Of the days that one release leaves for a shifted date, those that all others leave too: one of them is the true one. */
export function intersectShifts(releases: Releases, people: readonly Person[], days: number): Success {
  const shown = gather(releases);
  const chances = people.map(({ illness }) => {
    const dates = shown.get(illness)!.map((row) => dayOf(row.seen!));
    const first = Array.from({ length: 2 * days + 1 }, (_, place) => dates[0]! - days + place);
    // No shift is of no day.
    const left = first.filter((day) => dates.every((date) => date !== day && Math.abs(date - day) <= days));
    return 1 / left.length;
  });
  return measureSuccess(
    people.length,
    chances.reduce((sum, chance) => sum + chance, 0),
  );
}

/** Of the shifts that there are those that keep all of a person's days in the window that a round has: one is the true one. */
export function narrowShifts(
  rows: readonly ReleasedRow[],
  people: readonly Person[],
  days: number,
  [first, last]: readonly [string, string],
): Success {
  const shown = gather([rows]);
  const shifts = Array.from({ length: 2 * days + 1 }, (_, place) => place - days).filter((shift) => shift !== 0);
  const chances = people.map(({ illness }) => {
    const dates = shown.get(illness)!.map((row) => dayOf(row.seen!));
    const left = shifts.filter((shift) =>
      dates.every((date) => date - shift >= dayOf(first) && date - shift <= dayOf(last)),
    );
    return 1 / left.length;
  });
  return measureSuccess(
    people.length,
    chances.reduce((sum, chance) => sum + chance, 0),
  );
}

/** Per person all rows of theirs, of all releases. */
function gather(releases: Releases): ReadonlyMap<string, readonly ReleasedRow[]> {
  const rows = new Map<string, ReleasedRow[]>();
  for (const row of releases.flat()) {
    const known = rows.get(row.illness!);
    if (known) known.push(row);
    else rows.set(row.illness!, [row]);
  }
  return rows;
}

/** What the greatest group of merged values shows: how many rows, and their mean. */
export interface GreatestGroup {
  readonly rows: number;
  readonly mean: number;
}

export function readGreatest(rows: readonly ReleasedRow[]): GreatestGroup {
  const mean = Math.max(...rows.map(({ spent }) => Number(spent)));
  return { rows: rows.filter(({ spent }) => Number(spent) === mean).length, mean };
}

/** Takes a group's sum after somebody left from the one before: the value of who left, right within `within`. */
export function subtractSums(
  before: GreatestGroup,
  left: readonly { readonly after: GreatestGroup; readonly value: number }[],
  within: number,
): Success {
  const right = left.filter(({ after, value }) => {
    const guess = before.rows * before.mean - after.rows * after.mean;
    return Math.abs(guess - value) <= within;
  });
  return measureSuccess(left.length, right.length);
}
