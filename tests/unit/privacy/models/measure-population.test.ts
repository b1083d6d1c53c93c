import type { PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import { measurePopulation } from '../../../../lib/domain/privacy/models/measure-population';
import type { PrivacyFloor } from '../../../../lib/domain/privacy/models/privacy-floor';
import { thresholdOf } from '../../../../lib/domain/privacy/models/sample-threshold';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const DATASET: PlannedDataset = {
  ...TELCO_RETAIL_PLAN.datasets[0]!,
  classColumns: [{ column: 'postcode', generalisation: { kind: 'prefixes', lengths: [1] }, weight: 1 }],
};
const FLOOR: PrivacyFloor = { k: 2, l: [], t: [], suppressAtMost: 0 };
const TOWNS: PrivacyFloor['population'] = {
  kind: 'counts',
  file: 'people.csv',
  rows: [
    { values: ['Aston'], subjects: 40 },
    { values: ['Arden'], subjects: 60 },
    { values: ['Bexley'], subjects: 10 },
    { values: [null], subjects: 5 },
  ],
};

describe('where the population is counted', () => {
  const measure = (subjects: readonly number[], shown: readonly (string | null)[], floor: Partial<PrivacyFloor>) =>
    measurePopulation(DATASET, { ...FLOOR, population: TOWNS, ...floor }, Uint32Array.from(subjects), [shown]);
  const presence = { atLeast: 0, atMost: 1 };

  test.each<[string, readonly number[], readonly (string | null)[], object]>([
    [
      'values as they are stand for those who have them',
      [4, 3],
      ['Aston', 'Bexley'],
      { kMap: 10, presence: { least: 0.1, greatest: 0.3 } },
    ],
    ['a prefix, for all who share it', [20, 3], ['A*', 'B*'], { kMap: 10, presence: { least: 0.2, greatest: 0.3 } }],
    ['all, for everybody', [23], ['*'], { kMap: 115, presence: { least: 0.2, greatest: 0.2 } }],
    ['a missing value, for those who lack one', [1], [null], { kMap: 5, presence: { least: 0.2, greatest: 0.2 } }],
    // Nobody of the population is there: more than all of them are in the release.
    [
      'what the population does not have, for nobody',
      [4],
      ['Corby'],
      { kMap: 0, presence: { least: Infinity, greatest: Infinity } },
    ],
  ])('%s', (_, subjects, shown, expected) => {
    expect(measure(subjects, shown, { kMap: 2, presence })).toEqual(expected);
  });

  test('a group that has the name of a value in it stands for all of its members, where its level is told', () => {
    const rows = [
      ['Aston', 'Aston'],
      ['Arden', 'Aston'],
      ['Bexley', 'Bexley'],
      ['', ''],
    ];
    const generalisation = { kind: 'hierarchy', file: 'towns.csv', rows } as const;
    const dataset = { ...DATASET, classColumns: [{ column: 'postcode', generalisation, weight: 1 }] };
    const floor = { ...FLOOR, population: TOWNS, presence };
    const measureAt = (levels?: readonly number[]) =>
      measurePopulation(dataset, floor, Uint32Array.of(20), [['Aston']], levels);
    expect(measureAt([1])).toEqual({ presence: { least: 0.2, greatest: 0.2 } });
    expect(measureAt([0])).toEqual({ presence: { least: 0.5, greatest: 0.5 } });
    expect(measureAt()).toEqual(measureAt([0]));
    // Nobody is shown so at that level.
    expect(measureAt([2])).toEqual({ presence: { least: Infinity, greatest: Infinity } });
  });

  test('only what the floor asks for is measured, and nothing where the engine did not tell what classes show', () => {
    expect(measure([4], ['Aston'], { kMap: 2 })).toEqual({ kMap: 40 });
    expect(measure([4], ['Aston'], { presence })).toEqual({ presence: { least: 0.1, greatest: 0.1 } });
    const floor = { ...FLOOR, population: TOWNS, kMap: 2 };
    expect(measurePopulation(DATASET, floor, Uint32Array.of(4), undefined)).toEqual({});
    expect(measurePopulation(DATASET, floor, new Uint32Array(), [[]])).toEqual({});
  });
});

describe('where only its size is known', () => {
  const estimate = (subjects: readonly number[], population: number) =>
    measurePopulation(
      DATASET,
      { ...FLOOR, kMap: 2, population: { kind: 'size', subjects: population } },
      Uint32Array.from(subjects),
      undefined,
    ).kMap!;

  test('everybody in the delivery: a class stands for itself', () => {
    expect(estimate([7, 9], 16)).toBe(7);
  });

  test.each([
    [[5, 20], 250],
    [[10, 90], 1_000],
    [[50, 50], 1_000],
  ])('%j of %d: the greatest k-map whose threshold the smallest class reaches', (subjects, population) => {
    const found = estimate(subjects, population);
    const fraction = subjects.reduce((sum, count) => sum + count) / population;
    const smallest = Math.min(...subjects);
    expect(thresholdOf(found, fraction)).toBeLessThanOrEqual(smallest);
    expect(thresholdOf(found + 1, fraction)).toBeGreaterThan(smallest);
    // A class of a sample never stands for more than its share of the population would, but for chance.
    expect(found).toBeLessThanOrEqual(smallest / fraction);
    expect(found).toBeGreaterThanOrEqual(smallest);
  });

  test('not asked for, not estimated', () => {
    const floor: PrivacyFloor = { ...FLOOR, population: { kind: 'size', subjects: 9 } };
    expect(measurePopulation(DATASET, floor, Uint32Array.of(3), undefined)).toEqual({});
  });
});
