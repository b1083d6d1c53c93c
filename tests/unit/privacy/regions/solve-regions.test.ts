import type { Generalisation } from '../../../../lib/domain/privacy/hierarchies/generalisation';
import { orderLeaves } from '../../../../lib/domain/privacy/hierarchies/leaf-order';
import type { PrivacyFloor } from '../../../../lib/domain/privacy/models/privacy-floor';
import { solveRegions } from '../../../../lib/domain/privacy/regions/solve-regions';
import { solveGeneralisation } from '../../../../lib/domain/privacy/search/solve-generalisation';
import { generateCensus } from '../generate-census';
import { poseTable, type ShownType } from '../pose-table';
import type { Hierarchy, Table } from '../table';

const FREE = { k: 1, l: [], t: [], suppressAtMost: 0 };

test('on a census less is lost than at any levels, and nobody is suppressed', () => {
  const problem = poseTable(generateCensus(600, { ...FREE, k: 5 }));
  const regions = solveRegions(problem);
  const levels = solveGeneralisation(problem);
  if (regions.kind !== 'solved' || levels.kind !== 'solved') throw new Error('It can be met.');
  expect(regions.loss).toBeLessThan(0.6 * levels.loss);
  expect(regions).toMatchObject({ suppressedRows: 0, levels: [], search: { mode: 'multidimensional' } });
  expect(regions.search.gap).toBeUndefined();
});

describe('regions that are not cut to the end', () => {
  const problem = poseTable(generateCensus(600, { ...FREE, k: 5 }));
  const exact = solveRegions(problem);

  test.each([0, 500, 2_000, 5_000])('after %d tuples: they keep the floor, lose more, and it is told', (classes) => {
    const ended = solveRegions({ ...problem, budget: { classes } });
    if (ended.kind !== 'solved' || exact.kind !== 'solved') throw new Error('It can be met.');
    expect(ended.search.endedBy).toBe('budget');
    expect(ended.search.gap).toBeUndefined();
    expect(ended.loss).toBeGreaterThan(exact.loss);
    const held = Array.from({ length: ended.classes }, () => new Set<string>());
    const { subjects, spanning } = problem.histogram;
    for (const [tuple, index] of ended.classOf.entries())
      for (let subject = 0; subject < subjects[tuple]!; subject++) held[index]!.add(`${tuple} ${subject}`);
    for (let subject = 0; subject + 1 < spanning.offsets.length; subject++)
      for (const tuple of spanning.tuples.subarray(spanning.offsets[subject], spanning.offsets[subject + 1]))
        held[ended.classOf[tuple]!]!.add(`spanning ${subject}`);
    expect(ended.suppressedRows).toBe(0);
    expect(Math.min(...held.map(({ size }) => size))).toBeGreaterThanOrEqual(5);
    expect(solveRegions({ ...problem, budget: { classes } })).toEqual(ended);
  });

  test('more time, less loss, down to that of all the time there is', () => {
    const budgets = [0, 500, 2_000, 5_000, Number.POSITIVE_INFINITY];
    const losses = budgets.map((classes) => {
      const found = solveRegions({ ...problem, budget: { classes } });
      return found.kind === 'solved' ? found.loss : Number.NaN;
    });
    expect(losses).toEqual(losses.toSorted((one, other) => other - one));
    expect(solveRegions({ ...problem, budget: { classes: Number.POSITIVE_INFINITY } })).toEqual(exact);
  });

  test('by a clock, that is asked before every cut', () => {
    let asked = 0;
    const shouldStop = () => ++asked > 3;
    const ended = solveRegions({ ...problem, budget: { classes: Number.POSITIVE_INFINITY, shouldStop } });
    expect(ended).toMatchObject({ kind: 'solved', search: { mode: 'multidimensional', endedBy: 'clock' } });
    expect(asked).toBe(4);
  });
});

const NUMBERS: Hierarchy = {
  kind: 'hierarchy',
  file: 'n.csv',
  rows: Array.from({ length: 10 }, (_, index) => [String(index), index < 5 ? 'low' : 'high']),
};
const LETTERS: Hierarchy = {
  kind: 'hierarchy',
  file: 'l.csv',
  rows: [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
    ['d', 'y'],
  ],
};

function shownOf(values: readonly (string | null)[], k: number, hierarchy: Generalisation, type: ShownType) {
  const rows = values.map((value, index) => ({ values: [value], subject: String(index), sensitive: 0 }));
  const columns = [{ name: 'c', hierarchy, weight: 1 }];
  const solution = solveRegions(poseTable({ columns, rows, sensitive: ['s'], floor: { ...FREE, k } }, type));
  if (solution.kind !== 'solved') return solution.kind;
  return Array.from(solution.shown[0]!.codes, (code) => solution.shown[0]!.values[code]);
}

