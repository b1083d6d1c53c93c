import { downcodeLevels, guessGroup } from './attack-downcoding';
import { downcodeJointly } from './attack-jointly';
import { attackLevels, attackRegions, attackSuppressed, explainLevels, type Held } from './attack-minimality';
import { compareSuccess, expectDocumented, percent } from './expect-documented';
import { makePeople, type Person, toCsv } from './people';
import { type Released, releaseToAttack } from './release-to-attack';
import { measureSuccess } from './success';

const POPULATION = makePeople(6000, 1);
const MEMBERS = POPULATION.slice(0, 3000);
const HOLDOUT = POPULATION.slice(3000);
/** Others of the same kind, of whom an attacker knows how many live where. */
const PUBLIC = makePeople(6000, 2);

const attacked = (released: Released | undefined, members: readonly Person[], k: number, l: number): Held => {
  expect(released!.outcome.kind).toBe('delivered');
  return { rows: released!.rows.lab!, members, k, l };
};

/** Every age, postcode and sex that there is. */
const VALUES = [...new Set(POPULATION.map(({ zip }) => zip))].flatMap((zip) =>
  Array.from({ length: 72 }, (_, at) => at + 18).flatMap((age) => [
    { age, zip, sex: 'f' as const },
    { age, zip, sex: 'm' as const },
  ]),
);

async function makeRelease(k: number, l: number, rest: string): Promise<Held> {
  const privacy = `{ k: ${k}, l: { illness: ${l} }, suppressAtMost: ${rest} }`;
  const [released] = await releaseToAttack({ privacy }, toCsv(MEMBERS));
  return attacked(released, MEMBERS, k, l);
}

const USUAL = makeRelease(10, 2, '5%');

/** Thirty deliveries of eight people in their forties, of whom the age alone is released. */
async function releaseEights(): Promise<readonly Held[]> {
  const columns = {
    zip: '{ type: string, role: quasi, treatment: drop }',
    sex: '{ type: string, role: quasi, treatment: drop }',
  };
  const privacy = '{ k: 2, l: { illness: 2 }, suppressAtMost: 0% }';
  const forties = POPULATION.filter(({ age }) => age >= 40 && age < 50).map((person) => ({
    ...person,
    illness: ['flu', 'cancer'].includes(person.illness) ? 'ill' : 'none',
  }));
  const eights = Array.from({ length: 30 }, (_, place) => forties.slice(8 * place, 8 * place + 8));
  // Where all eight have the same nothing is released, and there is nothing to attack.
  return (await releaseToAttack({ columns, privacy }, ...eights.map(toCsv))).flatMap((released, place) =>
    released.outcome.kind === 'delivered' ? [attacked(released, eights[place]!, 2, 2)] : [],
  );
}

const NOBODY = percent(0);

