import { createHash, createHmac } from 'node:crypto';
import { findGroups, groupByKnown } from './match-released';
import type { Person } from './people';
import type { ReleasedRow } from './release-to-attack';
import { measureSuccess, type Success } from './success';

/**
 * The attacks. Each takes what its attacker would hold, guesses as well as it can, and counts how often it is right. Where it
 * would have to choose by chance among equals, the chance itself is counted: the figure does not depend on luck.
 */

const tally = (chances: readonly number[]): Success =>
  measureSuccess(
    chances.length,
    chances.reduce((sum, chance) => sum + chance, 0),
  );

/** Finds a target's row by what acquaintances know. */
export function linkByKnown(rows: readonly ReleasedRow[], targets: readonly Person[]): Success {
  const groups = groupByKnown(rows);
  return tally(
    targets.map((person) => {
      const candidates = findGroups(groups, person);
      return candidates.some(({ spent }) => spent === person.spent) ? 1 / candidates.length : 0;
    }),
  );
}

/** Says of everybody whom the release could hold that it does. */
export function guessMembership(rows: readonly ReleasedRow[], targets: readonly Person[]): Success {
  const groups = groupByKnown(rows);
  return tally(targets.map((person) => (findGroups(groups, person).length > 0 ? 1 : 0)));
}

/** Guesses a target's illness as the commonest of its group. */
export function guessIllness(rows: readonly ReleasedRow[], targets: readonly Person[]): Success {
  const groups = groupByKnown(rows);
  return tally(
    targets.map((person) => {
      const counts = countBy(findGroups(groups, person).map(({ illness }) => illness ?? ''));
      const most = Math.max(0, ...counts.values());
      const best = [...counts].filter(([, count]) => count === most).map(([illness]) => illness);
      return best.includes(person.illness) ? 1 / best.length : 0;
    }),
  );
}

/** Targets whose illness the release gives away for certain, since all of their group share it. */
export function readHomogeneous(rows: readonly ReleasedRow[], targets: readonly Person[]): Success {
  const groups = groupByKnown(rows);
  return tally(
    targets.map((person) => {
      const illnesses = new Set(findGroups(groups, person).map(({ illness }) => illness));
      return illnesses.size === 1 && illnesses.has(person.illness) ? 1 : 0;
    }),
  );
}

/** By how much a group's share of one illness is above or below everybody's, at most: what belonging to it tells. */
export function measureSkew(rows: readonly ReleasedRow[]): number {
  const overall = countBy(rows.map(({ illness }) => illness ?? ''));
  const gaps = groupByKnown(rows).flatMap((group) => {
    const own = countBy(group.map(({ illness }) => illness ?? ''));
    return [...overall].map(([illness, count]) =>
      Math.abs((own.get(illness) ?? 0) / group.length - count / rows.length),
    );
  });
  return Math.max(...gaps);
}

/**
 * Looks for the group in which one illness is farthest above everybody's share of it, and says of all its members that they
 * have it. `base`: what saying so of anybody in the release comes to.
 */
export function guessSkewed(rows: readonly ReleasedRow[], targets: readonly Person[]) {
  const overall = countBy(rows.map(({ illness }) => illness ?? ''));
  const found = groupByKnown(rows).flatMap((group) => {
    const own = countBy(group.map(({ illness }) => illness ?? ''));
    return [...own].map(([illness, count]) => {
      const base = overall.get(illness)! / rows.length;
      return { group, illness, base, above: count / group.length - base };
    });
  });
  const { group, illness, base } = found.reduce((most, each) => (each.above > most.above ? each : most));
  const inside = targets.filter((person) => findGroups([group], person).length > 0);
  return { success: tally(inside.map((person) => (person.illness === illness ? 1 : 0))), base };
}

/** Counts subjects by their tokens, not rows: targets all of whose group have the illness, whatever else some have. */
export function readShared(rows: readonly ReleasedRow[], targets: readonly Person[]): Success {
  const groups = groupByKnown(rows);
  return tally(
    targets.map((person) => {
      const group = findGroups(groups, person);
      const subjects = new Set(group.map(({ phone }) => phone)).size;
      const ill = new Set(group.filter(({ illness }) => illness === person.illness).map(({ phone }) => phone)).size;
      return subjects > 0 && ill === subjects ? 1 : 0;
    }),
  );
}

/** Follows tokens: the subjects that a target could be in every one of several releases. */
export function intersectRounds(rounds: readonly (readonly ReleasedRow[])[], targets: readonly Person[]) {
  const grouped = rounds.map(groupByKnown);
  const sizes = targets.flatMap((person) => {
    const sets = grouped.map((groups) => new Set(findGroups(groups, person).map(({ phone }) => phone)));
    const left = [...sets[0]!].filter((token) => sets.every((set) => set.has(token)));
    return left.length > 0 ? [left.length] : [];
  });
  return { least: Math.min(...sizes), success: tally(sizes.map((size) => 1 / size)) };
}

/** Tries every number there is, by every digest that needs no key and with keys that anybody would try. */
export function reverseTokens(rows: readonly ReleasedRow[], numbers: readonly string[]): Success {
  const tokens = new Set(rows.map(({ phone }) => phone));
  const guesses = (text: string) => [
    ...['md5', 'sha1', 'sha256'].map((algorithm) => createHash(algorithm).update(text).digest('hex')),
    ...[Buffer.alloc(32), 'attacked', 'clinic', 'lab', 'people', 'secret'].map((key) =>
      createHmac('sha256', key).update(text).digest('hex'),
    ),
  ];
  return tally(
    numbers.map((number) =>
      guesses(number).some((guess) => tokens.has(guess.slice(0, 32)) || tokens.has(guess)) ? 1 : 0,
    ),
  );
}

/** Two receivers lay their files side by side and join them on a column. */
export function joinReleases(one: readonly ReleasedRow[], other: readonly ReleasedRow[], column: string): Success {
  const counts = countBy(other.map((row) => row[column] ?? ''));
  return tally(one.map((row) => ((counts.get(row[column] ?? '') ?? 0) > 0 ? 1 / counts.get(row[column] ?? '')! : 0)));
}

/** Two receivers whose files have the same order need no column. */
export function joinByOrder(one: readonly ReleasedRow[], other: readonly ReleasedRow[]): Success {
  return tally(one.map(({ spent }, place) => (other[place]?.spent === spent ? 1 : 0)));
}

/** Takes the generalisation back: guesses the exact age within a released interval, as the commonest age of the public there. */
export function guessAge(
  rows: readonly ReleasedRow[],
  targets: readonly Person[],
  publicAges: readonly number[],
): Success {
  const groups = groupByKnown(rows);
  const counts = countBy(publicAges.map(String));
  return tally(
    targets.flatMap((person) => {
      const shown = findGroups(groups, person)[0]?.age;
      if (shown === undefined || shown === null) return [];
      const bounds = /^\[(\d+),(\d+)\)$/.exec(shown);
      if (!bounds) return [shown === String(person.age) ? 1 : 0];
      const ages = Array.from({ length: Number(bounds[2]) - Number(bounds[1]) }, (_, step) => Number(bounds[1]) + step);
      const most = Math.max(...ages.map((age) => counts.get(String(age)) ?? 0));
      const best = ages.filter((age) => (counts.get(String(age)) ?? 0) === most);
      return [best.includes(person.age) ? 1 / best.length : 0];
    }),
  );
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
