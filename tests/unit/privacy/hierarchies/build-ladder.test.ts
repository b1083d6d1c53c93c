import type { ColumnType } from '../../../../lib/domain/agreement/plan/plan';
import { buildLadder } from '../../../../lib/domain/privacy/hierarchies/build-ladder';
import type { Ladder } from '../../../../lib/domain/privacy/hierarchies/ladder';
import { climb, hierarchy, prefixes, type Values, widths } from '../climb';

const STRING: ColumnType = { kind: 'string' };
const INTEGER: ColumnType = { kind: 'integer' };
const DOUBLE: ColumnType = { kind: 'double' };
const DATE: ColumnType = { kind: 'date' };
const TIMESTAMP: ColumnType = { kind: 'timestamp' };
const DECIMAL: ColumnType = { kind: 'decimal', precision: 18, scale: 4 };

/** Per level, what each value shows. */
function show(ladder: Ladder): Values[] {
  return ladder.levels.map(({ shown, codes }) => Array.from(codes, (code) => shown[code]!));
}

/** Per level, the share of what each value shows. */
function share(ladder: Ladder): number[][] {
  return ladder.levels.map(({ shares, codes }) => Array.from(codes, (code) => shares[code]!));
}

describe('widths', () => {
  test.each<[string, ColumnType, string, string]>([
    ['34', INTEGER, '5', '[30,35)'],
    ['35', INTEGER, '5', '[35,40)'],
    ['0', INTEGER, '5', '[0,5)'],
    ['-1', INTEGER, '5', '[-5,0)'],
    ['-5', INTEGER, '5', '[-5,0)'],
    ['-6', INTEGER, '5', '[-10,-5)'],
    ['12.5000', DECIMAL, '5', '[10,15)'],
    ['-0.0001', DECIMAL, '5', '[-5,0)'],
    ['0.3000', DECIMAL, '0.1', '[0.3,0.4)'],
    ['0.7', DOUBLE, '0.1', '[0.7,0.8)'],
    ['1.25', DOUBLE, '0.50', '[1,1.5)'],
    ['-0.0', DOUBLE, '5', '[0,5)'],
    ['1e+20', DOUBLE, '5', '[100000000000000000000,100000000000000000005)'],
    ['1e20', DOUBLE, '1000', '[100000000000000000000,100000000000000001000)'],
    ['1.5e-07', DOUBLE, '0.1', '[0,0.1)'],
    ['-1.5E-7', DOUBLE, '0.1', '[-0.1,0)'],
    ['1.5e-07', DOUBLE, '1e-7', '[0.0000001,0.0000002)'],
    [
      '99999999999999999999999999999999999999',
      { kind: 'decimal', precision: 38, scale: 0 },
      '10',
      '[99999999999999999999999999999999999990,100000000000000000000000000000000000000)',
    ],
  ])('%s of type %o in steps of %s is in %s', (value, type, width, interval) => {
    expect(show(climb(widths(width), type, [value]))).toEqual([[value], [interval], ['*']]);
  });

  test('one level per width, then everything; shares count the values present', () => {
    const ladder = climb(widths('5', '10'), INTEGER, ['31', '34', '36', null, '99']);
    expect(show(ladder)).toEqual([
      ['31', '34', '36', null, '99'],
      ['[30,35)', '[30,35)', '[35,40)', null, '[95,100)'],
      ['[30,40)', '[30,40)', '[30,40)', null, '[90,100)'],
      ['*', '*', '*', '*', '*'],
    ]);
    expect(share(ladder)).toEqual([
      [0.2, 0.2, 0.2, 0.2, 0.2],
      [0.4, 0.4, 0.2, 0.2, 0.2],
      [0.6, 0.6, 0.6, 0.2, 0.2],
      [1, 1, 1, 1, 1],
    ]);
  });

  test('infinite doubles have no interval and are shown as they are', () => {
    const ladder = climb(widths('5'), DOUBLE, ['inf', '-inf', 'nan', '1.0']);
    expect(show(ladder)[1]).toEqual(['inf', '-inf', 'nan', '[0,5)']);
  });

  test('a value that is no number stops the release, without being told', () => {
    expect(() => climb(widths('5'), INTEGER, ['1', 'O7'])).toThrow('Column column holds a value that is not a number.');
  });
});

describe('prefixes', () => {
  test('keep the first characters, by code points', () => {
    const ladder = climb(prefixes(3, 1), STRING, ['SW1A', 'SW1B', '𝔘𝔫𝔦𝔠', 'S', '', null]);
    expect(show(ladder)).toEqual([
      ['SW1A', 'SW1B', '𝔘𝔫𝔦𝔠', 'S', '', null],
      ['SW1*', 'SW1*', '𝔘𝔫𝔦*', 'S*', '*', null],
      ['S*', 'S*', '𝔘*', 'S*', '*', null],
      ['*', '*', '*', '*', '*', '*'],
    ]);
  });
});

