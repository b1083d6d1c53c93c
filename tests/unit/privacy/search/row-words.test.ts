import fc from 'fast-check';
import { packRowWords } from '../../../../lib/domain/privacy/search/row-words';
import { arbitraryTable } from '../arbitrary-table';
import { arbitrarySizes, listNodes, poseLattice } from '../pose-lattice';

test('bits of two tuples are the same where the node shows the same of both', () => {
  const property = fc.property(arbitraryTable(arbitrarySizes), (table) => {
    const { histogram, ladders } = poseLattice(table);
    const packed = packRowWords(histogram, ladders);
    const words = Array.from({ length: packed.count }, (_, word) => packed.list(word));
    for (const node of listNodes(ladders)) {
      const masks = packed.masksAt(node);
      const bitsOf = (tuple: number) => words.map((own, word) => own[tuple]! & masks[word]!).join();
      const shownOf = (tuple: number) =>
        node
          .map((level, column) => ladders[column]!.levels[level]!.codes[histogram.columns[column]!.codes[tuple]!])
          .join();
      for (let tuple = 1; tuple < histogram.tuples; tuple++)
        for (let other = 0; other < tuple; other++)
          expect(bitsOf(tuple) === bitsOf(other)).toBe(shownOf(tuple) === shownOf(other));
    }
  });
  fc.assert(property, { numRuns: 30, seed: 3 });
});

test('columns that need more than a word are told apart by several', () => {
  const count = 3000;
  const values = Array.from({ length: count }, (_, value) => `${value}`);
  const codes = Uint32Array.from(values, Number);
  const column = (name: string) => ({ name, values, codes });
  const ladder = {
    kind: 'ladder' as const,
    levels: [1, 10, count].map((width) => ({
      shown: Array.from({ length: Math.ceil(count / width) }, (_, code) => `${code}`),
      codes: codes.map((code) => Math.floor(code / width)),
      shares: new Float64Array(Math.ceil(count / width)).fill(width / count),
    })),
  };
  const packed = packRowWords(
    {
      tuples: count,
      columns: ['a', 'b', 'c', 'd'].map(column),
      rows: codes,
      subjects: codes,
      spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
      sensitive: [],
    },
    [ladder, ladder, ladder, ladder],
  );
  expect(packed.count).toBe(2);
  const words = [packed.list(0), packed.list(1)];
  const countShown = (node: readonly number[]) => {
    const masks = packed.masksAt(node);
    return new Set(values.map((_, tuple) => words.map((own, word) => own[tuple]! & masks[word]!).join())).size;
  };
  expect([countShown([0, 2, 2, 2]), countShown([2, 2, 1, 2]), countShown([2, 2, 2, 2])]).toEqual([3000, 300, 1]);
  expect(packed.masksAt([1, 1, 1, 1]).filter((mask) => mask !== 0)).toHaveLength(2);
});
