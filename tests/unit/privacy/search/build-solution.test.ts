import fc from 'fast-check';
import { buildLadder } from '../../../../lib/domain/privacy/hierarchies/build-ladder';
import type { Generalisation } from '../../../../lib/domain/privacy/hierarchies/generalisation';
import type { Ladder } from '../../../../lib/domain/privacy/hierarchies/ladder';
import type { Histogram } from '../../../../lib/domain/privacy/histogram/histogram';
import { solveGeneralisation } from '../../../../lib/domain/privacy/search/solve-generalisation';

const floor = { k: 5, l: [], t: [], suppressAtMost: 0 };
const ages: Generalisation = { kind: 'widths', widths: ['50'] };
const towns: Generalisation = { kind: 'prefixes', lengths: [1] };

/** Six people per town; each town's ages lie between 0 and 49. */
function solveTowns(youngest: Readonly<Record<string, number>>) {
  const people = Object.entries(youngest).flatMap(([town, age]) =>
    [0, 1, 2, 3, 4, 5].map((i) => ({ town, age: age + i * 7 })),
  );
  const ageValues = [...new Set(people.map(({ age }) => age))].sort((a, b) => a - b).map(String);
  const townValues = Object.keys(youngest).sort();
  // As an engine counts them: tuples by rising age, then town.
  const tuples = people.toSorted((a, b) => a.age - b.age || (a.town < b.town ? -1 : 1));
  const ones = new Uint32Array(tuples.length).fill(1);
  const histogram: Histogram = {
    tuples: tuples.length,
    columns: [
      { name: 'age', values: ageValues, codes: Uint32Array.from(tuples, ({ age }) => ageValues.indexOf(String(age))) },
      { name: 'town', values: townValues, codes: Uint32Array.from(tuples, ({ town }) => townValues.indexOf(town)) },
    ],
    rows: ones,
    subjects: ones,
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: [],
  };
  const ladders = [
    buildLadder(ages, { kind: 'integer' }, histogram.columns[0]!),
    buildLadder(towns, { kind: 'string' }, histogram.columns[1]!),
  ] as Ladder[];
  const solution = solveGeneralisation({ histogram, ladders, weights: [1, 1], floor });
  if (solution.kind !== 'solved') throw new Error(solution.reason);
  return solution.shown.map(({ values, codes }) => [...codes].map((code) => values[code]));
}

describe('the classes of a solution', () => {
  it('come in the order of what they show', () => {
    const [shownAges, shownTowns] = solveTowns({ Zell: 1, Kiel: 2, Mainz: 3, Aachen: 4, Bonn: 5 });
    expect(new Set(shownAges)).toEqual(new Set(['[0,50)']));
    expect(shownTowns).toEqual(['Aachen', 'Bonn', 'Kiel', 'Mainz', 'Zell']);
  });

  it('come in the same order whatever values were generalised away', () => {
    const anyYoungest = fc.record({
      Zell: fc.integer({ min: 0, max: 14 }),
      Kiel: fc.integer({ min: 0, max: 14 }),
      Aachen: fc.integer({ min: 0, max: 14 }),
    });
    fc.assert(
      fc.property(anyYoungest, anyYoungest, (one, other) => {
        expect(solveTowns(one)).toEqual(solveTowns(other));
      }),
    );
  });
});

describe('l-diversity', () => {
  const one = (values: readonly (string | null)[]): Histogram => ({
    tuples: 1,
    columns: [{ name: 'town', values: ['Aachen'], codes: Uint32Array.of(0) }],
    rows: Uint32Array.of(10 * values.length),
    subjects: Uint32Array.of(10 * values.length),
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: [
      {
        name: 'illness',
        values,
        offsets: Uint32Array.of(0, values.length),
        codes: Uint32Array.from(values, (_, code) => code),
        rows: Uint32Array.from(values, () => 10),
      },
    ],
  });
  it.each([
    [['flu', 'gout'], 'solved'],
    [['flu', null], 'unreachable'],
    [['flu', 'gout', null], 'solved'],
  ] as const)('of %j is %s for l = 2: a gap is no second value', (values, kind) => {
    const histogram = one(values);
    const ladders = [buildLadder({ kind: 'none' }, { kind: 'string' }, histogram.columns[0]!)] as Ladder[];
    const solution = solveGeneralisation({
      histogram,
      ladders,
      weights: [1],
      floor: { ...floor, l: [{ column: 'illness', atLeast: 2 }] },
    });
    expect(solution.kind).toBe(kind);
  });
});