describe('dates', () => {
  test('level 0 of a timestamp is its full text, a day has no time', () => {
    const ladder = climb({ kind: 'dates', periods: ['day', 'month', 'quarter', 'year', 'decade'] }, TIMESTAMP, [
      '2026-03-05 10:00:00',
      '2026-03-05 11:30:00.5',
      null,
    ]);
    expect(show(ladder)).toEqual([
      ['2026-03-05 10:00:00', '2026-03-05 11:30:00.5', null],
      ['2026-03-05', '2026-03-05', null],
      ['2026-03', '2026-03', null],
      ['2026-Q1', '2026-Q1', null],
      ['2026', '2026', null],
      ['2020s', '2020s', null],
      ['*', '*', '*'],
    ]);
  });

  test('infinite dates have no period and are shown as they are', () => {
    const ladder = climb({ kind: 'dates', periods: ['year'] }, DATE, ['infinity', '-infinity', '2026-03-05']);
    expect(show(ladder)[1]).toEqual(['infinity', '-infinity', '2026']);
  });

  test('a value that is no date stops the release, without being told', () => {
    const build = () => climb({ kind: 'dates', periods: ['year'] }, DATE, ['5 March']);
    expect(build).toThrow('Column column holds a value that is not a date.');
  });
});

describe('hierarchy', () => {
  const jobs = hierarchy('nurse;health;any doctor;health;any smith;craft;any');

  test('shares count the leaves of the file, not the values present', () => {
    const ladder = climb(jobs, STRING, ['doctor', 'smith']);
    expect(show(ladder)).toEqual([
      ['doctor', 'smith'],
      ['health', 'craft'],
      ['any', 'any'],
    ]);
    expect(share(ladder)).toEqual([
      [1 / 3, 1 / 3],
      [2 / 3, 1 / 3],
      [1, 1],
    ]);
  });

  test('null is one leaf more, and joins the others at the top', () => {
    const ladder = climb(jobs, STRING, ['nurse', null]);
    expect(show(ladder)).toEqual([
      ['nurse', null],
      ['health', null],
      ['any', 'any'],
    ]);
    expect(share(ladder)).toEqual([
      [1 / 4, 1 / 4],
      [2 / 4, 1 / 4],
      [1, 1],
    ]);
  });

  test('null takes the place of an empty leaf', () => {
    const ladder = climb(hierarchy('a;x;* ;none;*'), STRING, ['a', null]);
    expect(show(ladder)).toEqual([
      ['a', null],
      ['x', 'none'],
      ['*', '*'],
    ]);
    expect(share(ladder)[0]).toEqual([0.5, 0.5]);
  });

  test('a file that does not end in one value gets one level more', () => {
    expect(show(climb(hierarchy('a;x b;y'), STRING, ['a', 'b']))).toEqual([
      ['a', 'b'],
      ['x', 'y'],
      ['*', '*'],
    ]);
  });

  test.each<[ColumnType, string, string]>([
    [DECIMAL, '39.0000', '39'],
    [DOUBLE, '39.0', '39'],
    [DOUBLE, '1e+20', '100000000000000000000'],
    [INTEGER, '-5', '-5.0'],
    [INTEGER, '7', ' 7'],
    [DOUBLE, 'nan', 'nan'],
    [{ kind: 'boolean' }, 'true', 'true'],
    [DATE, '2026-03-05', '2026-03-05'],
  ])('a column of type %o finds %s under leaf «%s»', (type, value, leaf) => {
    const ladder = climb(
      {
        kind: 'hierarchy',
        file: 'values.csv',
        rows: [
          [leaf, 'x'],
          ['0', 'y'],
        ],
      },
      type,
      [value],
    );
    expect(show(ladder)).toEqual([[value], ['x'], ['*']]);
  });

  test('text is not compared as numbers', () => {
    const build = buildLadder(hierarchy('39;x'), STRING, { name: 'code', values: ['39.0'] });
    expect(build).toMatchObject({ kind: 'unknown-values', values: ['39.0'] });
  });

  test('values the file lacks are told: sorted, the first twenty, and how many', () => {
    const values = ['nurse', null, ...Array.from({ length: 30 }, (_, index) => `job ${99 - index}`)];
    expect(buildLadder(jobs, STRING, { name: 'job', values })).toEqual({
      kind: 'unknown-values',
      column: 'job',
      file: 'values.csv',
      count: 30,
      values: Array.from({ length: 20 }, (_, index) => `job ${70 + index}`),
    });
  });
});

test('a column that cannot be generalised has one level', () => {
  const ladder = climb({ kind: 'none' }, STRING, ['a', 'b', null]);
  expect(show(ladder)).toEqual([['a', 'b', null]]);
  expect(share(ladder)).toEqual([[1 / 3, 1 / 3, 1 / 3]]);
});
