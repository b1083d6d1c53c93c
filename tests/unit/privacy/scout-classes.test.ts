import fc from 'fast-check';
import type { Node } from '../../../lib/domain/privacy/class-merger';
import { judgeTable } from '../../../lib/domain/privacy/floor-criteria';
import type { Histogram } from '../../../lib/domain/privacy/histogram';
import type { Ladder } from '../../../lib/domain/privacy/ladder';
import { createScout } from '../../../lib/domain/privacy/scout-classes';
import { arbitraryTable } from './arbitrary-table';
import { generateCensus } from './generate-census';
import { arbitrarySizes, listNodes, poseLattice } from './pose-lattice';

const isFiner = (node: Node, under: Node) => node.every((level, column) => level <= under[column]!);

test('what a scout says is lost is lost at the node, from whichever node it is looked at', () => {
  let [looks, exact] = [0, 0];
  const property = fc.property(arbitraryTable(arbitrarySizes), (table) => {
    const { histogram, ladders, least, limit, criteria, merger, finest } = poseLattice(table);
    const scout = createScout({ histogram, ladders, least, limit });
    const nodes = listNodes(ladders);
    const lostAt = new Map(
      nodes.map((node) => [node, judgeTable(merger.merge(finest, node), criteria).lostRows] as const),
    );
    const fields = [scout.everything];
    for (const under of nodes.toReversed()) {
      const field = fields.findLast((each) => isFiner(under, each.under)) ?? scout.everything;
      const { field: own } = scout.survey(field, under);
      if (own) fields.push(own);
    }
    for (const field of fields)
      for (const node of nodes.filter((each) => isFiner(each, field.under))) {
        const { lostRows, listLost, isWhole } = scout.look(field, node, 1);
        const truth = lostAt.get(node)!;
        expect(lostRows).toBeLessThanOrEqual(truth);
        for (const [column, lost] of listLost().entries()) {
          expect(lost).toHaveLength(Math.max(1, histogram.columns[column]!.values.length));
          expect(lost.reduce((sum, rows) => sum + rows, 0)).toBe(lostRows);
        }
        if (lostRows <= limit) expect(isWhole).toBe(true);
        looks += 1;
        if (lostRows === truth || lostRows > limit) exact += 1;
      }
  });
  fc.assert(property, { numRuns: 25, seed: 4 });
  // A subject with rows in several tuples hides some; classes that meet in a slot are rarer than that.
  expect(exact / looks).toBeGreaterThan(0.9);
});

test('a look that is cut short tells less, and still the truth', () => {
  const { histogram, ladders, criteria, merger, finest, least, limit } = poseLattice(
    generateCensus(200, { k: 5, l: [], t: [], suppressAtMost: 0.2 }),
  );
  const scout = createScout({ histogram, ladders, least, limit });
  const top = ladders.map(({ levels }) => levels.length - 1);
  const under = top.map((level, column) => (column === 0 ? Math.max(0, level - 1) : level));
  const { field } = scout.survey(scout.everything, under);
  if (!field) throw new Error('It loses little.');
  for (const node of listNodes(ladders).filter((each) => isFiner(each, under))) {
    const truth = judgeTable(merger.merge(finest, node), criteria).lostRows;
    const some = scout.look(field, node, 0);
    expect(some.lostRows).toBeLessThanOrEqual(truth);
    const all = scout.look(field, node, 1);
    expect(all.lostRows).toBeLessThanOrEqual(truth);
    expect(all.seen).toBeGreaterThanOrEqual(some.seen);
  }
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
  const scout = createScout({ histogram, ladders: [ladder([1]), ladder([2, 1])], least: 4, limit: 7 });
  expect(scout.look(scout.everything, [0, 0], 1)).toMatchObject({ lostRows: 3, isWhole: true });
  expect(scout.look(scout.everything, [0, 1], 1)).toMatchObject({ lostRows: 0 });
});