describe('minimality, to whoever knows who is in the delivery', () => {
  it('tells of nobody by regions of the usual floor, little of few where l is high, and much where k is small', async () => {
    const usual = attackRegions(await makeRelease(10, 2, '5%, mode: multidimensional'));
    const diverse = attackRegions(await makeRelease(10, 4, '5%, mode: multidimensional'));
    const small = attackRegions(await makeRelease(2, 2, '5%, mode: multidimensional'));
    expect(usual.success.tried).toBe(0);
    expect(diverse.success.tried).toBeLessThan(0.05 * MEMBERS.length);
    expect(diverse.difference.low).toBeLessThanOrEqual(0);
    expect(diverse.difference.high).toBeLessThan(0.2);
    expect(small.difference.low).toBeGreaterThan(0);
    const told = [usual, diverse, small].map(({ success }) => measureSuccess(MEMBERS.length, success.tried));
    expectDocumented('minimality of regions, of whom it tells', told[0]!, NOBODY);
    expectDocumented('minimality of regions, l = 4, of whom it tells', told[1]!, NOBODY);
    expectDocumented('minimality of regions, l = 4', diverse.success, percent(diverse.base));
    expectDocumented('minimality of regions, l = 4, difference', diverse.difference, percent(0));
    expectDocumented('minimality of regions, k = 2, of whom it tells', told[2]!, NOBODY);
    expectDocumented('minimality of regions, k = 2', small.success, percent(small.base));
    expectDocumented('minimality of regions, k = 2, difference', small.difference, percent(0));
  });

  it('tells nothing by the levels of many people, which follow from what is known already', async () => {
    const usual = explainLevels(await USUAL, [1, 5, 10, 20]);
    expect(usual.length).toBeGreaterThan(3);
    expect(Math.min(...usual)).toBeGreaterThan(0.05);
    const finer = { widths: [1, 5, 10, 20], lengths: [4, 3, 2], suppressAtMost: 0.05 };
    const many = downcodeLevels(await USUAL, finer, VALUES);
    expect(many.narrowed).toBe(0);
    const told = measureSuccess(many.members, many.narrowed);
    expectDocumented('downcoding of levels, of whom it tells', told, NOBODY);
    const nearlyAll = downcodeJointly(await USUAL, finer, VALUES, { unknown: 2900, sets: 1, ways: 50 });
    expect(nearlyAll.certain).toBeGreaterThan(100);
    expect(nearlyAll.possible).toBe(50);
    const jointly = measureSuccess(nearlyAll.members, nearlyAll.told);
    expectDocumented('downcoding of levels, 2,900 unknown, of whom it tells', jointly, NOBODY);
  });

  it('tells much by the levels of eight people: what they have, and how old exactly somebody is', async () => {
    const held = await releaseEights();
    const ages = Array.from({ length: 10 }, (_, at) => ({ age: at + 40, zip: '', sex: 'f' as const }));
    const finer = { widths: [1, 5, 10, 20], lengths: [], suppressAtMost: 0 };
    const downcoded = held.map((each) => downcodeLevels(each, finer, ages));
    const add = (of: 'members' | 'narrowed' | 'right' | 'base') => downcoded.reduce((sum, each) => sum + each[of], 0);
    const told = measureSuccess(add('members'), add('narrowed'));
    const [inside, base] = [measureSuccess(told.right, add('right')), add('base') / told.right];
    const gain = compareSuccess(inside, { ...inside, rate: base, low: base, high: base });
    expect(told.low).toBeGreaterThan(0.01);
    expect(gain.rate).toBeGreaterThan(0);
    expectDocumented('downcoding of levels, eight people, of whom it tells', told, NOBODY);
    expectDocumented('downcoding of levels, eight people', inside, percent(base));
    expectDocumented('downcoding of levels, eight people, difference', gain, percent(0));

    const jointly = [2, 4, 8].map((unknown) => {
      const each = held.map((own) => downcodeJointly(own, finer, ages, { unknown, sets: 8, ways: 5000 }));
      const sum = (of: 'members' | 'told' | 'right' | 'base') => each.reduce((total, own) => total + own[of], 0);
      const name = `downcoding of levels, eight people, ${unknown} unknown`;
      expectDocumented(`${name}, of whom it tells`, measureSuccess(sum('members'), sum('told')), NOBODY);
      if (sum('told') > 0)
        expectDocumented(name, measureSuccess(sum('told'), sum('right')), percent(sum('base') / sum('told')));
      return { told: sum('told'), right: sum('right'), base: sum('base') };
    });
    const [two, four, all] = jointly;
    expect(two!.told).toBeGreaterThan(0.05 * told.tried);
    expect(two!.right).toBeGreaterThan(two!.base);
    expect(four!.told).toBeLessThan(two!.told);
    expect(all!.told).toBe(0);

    const few = attackLevels(held, [1, 5, 10, 20]);
    expect(few.difference.low).toBeGreaterThan(0);
    expectDocumented('minimality of levels, eight people', few.success, percent(few.base));
    expectDocumented('minimality of levels, eight people, difference', few.difference, percent(0));
  }, 180_000);

  it('tells nothing of who was left out of the usual release, and what they have where two are a group', async () => {
    const usual = attackSuppressed(await USUAL, HOLDOUT);
    expect(usual.inside.tried).toBe(0);
    expectDocumented('left out, of whom it tells', measureSuccess(MEMBERS.length, usual.inside.tried), NOBODY);
    const group = guessGroup(await USUAL, HOLDOUT, PUBLIC);
    expect(compareSuccess(group.inside, group.outside).low).toBeLessThanOrEqual(0);
    expectDocumented('left out, which group', group.inside, percent(group.outside.rate));
    expectDocumented('left out, which group, difference', compareSuccess(group.inside, group.outside), percent(0));
    const { inside, outside } = attackSuppressed(await makeRelease(2, 2, '20%'), HOLDOUT);
    const difference = compareSuccess(inside, outside);
    expect(difference.low).toBeGreaterThan(0);
    expectDocumented('left out, k = 2', inside, percent(outside.rate));
    expectDocumented('left out, k = 2, difference', difference, percent(0));
  });
});
