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

const bornOn = makeConfirmer(({ seen }) => seen);
const spentTo = makeConfirmer(({ spent }) => String(Number(spent)));

/** And a number of three thousand, so that a group's lie some ten apart: as many as k. */
const numbers = createRandom(13);
const NUMBERED = POPULATION.map((person) => ({ ...person, spent: String(numbers.integer(1, 3000)) }));
const NUMBERED_MEMBERS = NUMBERED.slice(0, 3000);
const numberedAs = makeConfirmer(({ spent }) => spent, NUMBERED);

/** Of somebody of whom the exact value is known: says that they are in the delivery where that is shown. */
function makeConfirmer(known: (person: Person) => string, population: readonly Person[] = POPULATION) {
  return (shown: ReadonlySet<string>) => {
    const confirm = (targets: readonly Person[]): Success =>
      measureSuccess(targets.length, targets.filter((person) => shown.has(known(person))).length);
    return { inside: confirm(population.slice(0, 3000)), outside: confirm(population.slice(3000)) };
  };
}

/** What a release would show that rounds nothing. */
function listExactMedians(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.filter((_, place) => place % K === K / 2 - 1));
}

async function release(people: readonly Person[], spent: string) {
  const merged = `role: plain, treatment: { microaggregate: { k: ${K}, show: median } }`;
  const columns = { spent: `{ type: "${spent}", ${merged} }`, seen: `{ type: date, ${merged} }` };
  const [first] = await releaseToAttack({ columns }, toCsv(people));
  expect(first!.outcome.kind).toBe('delivered');
  return first!.rows.lab!;
}

const released = release(MEMBERS, 'decimal(10,2)');

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

test('medians of whole numbers as dense as people are rounded so that hardly anybody is confirmed', async () => {
  const shown = new Set((await release(NUMBERED_MEMBERS, 'integer')).map((row) => row.spent!));
  expect(shown.size).toBeGreaterThan(NUMBERED_MEMBERS.length / K / 3);
  const { inside, outside } = numberedAs(shown);
  const difference = compareSuccess(inside, outside);
  // One of k has the median, and one of five numbers is shown as it is.
  expect(difference.low).toBeLessThanOrEqual(1 / (5 * K));
  expect(difference.high).toBeLessThan(0.055);
  expectDocumented('medians of whole numbers', inside, percent(outside.rate));
  expectDocumented('medians of whole numbers, difference', difference, '0.0 %');
});

test.each([
  [
    'medians of neighbours, exact',
    MEMBERS.map(({ spent }) => Number(spent))
      .sort((one, other) => one - other)
      .map(String),
    spentTo,
  ],
  [
    'medians of whole numbers, exact',
    NUMBERED_MEMBERS.map(({ spent }) => Number(spent))
      .sort((one, other) => one - other)
      .map(String),
    numberedAs,
  ],
  ['days of neighbours, exact', MEMBERS.map(({ seen }) => seen).sort(), bornOn],
] as const)('%s, confirm one of each group', (attack, sorted, confirm) => {
  const { inside, outside } = confirm(listExactMedians(sorted));
  expect(compareSuccess(inside, outside).low).toBeGreaterThan(0.05);
  expectDocumented(attack, inside, percent(outside.rate));
});
