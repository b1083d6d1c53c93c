import { expectDocumented, percent } from './expect-documented';
import { makePeople, toCsv } from './people';
import { releaseToAttack } from './release-to-attack';
import { averageNoise, intersectShifts } from './repeated-attacks';

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
