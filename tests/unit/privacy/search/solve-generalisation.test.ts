import fc from 'fast-check';
import type { PrivacyFloor } from '../../../../lib/domain/privacy/models/privacy-floor';
import type { SolveProgress } from '../../../../lib/domain/privacy/search/search-in-passes';
import type { Solution, Unreachable } from '../../../../lib/domain/privacy/search/solution';
import { solveGeneralisation } from '../../../../lib/domain/privacy/search/solve-generalisation';
import { arbitraryFloor, arbitraryLinked, arbitraryTable } from '../arbitrary-table';
import { expectForced } from '../expect-forced';
import { generateCensus } from '../generate-census';
import { poseTable } from '../pose-table';
import type { Hierarchy, Table } from '../table';

const FREE: PrivacyFloor = { k: 1, l: [], t: [], suppressAtMost: 0 };
const LETTERS: Hierarchy = {
  kind: 'hierarchy',
  file: 'letters.csv',
  rows: [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
  ],
};

const solveTable = (table: Table): Solution | Unreachable => solveGeneralisation(poseTable(table));

describe('levels of an earlier round', () => {
  const table = tableOf(['a', 'b', 'c', 'c'], { k: 2 });

  test('are kept, though finer ones would do', () => {
    const solution = solveGeneralisation({ ...poseTable(tableOf(['a', 'a', 'c', 'c'], { k: 2 })), fixedLevels: [1] });
    expect(solution).toMatchObject({ kind: 'solved', levels: [1], search: { isFixed: true }, suppressedRows: 0 });
  });

  test('that do not meet the floor any more ask for a new version', () => {
    const solution = solveGeneralisation({ ...poseTable(table), fixedLevels: [0] });
    expect(solution).toEqual({
      kind: 'unreachable',
      reason:
        'At the levels of the earlier rounds, of 4 rows 2 are in classes that fail the floor; 0 may be suppressed.',
      remedy:
        'Agree on a new version of the dataset (an amendment that raises its `version`), which gives it new levels and new tokens; or deliver more subjects.',
    });
  });

  test('of other columns are an error', () => {
    expect(() => solveGeneralisation({ ...poseTable(table), fixedLevels: [0, 0] })).toThrow('do not fit');
    expect(() => solveGeneralisation({ ...poseTable(table), fixedLevels: [7] })).toThrow('do not fit');
  });

  test('give what the search gives where it found them', () => {
    const property = fc.property(arbitraryTable(arbitraryFloor), (found) => {
      const solution = solveTable(found);
      if (solution.kind !== 'solved') return;
      const again = solveGeneralisation({ ...poseTable(found), fixedLevels: solution.levels });
      expect(again).toMatchObject({ levels: solution.levels, classOf: solution.classOf, loss: solution.loss });
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('a search that is ended early', () => {
  const table = generateCensus(300, { k: 5, l: [], t: [], suppressAtMost: 0.05 });
  const exact = solveTable(table);

  test.each([1, 1_000, 10_000, 100_000])('after %d classes it proves how far the best may be', (classes) => {
    const problem = { ...poseTable(table), budget: { classes } };
    const solution = solveGeneralisation(problem);
    if (solution.kind !== 'solved' || exact.kind !== 'solved') throw new Error('It can be met.');
    const { cost, gap = Number.NaN, endedBy } = solution.search;
    expect(cost * (1 - gap)).toBeLessThanOrEqual(exact.search.cost + 1e-12);
    expect(cost).toBeGreaterThanOrEqual(exact.search.cost - 1e-12);
    expect(endedBy === undefined ? gap : 1).toBe(endedBy === undefined ? 0 : 1);
    expect(solveGeneralisation(problem)).toEqual(solution);
  });

  test('before anything was found it does not say that there is nothing', () => {
    // Merged with the bs, whose incomes are all alike, the as are farther from the whole than by themselves.
    const rows = ['a p', 'A P', 'b p', 'b p', 'a q', 'A Q', 'B Q', 'B Q'];
    const t = [{ column: 's', atMost: 0.1, distance: 'equal' as const }];
    const { columns, ...rest } = tableOf(rows, { suppressAtMost: 0.5, t });
    const far = { ...rest, columns: [columns[0]!, { ...columns[1]!, hierarchy: { kind: 'none' as const } }] };
    expectForced(far);
    expect(solveTable(far)).toMatchObject({ kind: 'solved', levels: [0, 0], suppressedRows: 4 });
    expect(solveGeneralisation({ ...poseTable(far), budget: { classes: 0 } })).toEqual({
      kind: 'unreachable',
      reason:
        'The search was ended when 1 of 3 ways to generalise were counted, before one that keeps the floor was found: whether there is one is not known.',
      remedy:
        'Agree on fewer quasi-identifiers or on fewer levels for them, so that the search comes to its end; or raise suppressAtMost.',
    });
  });

  test('by a clock it says so', () => {
    let asked = 0;
    const shouldStop = () => ++asked > 5;
    const solution = solveGeneralisation({ ...poseTable(table), budget: { classes: Infinity, shouldStop } });
    expect(solution).toMatchObject({ kind: 'solved', search: { endedBy: 'clock' }, lattice: { checked: 6 } });
  });
});

describe('on a census, as found by looking at every node', () => {
  const t = [{ column: 's', atMost: 0.2, distance: 'ordered' as const }];
  test.each<[string, Partial<PrivacyFloor>, readonly number[], readonly number[], number]>([
    ['k alone', {}, [1, 1, 1, 1, 1], [4, 0, 3, 2, 0], 0],
    ['suppression', { suppressAtMost: 0.05 }, [1, 1, 1, 1, 1], [3, 0, 3, 1, 1], 9],
    ['weights', { suppressAtMost: 0.05 }, [1, 0.1, 0.1, 0.1, 0.1], [2, 1, 2, 2, 1], 1],
    ['l', { suppressAtMost: 0.05, l: [{ column: 's', atLeast: 3 }] }, [1, 1, 1, 1, 1], [3, 0, 2, 2, 1], 7],
    ['t', { suppressAtMost: 0.05, t }, [1, 1, 1, 1, 1], [3, 0, 2, 2, 1], 7],
  ])('%s', (_, floor, weights, levels, suppressedRows) => {
    const table = generateCensus(200, { k: 5, l: [], t: [], suppressAtMost: 0, ...floor }, weights);
    expectForced(table);
    expect(solveTable(table)).toMatchObject({ kind: 'solved', levels, suppressedRows });
  });
});

/** Rows such as `a b ∅`: one subject each, income `low` but in capital rows. */
function tableOf(rows: readonly string[], floor: Partial<PrivacyFloor>, hierarchy: Hierarchy = LETTERS): Table {
  const width = rows[0]?.split(' ').length ?? 1;
  return {
    columns: Array.from({ length: width }, (_, index) => ({ name: `c${index}`, hierarchy, weight: 1 })),
    rows: rows.map((row, index) => ({
      values: row
        .toLowerCase()
        .split(' ')
        .map((value) => (value === '∅' ? null : value)),
      subject: String(index),
      sensitive: row === row.toLowerCase() ? 0 : 1,
    })),
    sensitive: ['low', 'high'],
    floor: { ...FREE, ...floor },
  };
}

describe('at the edges', () => {
  test('no rows: nothing is released, nothing is lost', () => {
    const solution = solveTable(tableOf([], { k: 5 }));
    expect(solution).toMatchObject({ kind: 'solved', levels: [0], classes: 0, suppressedRows: 0, loss: 0 });
  });

  test('one row among subjects enough', () => {
    const solution = solveTable(tableOf(['a'], {}));
    expect(solution).toMatchObject({ levels: [0], classes: 1, suppressedRows: 0, loss: 1 / 3 });
  });

  test('rows that are all the same are left as they are', () => {
    const solution = solveTable(tableOf(['a b', 'a b', 'a b'], { k: 3 }));
    expect(solution).toMatchObject({ levels: [0, 0], classes: 1, suppressedRows: 0 });
  });

  test('a column that is null throughout is left as it is', () => {
    const solution = solveTable(tableOf(['a ∅', 'b ∅', 'a ∅', 'b ∅'], { k: 4 }));
    expect(solution).toMatchObject({ levels: [1, 0], shown: [{ values: ['x'] }, { values: [null] }] });
  });

  test('no class columns: all rows are one class', () => {
    const table = { ...tableOf(['a', 'b', 'c'], { k: 3 }), columns: [] };
    const rows = table.rows.map((row) => ({ ...row, values: [] }));
    expect(solveTable({ ...table, rows })).toMatchObject({ levels: [], classes: 1, suppressedRows: 0, loss: 0 });
  });

  test('all rows may go: whatever loses less than that is taken', () => {
    const solution = solveTable(tableOf(['a', 'a', 'c'], { k: 2, suppressAtMost: 1 }));
    expect(solution).toMatchObject({ levels: [0], suppressedRows: 1, loss: expect.closeTo(5 / 9, 12) });
  });

  test('a share of rows that is whole but for rounding is whole', () => {
    const rows = [...Array.from({ length: 71 }, () => 'a'), ...Array.from({ length: 29 }, () => 'c')];
    expect(solveTable(tableOf(rows, { k: 30, suppressAtMost: 0.29 }, { kind: 'none' }))).toMatchObject({
      suppressedRows: 29,
    });
  });

  test('a subject counts once in a class, however many of its tuples meet there', () => {
    const table = tableOf(['a', 'b'], { k: 2 });
    const rows = table.rows.map((row) => ({ ...row, subject: 'one' }));
    expect(solveTable(table)).toMatchObject({ kind: 'solved', levels: [1] });
    expect(solveTable({ ...table, rows })).toMatchObject({ kind: 'unreachable' });
  });

  test('more combinations of values than 32 bits tell apart', () => {
    const names = Array.from({ length: 100 }, (_, index) => String(index));
    const hierarchy: Hierarchy = { kind: 'hierarchy', file: 'n.csv', rows: names.map((name) => [name, '*']) };
    const rows = names.flatMap((_, index) => {
      const row = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((factor) => names[(index * factor) % 100]!);
      return [row.join(' '), row.join(' ')];
    });
    const solution = solveTable(tableOf(rows, { k: 2 }, hierarchy));
    expect(solution).toMatchObject({ levels: Array(9).fill(0), classes: 100, lattice: { nodes: 512 } });
  });

  test('ladders and weights that do not fit the columns are an error', () => {
    const problem = poseTable(tableOf(['a b'], {}));
    expect(() => solveGeneralisation({ ...problem, weights: [1] })).toThrow('2 columns');
    expect(() => solveGeneralisation({ ...problem, ladders: [] })).toThrow('2 columns');
  });
});

describe('a class that fails proves nothing of finer levels', () => {
  test('where somebody in it has the value that all have, and a missing one too', () => {
    const of = (subject: string, value: string, sensitive: number) => ({ subject, values: [value], sensitive });
    const table: Table = {
      ...tableOf(['a'], { k: 2, l: [{ column: 's', atLeast: 2 }], suppressAtMost: 0.5 }),
      rows: [of('A', 'a', 0), of('C', 'a', 1), of('B', 'b', 0), of('B', 'b', 2)],
      sensitive: ['low', 'high', null],
    };
    expect(solveTable(table)).toMatchObject({ kind: 'solved', levels: [0], suppressedRows: 2 });
    expectForced(table);
  });

  test('by its average risk, where somebody is in several classes there', () => {
    const hierarchy: Hierarchy = {
      kind: 'hierarchy',
      file: 'tuples.csv',
      rows: ['ax', 'bx', 'cx', 'dd', 'ee', 'ff', 'gg'].map((leaf) => [leaf[0]!, `${leaf[1]}.`]),
    };
    const everywhere = Array.from({ length: 20 }, (_, index) =>
      ['a', 'b', 'c'].map((value) => ({ values: [value], subject: `m${index}`, sensitive: 0 })),
    ).flat();
    const settled = ['d', 'e', 'f', 'g'].flatMap((value) =>
      Array.from({ length: 5 }, (_, index) => ({ values: [value], subject: `${value}${index}`, sensitive: 0 })),
    );
    const table = { ...tableOf(['a'], { risk: { average: 0.1 } }, hierarchy), rows: [...everywhere, ...settled] };
    expect(solveTable(table)).toMatchObject({ kind: 'solved', levels: [0], suppressedRows: 0 });
    expectForced(table);
  });
});

describe('a floor that cannot be met is told with what would be right', () => {
  const kept: Hierarchy = { kind: 'none' };
  const repeat = (row: string, times: number) => Array.from({ length: times }, () => row);
  const remedyOf = (table: Table) => {
    const solution = solveTable(table);
    if (solution.kind !== 'unreachable') throw new Error('It was met.');
    return solution;
  };

  test('too few subjects in all', () => {
    expect(remedyOf(tableOf(['a', 'b', 'c'], { k: 5 }))).toEqual({
      kind: 'unreachable',
      reason:
        'At the most general levels, of 3 rows 3 are in classes that hold fewer than 5 subjects; 0 may be suppressed.',
      remedy: 'Deliver more subjects.',
    });
  });

  test('one subject in all', () => {
    expect(remedyOf(tableOf(['a'], { k: 2 })).remedy).toBe('Deliver more subjects.');
  });

  test('too few subjects in a class that cannot be merged', () => {
    const rows = [...repeat('a', 1163), ...repeat('b', 7), ...repeat('c', 30)];
    expect(remedyOf(tableOf(rows, { k: 31, suppressAtMost: 0.02 }, kept))).toEqual({
      kind: 'unreachable',
      reason:
        'At the most general levels, of 1,200 rows 37 are in classes that hold fewer than 31 subjects; 24 may be suppressed.',
      remedy: 'Raise suppressAtMost to at least 3.1 %, or lower k to 30, or deliver more subjects.',
    });
  });

  test('too few values', () => {
    const rows = [...repeat('a', 5), 'A', ...repeat('b', 4)];
    expect(remedyOf(tableOf(rows, { l: [{ column: 's', atLeast: 2 }] }, kept))).toEqual({
      kind: 'unreachable',
      reason:
        'At the most general levels, of 10 rows 4 are in classes that hold fewer than 2 values of s; 0 may be suppressed.',
      remedy: 'Raise suppressAtMost to at least 40 %, or ask no l of s, or deliver more subjects.',
    });
  });

  test('too far from the delivery, and too small', () => {
    const rows = [...repeat('a', 6), ...repeat('A', 2), ...repeat('B', 2)];
    const t = [{ column: 's', atMost: 0.2, distance: 'equal' as const }];
    expect(remedyOf(tableOf(rows, { k: 3, t }, kept))).toEqual({
      kind: 'unreachable',
      reason:
        'At the most general levels, of 10 rows 2 are in classes that hold fewer than 3 subjects and 2 are in classes that are farther than 0.2 from the whole delivery in s; 0 may be suppressed.',
      remedy: 'Raise suppressAtMost to at least 20 %, or deliver more subjects.',
    });
  });

  /** Of `a a/b`: somebody with a row in `a`, and somebody with one there and one in `b`. */
  const follow = (people: readonly string[], floor: Partial<PrivacyFloor>, hierarchy: Hierarchy = kept): Table => ({
    ...tableOf(['a'], floor, hierarchy),
    rows: people.flatMap((values, index) =>
      values.split('/').map((value) => ({ values: [value], subject: String(index), sensitive: 0 })),
    ),
    isFollowed: true,
  });

  test('too few who share a set of classes, where one can be followed over them', () => {
    const people = [...repeat('a', 20), ...repeat('a/b', 7), ...repeat('b', 12)];
    expect(remedyOf(follow(people, { k: 5, risk: { maximum: 0.1 } }))).toEqual({
      kind: 'unreachable',
      reason:
        'At the most general levels, of 46 rows 19 are in classes that hold somebody who can be followed over a set of classes that fewer than 10 subjects share; 0 may be suppressed.',
      remedy:
        'Raise suppressAtMost to at least 41.4 %, or raise risk.maximum to 0.143, or drop the column by which a subject can be followed over its rows, or deliver more subjects.',
    });
  });

  test('and who are alone there: nobody is told to raise the risk so far', () => {
    expect(remedyOf(follow([...repeat('a', 20), 'a/b', ...repeat('b', 12)], { risk: { maximum: 0.1 } })).remedy).toBe(
      'Raise suppressAtMost to at least 38.3 %, or drop the column by which a subject can be followed over its rows, or deliver more subjects.',
    );
  });

  test.each([
    [['a/b', ...repeat('a', 20), ...repeat('b', 12), 'c'], 1, 'of 35 rows 1 are in classes that fail the floor and 13'],
    [['a/b', ...repeat('a', 20), ...repeat('b', 12)], 2, 'of 34 rows 13'],
  ])('at the levels of an earlier round it is told apart from classes that fail: %#', (people, k, told) => {
    const table = follow(people, { k, risk: { maximum: 0.1 } });
    expect(solveGeneralisation({ ...poseTable(table), fixedLevels: [0] })).toMatchObject({
      kind: 'unreachable',
      reason: `At the levels of the earlier rounds, ${told} are in classes over which somebody can be followed, in sets that too few subjects share for the agreed risk; 0 may be suppressed.`,
    });
  });

  test('at the levels of an earlier round at which everybody has one class, that fails', () => {
    const table = follow([...repeat('a', 3), 'a/b'], { risk: { average: 0.1 } }, LETTERS);
    expect(solveGeneralisation({ ...poseTable(table), fixedLevels: [1] })).toMatchObject({
      reason:
        'At the levels of the earlier rounds, of 5 rows 5 are in classes that fail the floor; 0 may be suppressed.',
    });
  });

  test('too many sets of classes', () => {
    const people = [...repeat('a', 9), ...repeat('a/b', 6), ...repeat('b', 9)];
    expect(remedyOf(follow(people, { risk: { average: 0.1 } }))).toEqual({
      kind: 'unreachable',
      reason:
        'At the most general levels, of 30 rows 30 are in classes that make up so many sets, over which somebody can be followed, that the average risk would be above 0.1; 0 may be suppressed.',
      remedy:
        'Raise risk.average to 0.125, or drop the column by which a subject can be followed over its rows, or deliver more subjects.',
    });
  });

  test.each([
    [{ maximum: 0.1 }, 'hold fewer than 10 subjects', 'Deliver more subjects.'],
    [
      { average: 0.1 },
      'are so small that the average risk would be above 0.1',
      'Raise risk.average to 0.25, or deliver more subjects.',
    ],
  ])('who has one class left is not said to be followed over several: %j', (risk, failure, remedy) => {
    expect(remedyOf(follow([...repeat('a', 3), 'a/b'], { risk }, LETTERS))).toEqual({
      kind: 'unreachable',
      reason: `At the most general levels, of 5 rows 5 are in classes that ${failure}; 0 may be suppressed.`,
      remedy,
    });
  });

  test('classes that are too small and groups that are smaller: one risk for both', () => {
    const people = [...repeat('a', 5), ...repeat('a/b', 6), ...repeat('b', 30)];
    expect(remedyOf(follow(people, { risk: { maximum: 0.05 } })).remedy).toBe(
      'Raise suppressAtMost to at least 23.5 %, or raise risk.maximum to 0.2, or deliver more subjects.',
    );
  });

  test.each([
    ['any floor', arbitraryFloor],
    ['where subjects can be followed', arbitraryLinked],
  ])('what it proposes is right: %s', (name, floors) => {
    const proposals = fc.property(arbitraryTable(floors), (posed) => {
      const table = { ...posed, isFollowed: name !== 'any floor' };
      const solution = solveTable(table);
      if (solution.kind !== 'unreachable') return;
      const percent = /suppressAtMost to at least ([\d.]+) %/.exec(solution.remedy)?.[1];
      if (percent !== undefined) {
        const suppressAtMost = Number(percent) / 100;
        expect(solveTable({ ...table, floor: { ...table.floor, suppressAtMost } }).kind).toBe('solved');
      }
      if (/drop the column/i.test(solution.remedy))
        expect(solveTable({ ...table, isFollowed: false }).kind).toBe('solved');
      const changed = relax(table.floor, solution.remedy);
      if (changed) expect(solveTable({ ...table, floor: changed }).kind).toBe('solved');
    });
    fc.assert(proposals, { numRuns: 500 });
  });

  /** The floor with the numbers that a remedy names. */
  function relax(floor: PrivacyFloor, remedy: string): PrivacyFloor | undefined {
    const k = /lower k to (\d+)/i.exec(remedy)?.[1];
    const l = /lower l of s to (\d+)/i.exec(remedy)?.[1];
    const t = /raise t of s to ([\d.]+)/i.exec(remedy)?.[1];
    const noL = /ask no l of s/i.test(remedy);
    const average = /raise risk.average to ([\d.]+)/i.exec(remedy)?.[1];
    const maximum = /raise risk.maximum to ([\d.]+)/i.exec(remedy)?.[1];
    if (!k && !l && !t && !noL && !average && !maximum) return undefined;
    return {
      ...floor,
      risk: {
        ...floor.risk,
        ...(average && { average: Number(average) }),
        ...(maximum && { maximum: Number(maximum) }),
      },
      ...(k && { k: Number(k) }),
      ...(l && { l: floor.l.map((each) => ({ ...each, atLeast: Number(l) })) }),
      ...(noL && { l: [] }),
      ...(t && { t: floor.t.map((each) => ({ ...each, atMost: Math.max(each.atMost, Number(t)) })) }),
    };
  }
});

describe('progress', () => {
  test('is told after every node counted, and never falls', () => {
    const told: SolveProgress[] = [];
    const table = generateCensus(300, { ...FREE, k: 5, suppressAtMost: 0.05 });
    const solution = solveGeneralisation({ ...poseTable(table), onProgress: (progress) => told.push(progress) });
    if (solution.kind !== 'solved') throw new Error('It can be met.');
    expect(told.map(({ checked }) => checked)).toEqual(told.map((_, index) => index + 1));
    expect(told).toHaveLength(solution.lattice.checked);
    expect(solution.lattice.checked).toBeLessThan(solution.lattice.nodes / 4);
    for (const [index, { settled }] of told.entries()) {
      expect(settled).toBeGreaterThanOrEqual(told[index - 1]?.settled ?? 0);
      expect(settled).toBeLessThanOrEqual(1);
    }
    expect(told.at(-1)!.settled).toBeGreaterThan(0.5);
  });

  test('an error it throws ends the search', () => {
    const stop = () => {
      throw new Error('stopped');
    };
    expect(() => solveGeneralisation({ ...poseTable(tableOf(['a'], {})), onProgress: stop })).toThrow('stopped');
  });
});

test('a lattice of more nodes than memory would hold', () => {
  const deep: Hierarchy = {
    kind: 'hierarchy',
    file: 'deep.csv',
    rows: Array.from({ length: 64 }, (_, leaf) => [0, 1, 2, 3, 4, 5, 6].map((level) => `${level}.${leaf >> level}`)),
  };
  const rows = Array.from({ length: 64 }, (_, row) => Array.from({ length: 20 }, () => `0.${row}`).join(' '));
  const solution = solveTable(tableOf(rows, { k: 64 }, deep));
  expect(solution).toMatchObject({ levels: Array(20).fill(6), lattice: { nodes: 7 ** 20 } });
});
