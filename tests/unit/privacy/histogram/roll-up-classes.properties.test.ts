import fc from 'fast-check';
import type { ClassMerger } from '../../../../lib/domain/privacy/histogram/class-merger';
import { createClassMerger } from '../../../../lib/domain/privacy/histogram/class-merger';
import { countTuples } from '../../../../lib/domain/privacy/histogram/count-tuples';
import { createRollUp } from '../../../../lib/domain/privacy/histogram/roll-up-classes';
import { createFloorCriteria } from '../../../../lib/domain/privacy/models/floor-criteria';
import { arbitraryModels, arbitraryTable, fitPopulation } from '../arbitrary-table';
import { listNodes } from '../pose-lattice';
import { poseTable } from '../pose-table';
import type { Table } from '../table';

const tables = arbitraryTable(arbitraryModels).map(fitPopulation);

describe('tables counted by way of smaller ones', () => {
  test('are those counted from every tuple, whichever nodes came before', () => {
    const cases = fc.tuple(tables, fc.array(fc.nat(), { minLength: 1, maxLength: 12 }));
    fc.assert(
      fc.property(cases, ([table, picks]) => {
        const { merger, ladders, finest } = pose(table);
        const { merge } = createRollUp(merger, widthsOf(ladders), { largest: 0 });
        const nodes = listNodes(ladders);
        for (const pick of picks) {
          const node = nodes[pick % nodes.length]!;
          expect(merge(finest, node)).toEqual(merger.merge(finest, node));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('look at every tuple for five of fifteen nodes', () => {
    const { merger, ladders, finest } = pose(WIDE);
    const { merge, seen } = watch(merger);
    const rolled = createRollUp({ ...merger, merge }, widthsOf(ladders), { largest: 100 });
    const nodes = listNodes(ladders).reverse();
    for (const node of nodes.filter(([first = 0, second = 0]) => first + second > 0)) rolled.merge(finest, node);
    expect(nodes).toHaveLength(16);
    // Two nodes have no table of a quarter on their way; three tables lead to the other thirteen.
    expect(seen.filter((classes) => classes === finest.classes)).toHaveLength(5);
    expect(seen.reduce((sum, classes) => sum + classes, 0)).toBeLessThan(7 * finest.classes);
  });

  test('few are kept where many subjects have rows in several classes: smaller tables list them as well', () => {
    const looks = [0, 20_000].map((followed) => {
      const { merger, ladders, finest } = pose(WIDE, followed);
      const { merge, seen } = watch(merger);
      const rolled = createRollUp({ ...merger, merge }, widthsOf(ladders), { largest: 100 });
      // On the way to these lie three tables; the last node is above that of the second.
      for (const node of [
        [2, 1],
        [1, 2],
        [3, 1],
        [1, 2],
      ])
        rolled.merge(finest, node);
      return seen.filter((classes) => classes === finest.classes).length;
    });
    expect(looks).toEqual([2, 3]);
  });

  test('small ones are counted as they are', () => {
    const { merger, ladders, finest } = pose(WIDE);
    const { merge, seen } = watch(merger);
    createRollUp({ ...merger, merge }, widthsOf(ladders), { largest: finest.classes }).merge(finest, [2, 2]);
    expect(seen).toEqual([finest.classes]);
  });
});

/** 40 × 40 values, each in every combination, in groups of 2, 8 and 40. */
const WIDE: Table = (() => {
  const values = Array.from({ length: 40 }, (_, value) => `v${value}`);
  const hierarchy = {
    kind: 'hierarchy' as const,
    file: 'values.csv',
    rows: values.map((leaf, index) => [leaf, `2.${index >> 1}`, `8.${index >> 3}`, 'any']),
  };
  return {
    columns: ['one', 'other'].map((name) => ({ name, hierarchy, weight: 1 })),
    rows: values.flatMap((one, index) =>
      values.map((other, place) => ({ values: [one, other], subject: `${index}.${place}`, sensitive: 0 })),
    ),
    sensitive: ['low'],
    floor: { k: 2, l: [], t: [], suppressAtMost: 0 },
  };
})();

/** `followed`: of `WIDE`, subjects more, with rows in two places that are far apart. */
function pose(table: Table, followed = 0) {
  const { histogram: counted, ladders, floor } = poseTable(table);
  const { tuples } = counted;
  const places = Array.from({ length: followed }, (_, subject) => [
    subject % tuples,
    (subject + tuples / 2 + 20) % tuples,
  ]);
  const spanning = {
    offsets: Uint32Array.from({ length: followed + 1 }, (_, subject) => 2 * subject),
    tuples: Uint32Array.from(places.flat()),
  };
  const histogram = followed > 0 ? { ...counted, spanning } : counted;
  const merger = createClassMerger(histogram, ladders);
  return { merger, ladders, finest: countTuples(histogram, createFloorCriteria(floor, histogram).sensitive) };
}

function widthsOf(ladders: ReturnType<typeof pose>['ladders']) {
  return ladders.map(({ levels }) => levels.map(({ shown }) => shown.length));
}

/** How many classes each look went over. */
function watch(merger: ClassMerger) {
  const seen: number[] = [];
  const merge: ClassMerger['merge'] = (table, node) => {
    seen.push(table.classes);
    return merger.merge(table, node);
  };
  return { merge, seen };
}