describe('what a region of numbers loses', () => {
  test.each<[string, string[], number]>([
    ['leaves of the hierarchy that nobody has count where the interval holds them', ['0', '1', '2', '5', '7', '7'], 2],
    ['and where the bounds are open', ['3', '4', '6', '7'], 2],
  ])('%s', (_, values, k) => {
    const rows = values.map((value, index) => ({ values: [value], subject: String(index), sensitive: 0 }));
    const columns = [{ name: 'c', hierarchy: NUMBERS, weight: 1 }];
    const solution = solveRegions(poseTable({ columns, rows, sensitive: ['s'], floor: { ...FREE, k } }, 'integer'));
    if (solution.kind !== 'solved') throw new Error('It can be met.');
    const shown = solution.shown[0]!;
    const leavesOf = (text: string | null | undefined) => {
      const [, less, from, to, least] = /^(?:<(\d+)|\[(\d+),(\d+)\)|≥(\d+)|\d+)$/.exec(text ?? '') ?? [];
      if (less !== undefined) return Number(less);
      if (least !== undefined) return 10 - Number(least);
      return from === undefined ? 1 : Number(to) - Number(from);
    };
    const lost = values.reduce((sum, value) => {
      const tuple = poseTable(
        { columns, rows, sensitive: ['s'], floor: FREE },
        'integer',
      ).histogram.columns[0]!.values.indexOf(value);
      return sum + leavesOf(shown.values[shown.codes[solution.classOf[tuple]!]!]) / 10;
    }, 0);
    expect(solution.loss).toBeCloseTo(lost / values.length, 12);
    expect(solution.loss).toBeGreaterThan(0.2);
  });
});

test('several nodes lose all leaves that they show, whether the delivery has them or not', () => {
  const hierarchy: Hierarchy = {
    kind: 'hierarchy',
    file: 'l.csv',
    rows: ['a.x', 'b.y', 'c.y', 'e.y', 'd.z', 'f.z'].map((row) => row.split('.')),
  };
  const rows = ['a', 'a', 'a', 'b', 'c', 'd'].map((value, index) => ({
    values: [value],
    subject: String(index),
    sensitive: 0,
  }));
  const columns = [{ name: 'c', hierarchy, weight: 1 }];
  const { histogram, ladders } = poseTable({ columns, rows, sensitive: ['s'], floor: FREE });
  const [column] = histogram.columns;
  const order = orderLeaves(column!, histogram.rows, ladders[0]!, { kind: 'string' });
  const placeOf = (value: string) => order.placeOf[column!.values.indexOf(value)]!;
  const shareOf = (from: string, to: string) => 6 * order.shareOf(placeOf(from), placeOf(to));
  expect(order.show(placeOf('b'), placeOf('d'))).toBe('y | d');
  expect(shareOf('b', 'd')).toBeCloseTo(4, 12);
  expect(order.show(placeOf('a'), placeOf('b'))).toBe('a | b');
  expect(shareOf('a', 'b')).toBeCloseTo(2, 12);
  expect(shareOf('c', 'd')).toBeCloseTo(2, 12);
  expect(shareOf('a', 'd')).toBeCloseTo(6, 12);
});

describe('what a region shows', () => {
  test.each<[string, (string | null)[], number, Generalisation, ShownType, unknown]>([
    [
      'numbers, by where they were cut',
      ['0', '1', '2', '3', '4', '5', '6', '7'],
      2,
      NUMBERS,
      'integer',
      ['<2', '[2,5)', '≥5'],
    ],
    [
      'numbers without a hierarchy, by the finest width, whatever stands in it',
      ['-3', '1', '12', '13', '24', '31', '47', '58'],
      2,
      { kind: 'widths', widths: ['10', '50'] },
      'integer',
      ['<10', '[10,20)', '[20,40)', '≥40'],
    ],
    [
      'not even a number that all share',
      ['7', '7', '21', '21'],
      2,
      { kind: 'widths', widths: ['10'] },
      'integer',
      ['[0,10)', '[20,30)'],
    ],
    [
      'dates, by the finest period: a run of months by its ends, whatever lies between',
      ['2024-01-05', '2024-01-08', '2024-02-01', '2024-05-30', '2025-03-01', '2025-04-01', '2026-07-07', '2026-09-09'],
      2,
      { kind: 'dates', periods: ['month', 'year'] },
      'date',
      ['2024-01', '2024-02/2024-05', '2025', '2026'],
    ],
    [
      'missing dates with the earliest, where they must be',
      [null, '2024-01-05', '2024-03-08', '2025-02-01', '2025-02-28'],
      3,
      { kind: 'dates', periods: ['month', 'year'] },
      'date',
      ['*'],
    ],
    [
      'texts, by the longest prefix',
      ['80331', '80333', '80469', '80470'],
      2,
      { kind: 'prefixes', lengths: [4, 2] },
      'string',
      ['8033*', '8046* | 8047*'],
    ],
    ['a number alone, itself', ['3', '3', '9', '9'], 2, NUMBERS, 'integer', ['3', '9']],
    ['a node of the hierarchy', ['a', 'b', 'c', 'd'], 2, LETTERS, 'string', ['x', 'y']],
    ['several nodes', ['a', 'a', 'b', 'c'], 2, LETTERS, 'string', ['a', 'b | c']],
    ['missing values by themselves', [null, null, 'a', 'b'], 2, LETTERS, 'string', [null, 'x']],
    ['all', ['a', 'c'], 2, LETTERS, 'string', ['*']],
    ['what cannot be generalised, as it is', ['a', 'a', 'b', 'b'], 2, { kind: 'none' }, 'string', ['a', 'b']],
    ['nothing where it cannot be met', ['a', 'a', 'b'], 2, { kind: 'none' }, 'string', 'unreachable'],
    ['nothing of nobody', [], 2, LETTERS, 'string', []],
  ])('%s', (_, values, k, hierarchy, type, expected) => {
    expect(shownOf(values, k, hierarchy, type)).toEqual(expected);
  });
});

