import { confirmByBounds, guessCell } from './attack-regions';
import { compareSuccess, expectDocumented, percent } from './expect-documented';
import { makePeople, toCsv } from './people';
import { type ReleasedRow, releaseToAttack } from './release-to-attack';

const POPULATION = makePeople(6000, 1);
const MEMBERS = POPULATION.slice(0, 3000);
const HOLDOUT = POPULATION.slice(3000);

/** What is quasi here is nobody else's: whoever knows it exactly learns from a bound of the delivery's own that its owner is in it. */
const release = async (width: string, period: string): Promise<readonly ReleasedRow[]> => {
  const columns = {
    age: '{ type: integer, role: quasi, treatment: drop }',
    zip: '{ type: string, role: quasi, treatment: drop }',
    sex: '{ type: string, role: quasi, treatment: drop }',
    spent: `{ type: "decimal(10,2)", role: quasi, generalise: { widths: [${width}] } }`,
    seen: `{ type: date, role: quasi, generalise: { dates: [${period}] } }`,
  };
  const privacy = '{ k: 10, l: { illness: 2 }, suppressAtMost: 5%, mode: multidimensional }';
  const [released] = await releaseToAttack({ columns, privacy }, toCsv(MEMBERS));
  expect(released!.outcome.kind).toBe('delivered');
  return released!.rows.lab!;
};

test('bounds of regions are members’ values no oftener than others’, where their grid is agreed wide enough', async () => {
  const [wide, fine] = [await release('1, 10', 'month, year'), await release('0.01, 10', 'day, year')];
  const inside = confirmByBounds(wide, MEMBERS);
  const outside = confirmByBounds(wide, HOLDOUT);
  expect(compareSuccess(inside, outside).low).toBeLessThanOrEqual(0);
  expect(compareSuccess(inside, outside).high).toBeLessThan(0.02);
  const [weak, base] = [confirmByBounds(fine, MEMBERS), confirmByBounds(fine, HOLDOUT)];
  expect(compareSuccess(weak, base).low).toBeGreaterThan(0);
  expectDocumented('bounds of regions', inside, percent(outside.rate));
  expectDocumented('bounds of regions, a grid as fine as the values', weak, percent(base.rate));

  // Minimality: a region was cut no further and reaches no farther than its people, so that its ends hold somebody.
  const [known, unknown] = [guessCell(wide, MEMBERS), guessCell(wide, HOLDOUT)];
  const gain = compareSuccess(known, unknown);
  expect(gain.high).toBeLessThan(0.1);
  expectDocumented('downcoding of regions', known, percent(unknown.rate));
});
