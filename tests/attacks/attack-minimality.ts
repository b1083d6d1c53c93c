import { compareSuccess } from './expect-documented';
import { coversRegion, groupByKnown, KNOWN } from './match-released';
import { guessByMinimality, type MinimalityProblem } from './minimality';
import type { Person } from './people';
import type { ReleasedRow } from './release-to-attack';
import { measureSuccess, type Success } from './success';

/** Right guesses, what the same guesses come to by what the release says itself, and the difference with its interval. */
export interface Gain {
  readonly success: Success;
  readonly base: number;
  readonly difference: Pick<Success, 'rate' | 'low' | 'high'>;
}

/** What the attacker holds: everybody in the delivery by name (but not what they have), the release, and the agreement. */
export interface Held {
  readonly rows: readonly ReleasedRow[];
  readonly members: readonly Person[];
  readonly k: number;
  readonly l: number;
}

/**
 * Regions: each that was not cut is one no cut of which kept the floor. Of every cut that would have left k on both sides,
 * one side has too few illnesses.
 */
export function attackRegions({ rows, members, k, l }: Held): Gain {
  const cells = KNOWN.map((name) => cellsOf(name, members));
  const groups = listGroups(rows, members);
  const problems = groups.map((group): MinimalityProblem => {
    const refused = cells.flatMap((cellOf) => {
      const held = [...new Set(group.members.map((member) => cellOf[member]!))].sort((one, other) => one - other);
      return held.slice(1).map((at) => splitBy(group.members, (member) => Number(cellOf[member]! >= at)));
    });
    return { groups: [group], refused: refused.filter((parts) => parts.every(({ length }) => length >= k)), l };
  });
  return measureGain(problems, members);
}

/**
 * Full-domain levels of age alone: every finer level of which all groups would hold k was refused, so that one of its
 * groups has too few illnesses. Of several deliveries, each with its release.
 */
export function attackLevels(deliveries: readonly Held[], widths: readonly number[]): Gain {
  let all: readonly Person[] = [];
  const problems = deliveries.map(({ rows, members, k, l }): MinimalityProblem => {
    const first = all.length;
    all = [...all, ...members];
    const groups = listGroups(rows, members);
    const finer = widths.filter((width) => width < readWidth(rows[0]!));
    const refused = finer.map((width) =>
      splitBy([...members.keys()], (place) => Math.floor(members[place]!.age / width)),
    );
    const shift = (places: readonly number[]) => places.map((place) => first + place);
    return {
      groups: groups.map((group) => ({ ...group, members: shift(group.members) })),
      refused: refused.filter((parts) => parts.every(({ length }) => length >= k)).map((parts) => parts.map(shift)),
      l,
    };
  });
  return measureGain(problems, all);
}

/**
 * Full-domain levels: who is in the delivery but in no group that was released was left out. Where k or more of the same
 * group were, it was for their illnesses: with l = 2 they all have the same, most likely what is commonest of their age.
 * `others`: people who are like them and are not in the delivery, of whom the same is said.
 */
export function attackSuppressed({ rows, members, k }: Held, others: readonly Person[]) {
  const generalise = inferLevels(rows);
  const released = new Set(rows.map((row) => JSON.stringify(KNOWN.map((name) => row[name]))));
  const left = new Map<string, number>();
  for (const person of members) {
    const shown = generalise(person);
    if (!released.has(shown)) left.set(shown, (left.get(shown) ?? 0) + 1);
  }
  const commonest = new Map<string, string>();
  const guess = (person: Person): string => {
    const age = String((JSON.parse(generalise(person)) as string[])[0]);
    const known = commonest.get(age);
    if (known !== undefined) return known;
    const like = rows.filter((row) => row.age === age);
    const illnesses = (like.length > 0 ? like : rows).map(({ illness }) => illness!);
    const count = (illness: string) => illnesses.filter((each) => each === illness).length;
    const most = [...new Set(illnesses)].sort((one, other) => count(other) - count(one))[0]!;
    commonest.set(age, most);
    return most;
  };
  const tally = (people: readonly Person[]) => {
    const told = people.filter((person) => (left.get(generalise(person)) ?? 0) >= k);
    return measureSuccess(told.length, told.filter((person) => guess(person) === person.illness).length);
  };
  return { inside: tally(members), outside: tally(others) };
}

function measureGain(problems: readonly MinimalityProblem[], members: readonly Person[]): Gain {
  const guesses = problems.flatMap((problem, place) => guessByMinimality(problem, place + 1));
  const right = guesses.filter(({ member, illness }) => members[member]!.illness === illness).length;
  const base = guesses.reduce((sum, guess) => sum + guess.base, 0) / Math.max(1, guesses.length);
  const success = measureSuccess(guesses.length, right);
  // The base is no sample: it is what the shares that are shown come to.
  return {
    success,
    base,
    difference: compareSuccess(success, { tried: guesses.length, right, rate: base, low: base, high: base }),
  };
}

