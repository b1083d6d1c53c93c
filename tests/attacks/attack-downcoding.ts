import { type Held, readLevels, type ShownLevels } from './attack-minimality';
import type { Person } from './people';
import { measureSuccess } from './success';

/** Levels of the agreement, from fine to coarse, as far as they were in use. */
export interface Finer {
  readonly widths: readonly number[];
  readonly lengths: readonly number[];
  /** Share of the rows. */
  readonly suppressAtMost: number;
}

export type Known = Pick<Person, 'age' | 'zip' | 'sex'>;

/** One choice of levels: what it shows of somebody, and who has what in each of its groups. */
interface Node {
  readonly show: (person: Known) => string;
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/**
 * Downcoding by minimality (Cohen, "Attacks on deidentification's defenses", USENIX Security 2022) of full-domain levels: the
 * attacker knows everything of all members but the exact age, postcode and sex of one, of whom the group is known; and that all
 * finer levels were refused, so that with the one in it each leaves out more than it may. Of those whom that rules values out for: how
 * many are right who choose among the values that are left, and among all that the group shows.
 */
export function downcodeLevels(held: Held, finer: Finer, values: readonly Known[]) {
  const { rows, members, k, l } = held;
  const chosen = readLevels(rows);
  const most = finer.suppressAtMost * members.length;
  const isSmall = (group: ReadonlyMap<string, number>) => countAll(group) < k || group.size < l;
  const nodes = listFiner(chosen, finer).map((levels) => makeNode(levels, members));
  const lostBy = (group: ReadonlyMap<string, number>) => (isSmall(group) ? countAll(group) : 0);
  const showChosen = makeShow(chosen);
  const released = new Set(rows.map((row) => JSON.stringify([row.age, row.zip, row.sex])));
  const alike = new Map<string, readonly Known[]>();
  for (const value of values) alike.set(showChosen(value), [...(alike.get(showChosen(value)) ?? []), value]);
  const lost = nodes.map(({ groups }) => [...groups.values()].reduce((sum, group) => sum + lostBy(group), 0));
  // One who is elsewhere changes two groups; where that cannot be enough it need not be tried for each.
  const open = nodes.flatMap((node, place) => {
    const largest = Math.max(k, ...[...node.groups.values()].filter(isSmall).map(countAll));
    return lost[place]! - 2 * largest - 1 > most ? [] : [{ node, lost: lost[place]! }];
  });
  const told = members
    .filter((person) => released.has(showChosen(person)))
    .map((person) => {
      const all = alike.get(showChosen(person)) ?? [];
      const left = all.filter((value) =>
        open.every(({ node: { show, groups }, lost: before }) => {
          const [from, to] = [show(person), show(value)];
          if (from === to) return before > most;
          const [had, gets] = [groups.get(from)!, groups.get(to) ?? new Map<string, number>()];
          const [without, withIt] = [change(had, person.illness, -1), change(gets, person.illness, 1)];
          return before - lostBy(had) - lostBy(gets) + lostBy(without) + lostBy(withIt) > most;
        }),
      );
      return { all: all.length, left: left.length };
    });
  const narrowed = told.filter(({ all, left }) => left < all);
  const chance = (of: 'all' | 'left') => narrowed.reduce((sum, each) => sum + 1 / each[of], 0);
  return { members: told.length, narrowed: narrowed.length, right: chance('left'), base: chance('all') };
}

/**
 * Of whoever is in no group that was released: names the commonest group of the public that is not shown. Of members it is known
 * that they were left out; `others` are people who are in no such group either.
 */
export function guessGroup({ rows, members }: Held, others: readonly Person[], known: readonly Known[]) {
  const show = makeShow(readLevels(rows));
  const released = new Set(rows.map((row) => JSON.stringify([row.age, row.zip, row.sex])));
  const counts = new Map<string, number>();
  for (const person of known) {
    const group = show(person);
    if (!released.has(group)) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const [guess] = [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1))[0] ?? [];
  const tally = (people: readonly Person[]) => {
    const left = people.map(show).filter((group) => !released.has(group));
    return measureSuccess(left.length, left.filter((group) => group === guess).length);
  };
  return { inside: tally(members), outside: tally(others) };
}

function makeNode(levels: ShownLevels, members: readonly Person[]): Node {
  const show = makeShow(levels);
  const groups = new Map<string, Map<string, number>>();
  for (const person of members) {
    const group = groups.get(show(person)) ?? new Map<string, number>();
    groups.set(show(person), group.set(person.illness, (group.get(person.illness) ?? 0) + 1));
  }
  return { show, groups };
}

/** In one column or several. */
export function listFiner(chosen: ShownLevels, { widths, lengths }: Finer): readonly ShownLevels[] {
  const ages = widths.filter((width) => width <= chosen.width);
  const zips = chosen.length === undefined ? [undefined] : lengths.filter((length) => length >= chosen.length!);
  const sexes = chosen.sex === 'hidden' ? (['shown', 'hidden'] as const) : [chosen.sex];
  return ages
    .flatMap((width) => zips.flatMap((length) => sexes.map((sex) => ({ width, length, sex }))))
    .filter(({ width, length, sex }) => width !== chosen.width || length !== chosen.length || sex !== chosen.sex);
}

/** As `readLevels` read it off the released rows. */
export function makeShow({ width, length, sex: how }: ShownLevels): (person: Known) => string {
  return ({ age, zip, sex }) => {
    const from = Math.floor(age / width) * width;
    const shown = width === Number.POSITIVE_INFINITY ? '*' : width === 1 ? String(age) : `[${from},${from + width})`;
    const place = length === undefined ? undefined : length === 4 ? zip : `${zip.slice(0, length)}*`;
    return JSON.stringify([shown, place, how === 'absent' ? undefined : how === 'hidden' ? '*' : sex]);
  };
}

function change(group: ReadonlyMap<string, number>, illness: string, by: number): ReadonlyMap<string, number> {
  const count = (group.get(illness) ?? 0) + by;
  const changed = new Map(group).set(illness, count);
  if (count === 0) changed.delete(illness);
  return changed;
}

function countAll(group: ReadonlyMap<string, number>): number {
  let all = 0;
  for (const count of group.values()) all += count;
  return all;
}
