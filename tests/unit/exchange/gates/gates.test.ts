import {
  judgeCleaning,
  judgeHierarchies,
  judgeSolution,
  judgeVerification,
} from '../../../../lib/domain/exchange/gates/gates';
import type { SearchRecord, Solution } from '../../../../lib/domain/privacy/search/solution';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const dataset = TELCO_RETAIL_PLAN.datasets[0]!;
const rejectAbove = (share: number) => ({ ...dataset, clean: { ...dataset.clean, rejectAbove: share } });
const counts = (rejected: number, received: number) => ({
  rejected,
  received,
  rejectedBy: [{ reason: 'age: not an integer', rows: rejected }],
});

describe('the cleaning gate', () => {
  it.each([
    [0, 1000, 0, true],
    [20, 1000, 0.02, true],
    [21, 1000, 0.02, false],
    [1, 1000, 0, false],
    [999, 1000, 1, true],
    [1000, 1000, 1, false],
  ])('%d rejected of %d, at most %d: %s', (rejected, received, share, passed) => {
    expect(judgeCleaning(rejectAbove(share), counts(rejected, received)).passed).toBe(passed);
  });

  it('says how many, how many are allowed, and what is wrong most often', () => {
    expect(judgeCleaning(rejectAbove(0.02), counts(1234, 20000))).toEqual({
      gate: 'cleaning',
      passed: false,
      finding: '1,234 of 20,000 rows (6.17 %) were rejected; the agreement refuses a delivery above 2 %.',
      remedy:
        'Correct the rejected rows, which on one machine the quarantine file lists, and deliver again. Most frequent: age: not an integer: 1,234 rows.',
    });
  });
});

describe('the hierarchy gate', () => {
  const unknown = {
    kind: 'unknown-values',
    column: 'segment',
    file: 'segment.csv',
    count: 3,
    values: ['gold', 'sil"ver'],
  } as const;

  it('passes when no value is unknown', () => {
    expect(judgeHierarchies([]).passed).toBe(true);
  });

  it('counts in words that fit one value too', () => {
    const one = { ...unknown, count: 1, values: ['gold'] };
    expect(judgeHierarchies([one]).finding).toBe('segment.csv lacks a value of column segment.');
  });

  it('names the values in the detail alone', () => {
    const { passed, finding, remedy, detail } = judgeHierarchies([unknown]);
    expect(passed).toBe(false);
    expect(finding).toBe('segment.csv lacks 3 values of column segment.');
    expect(`${finding} ${remedy}`).not.toContain('gold');
    expect(detail).toBe('The values are segment: "gold", "sil\\"ver" and 1 more.');
  });
});

describe('the privacy gate', () => {
  it('hands on why no solution exists', () => {
    expect(judgeSolution({ kind: 'unreachable', reason: 'why', remedy: 'what' })).toEqual({
      gate: 'privacy',
      passed: false,
      finding: 'why',
      remedy: 'what',
    });
  });
});

describe('a search that came to no end', () => {
  const solution: Solution = {
    kind: 'solved',
    levels: [],
    levelCounts: [3],
    classes: 12,
    classOf: new Int32Array(),
    shown: [],
    suppressedRows: 0,
    loss: 0.25,
    lattice: { nodes: 12, checked: 20 },
    search: { mode: 'multidimensional', metric: 'loss', cost: 0.25 },
  };
  const { search } = solution;

  it.each<[string, SearchRecord, string]>([
    ['regions to the end', search, 'each as small as the floor lets it be'],
    [
      'regions by the clock',
      { ...search, endedBy: 'clock' },
      'as small as the search made them before its time was over',
    ],
    [
      'levels by the clock',
      { ...search, mode: 'full-domain', gap: 0.031, endedBy: 'clock' },
      'before its time was over); proven to be within 3.1 % of the least',
    ],
  ])('%s: says what is proven', (_, record, said) => {
    expect(judgeSolution({ ...solution, search: record })).toMatchObject({
      passed: true,
      finding: expect.stringContaining(said),
    });
  });
});

describe('the verification gate', () => {
  it.each([
    [[], 10, true],
    [['k is 4, not 5'], 10, false],
    [[], 0, false],
  ])('%j with %d rows released: %s', (failures, released, passed) => {
    expect(judgeVerification(failures, released).passed).toBe(passed);
  });
});