/** The released groups, and whom of the list they hold. What a group does not show tells nobody from others. */
function listGroups(rows: readonly ReleasedRow[], people: readonly Person[]): MinimalityProblem['groups'] {
  const shown = KNOWN.filter((name) => rows[0]![name] !== undefined);
  return groupByKnown(rows).map((group) => {
    const holds = (person: Person) =>
      shown.every((name) => coversRegion(group[0]![name] ?? null, String(person[name])));
    const members = [...people.keys()].filter((place) => holds(people[place]!));
    if (members.length !== group.length) throw new Error('the list of members does not fit the release');
    return { members, illnesses: group.map(({ illness }) => illness!) };
  });
}

/** How many ages a group shows; without an end where it shows all. */
function readWidth({ age }: ReleasedRow): number {
  if (age === '*') return Number.POSITIVE_INFINITY;
  const bounds = /^\[(\d+),(\d+)\)$/.exec(age!);
  return bounds ? Number(bounds[2]) - Number(bounds[1]) : 1;
}

/** Where each person stands in the order in which regions are cut: ages in steps of 5, postcodes by what is commonest. */
function cellsOf(name: (typeof KNOWN)[number], people: readonly Person[]): readonly number[] {
  if (name === 'age') return people.map(({ age }) => Math.floor(age / 5));
  const levels = name === 'zip' ? [2, 3] : [1];
  const rows = new Map<string, number>();
  for (const person of people)
    for (const length of levels)
      rows.set(person[name].slice(0, length), (rows.get(person[name].slice(0, length)) ?? 0) + 1);
  const compare = (one: string, other: string): number => {
    for (const length of levels) {
      const [left, right] = [one.slice(0, length), other.slice(0, length)];
      if (left !== right) return rows.get(right)! - rows.get(left)! || (left < right ? -1 : 1);
    }
    return 0;
  };
  const cells = [...new Set(people.map((person) => person[name].slice(0, levels.at(-1)!)))].sort(compare);
  return people.map((person) => cells.indexOf(person[name].slice(0, levels.at(-1)!)));
}

function splitBy(places: readonly number[], partOf: (place: number) => number): readonly (readonly number[])[] {
  const parts = new Map<number, number[]>();
  for (const place of places) parts.set(partOf(place), [...(parts.get(partOf(place)) ?? []), place]);
  return [...parts.values()];
}

/**
 * Of every choice of levels that is finer in one column or several: the share of the delivery that it would have left in
 * groups of fewer than k. That follows from what the attacker knows already, so that where it is above what may be left
 * out the levels were refused for it, whatever anybody has.
 */
export function explainLevels({ rows, members, k }: Omit<Held, 'l'>, widths: readonly number[]): readonly number[] {
  const first = rows[0]!;
  const width = readWidth(first);
  const length = first.zip!.replace('*', '').length;
  const ages = widths.filter((each) => each <= width);
  const zips = [4, 3, 2].filter((each) => each >= length);
  const choices = ages.flatMap((age) => zips.map((zip) => [age, zip] as const));
  return choices
    .filter(([age, zip]) => age < width || zip > length)
    .map(([age, zip]) => {
      const cells = new Map<string, number>();
      const cellOf = (person: Person) => `${Math.floor(person.age / age)} ${person.zip.slice(0, zip)} ${person.sex}`;
      for (const person of members) cells.set(cellOf(person), (cells.get(cellOf(person)) ?? 0) + 1);
      return [...cells.values()].filter((size) => size < k).reduce((sum, size) => sum + size, 0) / members.length;
    });
}

/** The levels of a full-domain release; postcodes may be left out. */
export interface ShownLevels {
  readonly width: number;
  readonly length: number | undefined;
  readonly sex: 'shown' | 'hidden' | 'absent';
}

export function readLevels(rows: readonly ReleasedRow[]): ShownLevels {
  const { zip, sex } = rows[0]!;
  return {
    width: readWidth(rows[0]!),
    length: zip === undefined ? undefined : zip!.replace('*', '').length,
    sex: sex === undefined ? 'absent' : sex === '*' ? 'hidden' : 'shown',
  };
}

/** What the release would show of somebody, as the levels are read off it. */
function inferLevels(rows: readonly ReleasedRow[]): (person: Person) => string {
  const [first] = rows as [ReleasedRow];
  const width = readWidth(first);
  const showAge = (age: number) => {
    if (width === Number.POSITIVE_INFINITY) return '*';
    const from = Math.floor(age / width) * width;
    return width === 1 ? String(age) : `[${from},${from + width})`;
  };
  const showText = (shown: string, text: string) =>
    shown.endsWith('*') ? `${text.slice(0, shown.length - 1)}*` : text;
  return ({ age, zip, sex }) => JSON.stringify([showAge(age), showText(first.zip!, zip), showText(first.sex!, sex)]);
}
