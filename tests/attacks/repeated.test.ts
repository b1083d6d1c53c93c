import { expectDocumented, percent } from './expect-documented';
import { makePeople, toCsv } from './people';
import { releaseToAttack } from './release-to-attack';
import { averageNoise, intersectShifts, narrowShifts, readGreatest, subtractSums } from './repeated-attacks';
import { measureSuccess } from './success';

/** By their file number, which is kept, rows of one person are known in every release. */
const PEOPLE = makePeople(400, 11).map((person, index) => ({ ...person, illness: `file ${index}` }));
const DAYS = 30;
/** What stands in no class: nobody is left out of any release. */
const PLAIN = {
  age: '{ type: integer, role: plain }',
  zip: '{ type: string, role: plain }',
  sex: '{ type: string, role: plain }',
  illness: '{ type: string, role: plain }',
};

describe('several versions of one dataset', () => {
  const terms = {
    columns: {
      ...PLAIN,
      spent: '{ type: "decimal(10,2)", role: plain, treatment: { noise: { epsilon: 1, bottom: 0, top: 5 } } }',
    },
    privacy: '',
  };
  const deliveries = Array.from({ length: 8 }, () => toCsv(PEOPLE));

  it('tell no more of a moved number or date than one of them; eight receivers’ releases do', async () => {
    const versions = await releaseToAttack({ ...terms, isVersioned: true }, ...deliveries);
    const eight = versions.map(({ rows }) => rows.lab!);
    const [one] = eight;
    expect(new Set(eight.map((rows) => rows[0]!.phone)).size).toBe(8);
    const receivers = Array.from({ length: 8 }, (_, index) => `lab-${'abcdefgh'[index]}`);
    const [shared] = await releaseToAttack({ ...terms, receivers }, deliveries[0]!);
    const drawnAnew = Object.values(shared!.rows);

    const noise = averageNoise(eight, PEOPLE, 1);
    expect(noise).toEqual(averageNoise([one!], PEOPLE, 1));
    const anew = averageNoise(drawnAnew, PEOPLE, 1);
    expect(anew.low).toBeGreaterThan(noise.high);
    expectDocumented('noise, eight versions', noise, percent(noise.rate));
    expectDocumented('noise, eight receivers', anew, percent(noise.rate));

    const shifts = intersectShifts(eight, PEOPLE, DAYS);
    expect(shifts.rate).toBeCloseTo(1 / (2 * DAYS), 10);
    const narrowed = intersectShifts(drawnAnew, PEOPLE, DAYS);
    expect(narrowed.low).toBeGreaterThan(3 * shifts.rate);
    expectDocumented('shifted date, eight versions', shifts, percent(1 / (2 * DAYS)));
    expectDocumented('shifted date, eight receivers', narrowed, percent(1 / (2 * DAYS)));
  });
});

describe('means of two rounds', () => {
  const K = 10;
  /** Of 105 people the 15 who spend most are one group; what they spend lies far apart. */
  const spenders = makePeople(105, 12).map((person, index) => ({
    ...person,
    spent: (20 * 1.08 ** index).toFixed(2),
  }));
  const top = spenders.slice(-15);
  const terms = {
    columns: { ...PLAIN, spent: `{ type: "decimal(10,2)", role: plain, treatment: { microaggregate: { k: ${K} } } }` },
    privacy: '',
  };
  const values = top.map(({ spent }) => Number(spent));
  const within = (Math.max(...values) - Math.min(...values)) / 10;

  it('tell of who left hardly more than one round does; exact ones tell all', async () => {
    const left = top.filter((_, index) => index % 2 === 0);
    const without = left.map((leaver) => toCsv(spenders.filter((person) => person !== leaver)));
    const [first, ...later] = await releaseToAttack(terms, toCsv(spenders), ...without);
    const before = readGreatest(first!.rows.lab!);
    expect(before.rows).toBe(top.length);
    const found = subtractSums(
      before,
      later.map(({ rows }, index) => ({ after: readGreatest(rows.lab!), value: Number(left[index]!.spent) })),
      within,
    );
    const guessed = measureSuccess(
      values.length,
      values.filter((value) => Math.abs(value - before.mean) <= within).length,
    );
    expect(found.rate - guessed.rate).toBeLessThanOrEqual(1 / K);
    expectDocumented('means of two rounds', found, percent(guessed.rate));

    // The attack is a good one: where means are told to the last cent, it is right of everybody.
    const mean = (of: readonly number[]) => ({
      rows: of.length,
      mean: Math.round((100 * of.reduce((sum, value) => sum + value, 0)) / of.length) / 100,
    });
    const exact = values.map((value) => ({ after: mean(values.filter((other) => other !== value)), value }));
    const all = subtractSums(mean(values), exact, within / 100);
    expect(all.rate).toBe(1);
    expectDocumented('means of two rounds, exact', all, percent(guessed.rate));
  });
});

describe('a shift in a round of 31 days', () => {
  const window = ['2025-10-01', '2025-10-31'] as const;
  /** Ten days of October for each. */
  const people = PEOPLE.slice(0, 200);
  const delivery = toCsv(
    people.flatMap((person, index) =>
      Array.from({ length: 10 }, (_, row) => {
        const day = 1 + ((index * 17 + row * (7 + (index % 5)) + row * row) % 31);
        return { ...person, seen: `2025-10-${String(day).padStart(2, '0')}` };
      }),
    ),
  );

  it.each([
    [30, 'shift by up to 30 days, ten days known'],
    [7, 'shift by up to 7 days, ten days known'],
  ])('of up to %d days is narrowed by the days of the round', async (days, name) => {
    const seen = `{ type: date, role: plain, treatment: { dateShift: { days: ${days} } } }`;
    const [released] = await releaseToAttack({ columns: { ...PLAIN, seen }, privacy: '' }, delivery);
    const narrowed = narrowShifts(released!.rows.lab!, people, days, window);
    expect(narrowed.low).toBeGreaterThan(1 / (2 * days));
    expectDocumented(name, narrowed, percent(1 / (2 * days)));
  });
});
