import { createRandom } from '../../examples/telco-retail/generator/random';
import { compareSuccess, expectDocumented, percent } from './expect-documented';
import { makePeople, type Person, toCsv } from './people';
import { releaseToAttack } from './release-to-attack';
import { measureSuccess, type Success } from './success';

const K = 10;
/** Everybody has an amount of nine millions, so that hardly any two have the same, and a day of eighty years. */
const random = createRandom(11);
const POPULATION = makePeople(6000, 1).map((person) => ({
  ...person,
  spent: (random.integer(1, 9_000_000) / 100).toFixed(2),
  seen: new Date(Date.UTC(1940, 0, 1 + random.integer(0, 29_219))).toISOString().slice(0, 10),
}));
const MEMBERS = POPULATION.slice(0, 3000);
const HOLDOUT = POPULATION.slice(3000);

const bornOn = makeConfirmer(({ seen }) => seen);
const spentTo = makeConfirmer(({ spent }) => String(Number(spent)));

/** Of somebody of whom the exact value is known: says that they are in the delivery where that is shown. */
function makeConfirmer(known: (person: Person) => string) {
  return (shown: ReadonlySet<string>) => {
    const confirm = (targets: readonly Person[]): Success =>
      measureSuccess(targets.length, targets.filter((person) => shown.has(known(person))).length);
    return { inside: confirm(MEMBERS), outside: confirm(HOLDOUT) };
  };
}

/** What a release would show that rounds nothing. */
function listExactMedians(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.filter((_, place) => place % K === K / 2 - 1));
}

const released = releaseToAttack(
  {
    columns: {
      spent: `{ type: "decimal(10,2)", role: plain, treatment: { microaggregate: { k: ${K}, show: median } } }`,
      seen: `{ type: date, role: plain, treatment: { microaggregate: { k: ${K}, show: median } } }`,
    },
  },
  toCsv(MEMBERS),
).then(([first]) => {
  expect(first!.outcome.kind).toBe('delivered');
  return first!.rows.lab!;
});

test.each([
  ['medians of neighbours', 'spent', spentTo],
  ['days of neighbours', 'seen', bornOn],
] as const)('%s are rounded, so that they confirm nobody by their own value', async (attack, name, confirm) => {
  const shown = new Set((await released).map((row) => (name === 'spent' ? String(Number(row[name])) : row[name]!)));
  expect(shown.size).toBeGreaterThan(MEMBERS.length / K / 3);
  const { inside, outside } = confirm(shown);
  expect(compareSuccess(inside, outside).low).toBeLessThanOrEqual(0);
  expect(compareSuccess(inside, outside).high).toBeLessThan(0.015);
  expectDocumented(attack, inside, percent(outside.rate));
});

test.each([
  [
    'medians of neighbours, exact',
    MEMBERS.map(({ spent }) => Number(spent))
      .sort((one, other) => one - other)
      .map(String),
    spentTo,
  ],
  ['days of neighbours, exact', MEMBERS.map(({ seen }) => seen).sort(), bornOn],
] as const)('%s, confirm one of each group', (attack, sorted, confirm) => {
  const { inside, outside } = confirm(listExactMedians(sorted));
  expect(compareSuccess(inside, outside).low).toBeGreaterThan(0.05);
  expectDocumented(attack, inside, percent(outside.rate));
});
