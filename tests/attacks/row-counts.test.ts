import { createRandom } from '../../examples/telco-retail/generator/random';
import { compareSuccess, expectDocumented, percent } from './expect-documented';
import { groupByKnown } from './match-released';
import { makePeople, toCsv } from './people';
import { releaseToAttack } from './release-to-attack';
import { measureSuccess } from './success';

/** As calls and purchases are: most have few, and some have many. */
const random = createRandom(5);
const MEMBERS = makePeople(3000, 1).map((person) => ({
  person,
  rows: 1 + Math.floor(-3 * Math.log(1 - random.uniform())),
}));

test('whoever knows how many rows somebody has finds them by their token: the group of k is of people, and says nothing of that', async () => {
  const delivery = toCsv(MEMBERS.flatMap(({ person, rows }) => Array.from({ length: rows }, () => person)));
  const [released] = await releaseToAttack({}, delivery);
  expect(released!.outcome.kind).toBe('delivered');
  const { certificate } = released!.outcome.legs[0]!;
  expect(certificate!.privacy!.k).toBeGreaterThanOrEqual(10);
  expect(certificate!.assumptions.join('\n')).toContain('How many rows a person has is taken as unknown');
  // By what is spent, which is nobody else's, the truth is known.
  const alike = new Map<string, { readonly all: number; readonly withAsMany: (rows: number) => number }>();
  for (const group of groupByKnown(released!.rows.lab!)) {
    const counts = new Map<string, number>();
    for (const { spent } of group) counts.set(spent!, (counts.get(spent!) ?? 0) + 1);
    const withAsMany = (rows: number) => [...counts.values()].filter((count) => count === rows).length;
    for (const spent of counts.keys()) alike.set(spent, { all: counts.size, withAsMany });
  }
  const chance = (of: (group: { all: number; withAsMany: (rows: number) => number }, rows: number) => number) =>
    MEMBERS.reduce((sum, { person, rows }) => {
      const group = alike.get(person.spent);
      return group === undefined ? sum : sum + 1 / of(group, rows);
    }, 0);
  const known = measureSuccess(
    MEMBERS.length,
    chance((group, rows) => group.withAsMany(rows)),
  );
  const base = measureSuccess(
    MEMBERS.length,
    chance((group) => group.all),
  );
  const difference = compareSuccess(known, base);
  expect(difference.low).toBeGreaterThan(0);
  expectDocumented('linkage, number of rows known', known, percent(base.rate));
  expectDocumented('linkage, number of rows known, difference', difference, percent(0));
});