describe('people who are followed over regions', () => {
  const floor: PrivacyFloor = { ...FREE, risk: { maximum: 0.5 } };
  const follow = (people: readonly string[], ways: readonly Hierarchy[]): Table => ({
    columns: ways.map((hierarchy, index) => ({ name: `c${index}`, hierarchy, weight: 1 })),
    rows: people.flatMap((places, index) =>
      places.split('/').map((place) => ({ values: place.split(''), subject: String(index), sensitive: 0 })),
    ),
    sensitive: ['s'],
    floor,
    isFollowed: true,
  });
  function showRegions(table: Table) {
    const solution = solveRegions(poseTable(table));
    if (solution.kind !== 'solved') return solution;
    const { shown, classes } = solution;
    return Array.from({ length: classes }, (_, index) =>
      shown.map(({ values, codes }) => values[codes[index]!]).join(' '),
    );
  }
  const kept: Hierarchy = { kind: 'none' };
  const four = ['aa/ba', 'aa/bc', 'ac/ba', 'ac/bc'];

  test('a region is not cut where that leaves somebody alone with their set of regions', () => {
    expect(showRegions(follow(four, [kept, LETTERS]))).toEqual(['a a', 'a c', 'b *']);
    expect(showRegions({ ...follow(four, [kept, LETTERS]), isFollowed: false })).toEqual(['a a', 'a c', 'b a', 'b c']);
  });

  test('which is cut does not follow from the order of rows', () => {
    expect(showRegions(follow(four.toReversed(), [kept, LETTERS]))).toEqual(['a a', 'a c', 'b *']);
    const swapped = four.map((places) => places.split('/').toReversed().join('/'));
    expect(showRegions(follow(swapped, [kept, LETTERS]))).toEqual(['a a', 'a c', 'b *']);
  });

  test('whose rows are all in one region are with those who have one row there', () => {
    const people = ['aa', 'aa/ab', 'ac', 'ac/ad', 'ca', 'ca/cb', 'cc', 'cc/cd'];
    expect(showRegions(follow(people, [LETTERS, LETTERS]))).toEqual(['a x', 'a y', 'c x', 'c y']);
  });

  test('somebody alone where regions cannot be merged: those of fewest rows are left out, or it is said why not', () => {
    const people = ['aa', 'aa', 'ab', 'ba', 'ba', 'aa/ba', 'ca', 'ca'];
    const table = follow(people, [kept, LETTERS]);
    expect(showRegions({ ...table, floor: { ...floor, suppressAtMost: 0.4 } })).toEqual(['a x', 'c x']);
    expect(showRegions(table)).toEqual({
      kind: 'unreachable',
      reason:
        'At the most general levels, of 9 rows 3 are in classes that hold somebody who can be followed over a set of classes that fewer than 2 subjects share; 0 may be suppressed.',
      remedy:
        'Raise suppressAtMost to at least 33.4 %, or drop the column by which a subject can be followed over its rows, or deliver more subjects.',
    });
  });

  test('an average that each group is to keep: what to raise it to', () => {
    const table = follow(['aa', 'aa', 'aa', 'ba', 'ba', 'ba', 'aa/ba', 'aa/ba'], [kept, LETTERS]);
    expect(showRegions({ ...table, floor: { ...FREE, risk: { average: 0.35 } } })).toMatchObject({
      remedy:
        'Raise risk.average to 0.5, or drop the column by which a subject can be followed over its rows, or deliver more subjects.',
    });
  });
});

test('a region too small for the average of each: it is said, and what to raise it to', () => {
  const people = [...Array.from({ length: 6 }, () => 'a'), ...Array.from({ length: 94 }, () => 'b')];
  const rows = people.map((value, index) => ({ values: [value], subject: String(index), sensitive: 0 }));
  const columns = [{ name: 'c', hierarchy: { kind: 'none' as const }, weight: 1 }];
  const floor = { ...FREE, risk: { average: 0.1 } };
  expect(solveRegions(poseTable({ columns, rows, sensitive: ['s'], floor }))).toEqual({
    kind: 'unreachable',
    reason:
      'At the most general levels, of 100 rows 6 are in classes that hold fewer than 10 subjects, which an average risk of 0.1 asks of each region; 0 may be suppressed.',
    remedy: 'Raise suppressAtMost to at least 6 %, or raise risk.average to 0.167, or deliver more subjects.',
  });
});
