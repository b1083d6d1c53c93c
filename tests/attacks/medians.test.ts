import { createRandom } from '../../examples/telco-retail/generator/random';
import { compareSuccess, expectDocumented, percent } from './expect-documented';
import { makePeople, type Person, toCsv } from './people';
import { releaseToAttack } from './release-to-attack';
import { measureSuccess, type Success } from './success';

const K = 10;
/** Everybody has an amount of nine millions, so that hardly any two have the same. */
const random = createRandom(11);
const POPULATION = makePeople(6000, 1).map((person) => ({
  ...person,
  spent: (random.integer(1, 9_000_000) / 100).toFixed(2),
}));
const MEMBERS = POPULATION.slice(0, 3000);
const HOLDOUT = POPULATION.slice(3000);

/** Of somebody of whom it is known to the cent what they spent: says that they are in the delivery where that is shown. */
function confirmShown(shown: ReadonlySet<number>, targets: readonly Person[]): Success {
  return measureSuccess(targets.length, targets.filter(({ spent }) => shown.has(Number(spent))).length);
}

test('a median of neighbours is rounded, so that it confirms nobody by their own value; exact ones confirm one of each group', async () => {
  const spent = `{ type: "decimal(10,2)", role: plain, treatment: { microaggregate: { k: ${K}, show: median } } }`;
  const [released] = await releaseToAttack({ columns: { spent } }, toCsv(MEMBERS));
  expect(released!.outcome.kind).toBe('delivered');
  const shown = new Set(released!.rows.lab!.map((row) => Number(row.spent)));
  expect(shown.size).toBeGreaterThan(MEMBERS.length / K / 2);
  const [inside, outside] = [confirmShown(shown, MEMBERS), confirmShown(shown, HOLDOUT)];
  expect(compareSuccess(inside, outside).low).toBeLessThanOrEqual(0);
  expect(compareSuccess(inside, outside).high).toBeLessThan(0.01);
  expectDocumented('medians of neighbours', inside, percent(outside.rate));

  const sorted = MEMBERS.map((person) => Number(person.spent)).sort((one, other) => one - other);
  const exact = new Set(sorted.filter((_, place) => place % K === K / 2 - 1));
  const [known, unknown] = [confirmShown(exact, MEMBERS), confirmShown(exact, HOLDOUT)];
  expect(compareSuccess(known, unknown).low).toBeGreaterThan(0.05);
  expectDocumented('medians of neighbours, exact', known, percent(unknown.rate));
});
