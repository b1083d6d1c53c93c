import fc from 'fast-check';
import { createLevel, type Ladder } from '../../../../lib/domain/privacy/hierarchies/ladder';
import type { Node } from '../../../../lib/domain/privacy/histogram/class-merger';
import type { Histogram } from '../../../../lib/domain/privacy/histogram/histogram';
import { judgeTable } from '../../../../lib/domain/privacy/models/floor-criteria';
import { createRowCounter } from '../../../../lib/domain/privacy/search/row-counter';
import { arbitraryTable } from '../arbitrary-table';
import { arbitrarySizes, listNodes, poseLattice } from '../pose-lattice';

/** Looks often enough that rows are laid out, and layouts are used, kept and forgotten. */
function lookAtAll(
  { histogram, ladders, least, limit, criteria, merger, finest }: ReturnType<typeof poseLattice>,
  times: number,
) {
  const counter = createRowCounter({ histogram, ladders, least, limit });
  let [looks, exact] = [0, 0];
  for (let time = 0; time < times; time++)
    for (const node of listNodes(ladders)) {
      const { lostRows, seen, listLost } = counter.look(node, 0);
      const truth = judgeTable(merger.merge(finest, node), criteria).lostRows;
      expect(lostRows).toBeLessThanOrEqual(truth);
      if (lostRows <= limit) expect(seen).toBe(histogram.tuples);
      for (const [column, lost] of listLost().entries()) {
        expect(lost).toHaveLength(Math.max(1, histogram.columns[column]!.values.length));
        expect(lost.reduce((sum, rows) => sum + rows, 0)).toBe(lostRows);
      }
      looks += 1;
      if (lostRows === truth || lostRows > limit) exact += 1;
    }
  return exact / looks;
}

test('what is said to be lost is lost at the node, per column and value too', () => {
  const shares: number[] = [];
  const property = fc.property(arbitraryTable(arbitrarySizes), (table) => {
    shares.push(lookAtAll(poseLattice(table), 2));
  });
  fc.assert(property, { numRuns: 25, seed: 4 });
  // A subject with rows in several tuples hides some; classes that meet in a slot are rarer than that.
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.9);
});

describe('rows that are laid out in blocks', () => {
  const values = Array.from({ length: 20 }, (_, value) => `${value}`);

  /** Columns of twenty values, skewed; each row a subject and a tuple of its own. */
  function poseRows(rows: number, names: readonly string[]) {
    let state = 7;
    const draw = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return Math.floor(20 * (state / 2 ** 31) ** 2);
    };
    const columns = names.map((name) => ({ name, values, codes: Uint32Array.from({ length: rows }, draw) }));
    const ones = new Uint32Array(rows).fill(1);
    const spanning = { offsets: Uint32Array.of(0), tuples: new Uint32Array() };
    const histogram: Histogram = { tuples: rows, columns, rows: ones, subjects: ones, spanning, sensitive: [] };
    const ladders = columns.map((): Ladder => {
      const levels = [1, 4, 20].map((width) =>
        createLevel(
          values.map((_, value) => `${Math.floor(value / width)}`),
          () => width / 20,
        ),
      );
      return { kind: 'ladder', levels };
    });
    const countLost = (node: Node, least: number) => {
      const classes = new Map<number, number>();
      const keys = Float64Array.from({ length: rows }, (_, row) =>
        node.reduce((key, level, at) => 20 * key + ladders[at]!.levels[level]!.codes[columns[at]!.codes[row]!]!, 0),
      );
      for (const key of keys) classes.set(key, (classes.get(key) ?? 0) + 1);
      return [...classes.values()].reduce((sum, size) => sum + (size < least ? size : 0), 0);
    };
    return { histogram, ladders, countLost };
  }

  test.each([
    ['few subjects are asked for', 5],
    ['so many that counts take more than a byte', 200],
  ])('tell the same, and a guess is near it: %s', (_, least) => {
    const rows = 6000;
    const { histogram, ladders, countLost } = poseRows(rows, ['a', 'b', 'c', 'd']);
    const limit = rows / 4;
    const counter = createRowCounter({ histogram, ladders, least, limit });
    for (const node of listNodes(ladders)) counter.look(node, 0);
    for (const node of listNodes(ladders)) {
      const truth = countLost(node, least);
      const { lostRows, seen } = counter.look(node, 0);
      expect(lostRows).toBeLessThanOrEqual(truth);
      // Classes that meet in a slot hide few.
      expect(lostRows).toBeGreaterThan(Math.min(limit, 0.95 * truth - 2 * least));
      expect(seen === rows || lostRows > limit).toBe(true);
      const guess = counter.estimate(node);
      expect(guess.seen).toBeLessThanOrEqual(rows);
      expect(Math.abs(guess.lostRows - truth)).toBeLessThan(0.25 * rows);
    }
  });

  test('a look ends early where what is needed is not likely to be found, and says so', () => {
    const rows = 60_000;
    const { histogram, ladders, countLost } = poseRows(rows, ['a', 'b', 'c', 'd']);
    const limit = rows / 10;
    const counter = createRowCounter({ histogram, ladders, least: 5, limit });
    const finest = ladders.map(() => 0);
    // Nodes that are counted among all rows, until these are worth laying out.
    for (let time = 0; time < 30; time++) counter.look(finest, 0);
    const ends = new Set<string>();
    for (const node of listNodes(ladders).filter((each) => each.reduce((sum, level) => sum + level, 0) < 4)) {
      const truth = countLost(node, 5);
      const { lostRows, seen, isUnlikely, listLost } = counter.look(node, limit);
      expect(lostRows).toBeLessThanOrEqual(truth);
      expect(listLost()[0]!.reduce((sum, lost) => sum + lost, 0)).toBe(lostRows);
      // Whatever is foretold, nothing else than these three happens.
      expect([lostRows > limit, isUnlikely, seen === rows]).toContain(true);
      if (isUnlikely) expect(lostRows).toBeLessThanOrEqual(limit);
      if (isUnlikely && seen < rows / 3 && truth <= limit) ends.add('foretold that it is too little');
      if (lostRows > limit && seen < 0.8 * rows) ends.add('too much before all were seen');
    }
    expect([...ends].sort()).toEqual(['foretold that it is too little', 'too much before all were seen']);
  });
});

test('keys of columns that show one value alone are told apart by the others', () => {
  const rows = Uint32Array.of(3, 3, 1);
  const column = (name: string, codes: readonly number[]) => ({
    name,
    values: ['a', 'b'],
    codes: Uint32Array.from(codes),
  });
  const histogram: Histogram = {
    tuples: 3,
    columns: [column('c', [0, 0, 0]), column('d', [0, 1, 1])],
    rows,
    subjects: rows,
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: [],
  };
  const ladder = (sizes: readonly number[]): Ladder => ({
    kind: 'ladder',
    levels: sizes.map((size) => ({
      shown: Array.from({ length: size }, (_, code) => String(code)),
      codes: Uint32Array.of(0, size - 1),
      shares: new Float64Array(size).fill(1 / size),
    })),
  });
  const counter = createRowCounter({ histogram, ladders: [ladder([1]), ladder([2, 1])], least: 4, limit: 7 });
  expect(counter.look([0, 0], 0)).toMatchObject({ lostRows: 3, seen: 3 });
  expect(counter.look([0, 1], 0)).toMatchObject({ lostRows: 0 });
});
