import fc from 'fast-check';
import { createLatticeMap } from '../../../../lib/domain/privacy/search/lattice-map';
import { createLossModel } from '../../../../lib/domain/privacy/search/loss-model';
import { createLostNodes, MOST_COUNTED } from '../../../../lib/domain/privacy/search/lost-nodes';
import { createMetric } from '../../../../lib/domain/privacy/search/metric';
import { createNodeSet } from '../../../../lib/domain/privacy/search/node-set';
import { orderNodes } from '../../../../lib/domain/privacy/search/order-nodes';
import { createRowCounter } from '../../../../lib/domain/privacy/search/row-counter';
import { searchByBoxes } from '../../../../lib/domain/privacy/search/search-by-boxes';
import { NO_BUDGET, type SearchBudget } from '../../../../lib/domain/privacy/search/search-in-passes';
import { type LatticeSearch, searchLattice } from '../../../../lib/domain/privacy/search/search-lattice';
import { searchWideLattice } from '../../../../lib/domain/privacy/search/search-wide-lattice';
import { solveGeneralisation } from '../../../../lib/domain/privacy/search/solve-generalisation';
import { arbitraryTable } from '../arbitrary-table';
import { generateEven } from '../generate-even';
import { arbitrarySizes, listNodes, poseLattice } from '../pose-lattice';
import { poseTable } from '../pose-table';
import type { Table } from '../table';

const arbitraryLattice = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 });
const listAll = (sizes: readonly number[]) =>
  sizes.reduce<number[][]>(
    (nodes, size) => nodes.flatMap((node) => Array.from({ length: size }, (_, level) => [...node, level])),
    [[]],
  );

test('every node of a lattice has a place of its own, and stands in the order of its cost', () => {
  const property = fc.property(
    arbitraryLattice,
    fc.array(fc.nat({ max: 9 }), { minLength: 36, maxLength: 36 }),
    (sizes, steps) => {
      const map = createLatticeMap(sizes);
      const nodes = listAll(sizes);
      const places = nodes.map(map.placeOf);
      expect(new Set(places).size).toBe(nodes.length);
      expect(places.map(map.nodeAt)).toEqual(nodes);
      const levels = sizes.map((size, column) => {
        let cost = 0;
        return Array.from({ length: size }, (_, level) => (cost += steps[6 * column + level]!));
      });
      const order = orderNodes(map, levels);
      expect([...order.places].sort((one, other) => one - other)).toEqual(places.toSorted((one, other) => one - other));
      const costs = Array.from(order.places, (place) =>
        map.nodeAt(place).reduce((sum, level, column) => sum + levels[column]![level]!, 0),
      );
      expect(Array.from(order.places, order.costOf)).toEqual(costs);
      let dearest = 0;
      const late = costs.filter((cost) => {
        const isLate = cost < dearest - order.step;
        dearest = Math.max(dearest, cost);
        return isLate;
      });
      expect(late).toEqual([]);
    },
  );
  fc.assert(property, { numRuns: 50 });
});

test('what may still be cheaper than a target is neither left out nor bounded too high, however close costs lie', () => {
  const property = fc.property(
    arbitraryLattice,
    fc.array(fc.nat({ max: 5 }), { minLength: 36, maxLength: 36 }),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 64 }),
    fc.nat({ max: 30 }),
    fc.boolean(),
    (drawn, steps, isLeft, target, isCheapKnown) => {
      // Of a range of a million, whatever stands on one step of the order differs by up to fifteen.
      const sizes = [...drawn.slice(0, 5), 2];
      const map = createLatticeMap(sizes);
      const small = drawn.slice(0, 5).map((size, column) => {
        const added = [0, ...steps.slice(6 * column, 6 * column + size - 1)];
        return added.map((_, level) => added.slice(0, level + 1).reduce((sum, step) => sum + step));
      });
      const order = orderNodes(map, [...small, [0, 1_000_000]]);
      const { places, costOf, isBeyond, boundLeft } = order;
      const costs = Array.from(places, costOf);
      const end = costs.findIndex((cost) => isBeyond(cost, target));
      expect(costs.slice(end).filter((cost) => cost <= target)).toEqual([]);
      const left = new Set(
        places.filter(
          (place, index) => isLeft[index % isLeft.length] && (!isCheapKnown || costOf(place) > target + order.step),
        ),
      );
      const bound = boundLeft((place) => !left.has(place), target);
      // Nodes may be known by their cost alone, which is then more than the target.
      expect(bound).toBeLessThanOrEqual(Math.min(target, ...Array.from(left, costOf)));
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test('a set of nodes holds what was added, one by one, below a node, or where it is dear', () => {
  const property = fc.property(
    arbitraryLattice,
    fc.array(fc.nat({ max: 99 }), { minLength: 36, maxLength: 36 }),
    fc.nat(),
    fc.nat({ max: 300 }),
    (sizes, numbers, at, least) => {
      const map = createLatticeMap(sizes);
      const nodes = listAll(sizes);
      const top = nodes[at % nodes.length]!;
      const isBelow = (node: readonly number[]) => node.every((level, column) => level <= top[column]!);
      const costs = sizes.map((size, column) => numbers.slice(6 * column, 6 * column + size));
      const costOf = (node: readonly number[]) => node.reduce((sum, level, column) => sum + costs[column]![level]!, 0);
      const held = (set: ReturnType<typeof createNodeSet>) => nodes.filter((node) => set.has(map.placeOf(node)));
      const [one, below, dear] = [createNodeSet(map), createNodeSet(map), createNodeSet(map)];
      one.add(map.placeOf(top));
      expect(held(one)).toEqual([top]);
      below.addBelow(top);
      expect(held(below)).toEqual(nodes.filter(isBelow));
      dear.addDearBelow(top, costs, least);
      expect(held(dear)).toEqual(nodes.filter((node) => isBelow(node) && costOf(node) >= least));
      one.addAll(dear.words);
      expect(held(one)).toEqual(nodes.filter((node) => node === top || (isBelow(node) && costOf(node) >= least)));
      one.become(below);
      expect(held(one)).toEqual(held(below));
    },
  );
  fc.assert(property, { numRuns: 100 });
});

describe('nodes at which a tuple is said to be in too small a class', () => {
  test.each([
    ['few subjects are asked for', (least: number) => least],
    ['so many that counts take two bytes', () => 70],
    ['as many as can be counted', () => MOST_COUNTED],
  ])('%s', (_, asked) => {
    let [said, small] = [0, 0];
    const property = fc.property(arbitraryTable(arbitrarySizes), (table) => {
      const { histogram, ladders, merger, finest, least } = poseLattice(table);
      const nodes = listNodes(ladders);
      const most = asked(least);
      const map = createLatticeMap(ladders.map(({ levels }) => levels.length));
      const find = createLostNodes(histogram, ladders, finest.subjects, most, map);
      const set = createNodeSet(map);
      const tables = nodes.map((node) => ({
        node,
        merged: merger.merge(finest, node),
        classOf: merger.assign(finest, node).classOf.slice(),
      }));
      for (let tuple = 0; tuple < histogram.tuples; tuple++) {
        set.become({ ...set, words: find(tuple) });
        for (const { node, merged, classOf } of tables) {
          let counted = 0;
          for (let other = 0; other < histogram.tuples; other++)
            if (classOf[other] === classOf[tuple]) counted += finest.subjects[other]!;
          expect(set.has(map.placeOf(node))).toBe(counted < most);
          if (merged.subjects[classOf[tuple]!]! < most) small += 1;
          if (counted < most) said += 1;
        }
      }
    });
    fc.assert(property, { numRuns: 20, seed: 7 });
    // Subjects with rows in several tuples count more than once: that hides some, and makes up none.
    expect(said).toBeLessThanOrEqual(small);
    expect(said).toBeGreaterThan(0);
  });
});

function poseSearch(table: Table, kind: 'loss' | 'entropy', budget: SearchBudget = NO_BUDGET) {
  const { histogram, ladders, weights, least, ...rest } = poseLattice(table);
  const metric = createMetric(kind, histogram, ladders, weights);
  const { levels, addLost } = metric;
  if (!levels || !addLost) throw new Error('It is a sum over columns.');
  const search: LatticeSearch = {
    ...rest,
    sizes: ladders.map((ladder) => ladder.levels.length),
    metric,
    guide: createLossModel(histogram, ladders, weights).levels,
    budget,
  };
  const counter = createRowCounter({ histogram, ladders, least, limit: rest.limit });
  return { ...search, metric: { ...metric, levels, addLost }, counter, histogram, ladders, least };
}

describe('both searches of wide lattices find what the search by counts finds', () => {
  test.each(['loss', 'entropy'] as const)('%s', (kind) => {
    const property = fc.property(arbitraryTable(arbitrarySizes), (table) => {
      const search = poseSearch(table, kind);
      const { checked: _, ...counted } = searchLattice(search);
      const { checked, ...found } = searchWideLattice(search);
      expect(found).toEqual(counted);
      expect(checked).toBeGreaterThan(0);
      const { checked: scouted, ...boxed } = searchByBoxes(search);
      expect(boxed).toEqual(counted);
      expect(scouted).toBeGreaterThan(0);
    });
    fc.assert(property, { numRuns: 60 });
  });
});

/** The same search by a metric that adds up other costs: each level's, and so much for every row lost. */
function priceSearch(search: ReturnType<typeof poseSearch>, steps: readonly number[], price: number) {
  const levels = search.sizes.map((size, column) => {
    const own = steps.slice(6 * column + 1, 6 * column + size);
    return Array.from({ length: size }, (_, level) => own.slice(0, level).reduce((sum, step) => sum + step, 0));
  });
  const before = (node: readonly number[]) => node.reduce((sum, level, column) => sum + levels[column]![level]!, 0);
  const metric: typeof search.metric = {
    levels,
    before,
    addLost: (lost) => {
      const added = price * (lost[0]?.reduce((sum, rows) => sum + rows, 0) ?? 0);
      return levels.map((own, column) => own.map(() => (column === 0 ? added : 0)));
    },
    measure: ({ rows }, node, { fails, losses }) => {
      const added = fails.reduce((sum, fail, at) => sum + fail * rows[at]!, 0);
      const lost = fails.reduce((sum, fail, at) => sum + fail * rows[at]! * losses[at]!, 0);
      return { cost: before(node) + price * added, lost: price * lost };
    },
  };
  return { ...search, metric };
}

test('whatever levels and lost rows cost, and whatever is guessed of nodes, the best is found', () => {
  // Some differ by less than the order of nodes tells apart.
  const steps = fc.array(fc.constantFrom(0, 3e-6, 1e-5, 2e-5, 1e-3, 0.01, 0.05, 0.3), { minLength: 18, maxLength: 18 });
  const prices = fc.constantFrom(0, 1e-3, 0.02);
  const property = fc.property(
    arbitraryTable(arbitrarySizes),
    steps,
    prices,
    fc.boolean(),
    (table, own, price, isMisled) => {
      const search = priceSearch(poseSearch(table, 'loss'), own, price);
      const { estimate } = search.counter;
      const guess: typeof estimate = (node) => ({
        ...estimate(node),
        ...(isMisled && { lostRows: Number.POSITIVE_INFINITY }),
      });
      const { best } = searchLattice(search);
      const found = searchWideLattice({ ...search, counter: { ...search.counter, estimate: guess } }).best;
      expect(found?.node).toEqual(best?.node);
    },
  );
  fc.assert(property, { numRuns: 600, seed: 1 });
});

test('whatever is guessed of nodes, what is said to be proven where the search is ended is true', () => {
  const ends = new Set<string>();
  const property = fc.property(arbitraryTable(arbitrarySizes), fc.nat({ max: 60 }), (table, asks) => {
    const { best: optimum } = searchLattice(poseSearch(table, 'loss'));
    let asked = 0;
    const shouldStop = () => ++asked > asks;
    const search = poseSearch(table, 'loss', { classes: Number.POSITIVE_INFINITY, shouldStop });
    const estimate = () => ({ lostRows: Number.POSITIVE_INFINITY, seen: 1 });
    const { best, gap, endedBy } = searchWideLattice({ ...search, counter: { ...search.counter, estimate } });
    if (!best) return;
    expect(best.cost * (1 - gap)).toBeLessThanOrEqual(optimum!.cost + 1e-12);
    if (endedBy && best.cost > optimum!.cost + 1e-9) ends.add(gap < 0.3 ? 'with a small gap' : 'with a large one');
  });
  fc.assert(property, { numRuns: 600, seed: 3 });
  expect([...ends].sort()).toEqual(['with a large one', 'with a small gap']);
});

test('wherever both searches of wide lattices are ended, what they say is proven is true of all nodes', () => {
  const ends = new Set<string>();
  const property = fc.property(arbitraryTable(arbitrarySizes), fc.nat({ max: 60 }), (table, asks) => {
    const { best: optimum } = searchLattice(poseSearch(table, 'loss'));
    for (const find of [searchWideLattice, searchByBoxes]) {
      let asked = 0;
      const shouldStop = () => ++asked > asks;
      const { best, gap, endedBy } = find(poseSearch(table, 'loss', { classes: Number.POSITIVE_INFINITY, shouldStop }));
      if (endedBy === undefined) expect([gap, best]).toEqual([0, optimum]);
      if (!best) continue;
      expect(best.cost).toBeGreaterThanOrEqual(optimum!.cost - 1e-12);
      expect(best.cost * (1 - gap)).toBeLessThanOrEqual(optimum!.cost + 1e-12);
      if (best.cost > optimum!.cost + 1e-9) ends.add('with one that is not the best');
      if (endedBy && gap < 0.3 && gap > 0) ends.add('with a gap that is small');
    }
  });
  fc.assert(property, { numRuns: 100, seed: 3 });
  expect([...ends].sort()).toEqual(['with a gap that is small', 'with one that is not the best']);
});

describe('columns that do not depend on each other, where each node that is too fine loses another tuple', () => {
  const rows = 3000;
  const posed = poseTable(generateEven(rows, { k: 5, l: [], t: [], suppressAtMost: 0 }));
  const solveWithin = (looks: number) => {
    const solved = solveGeneralisation({ ...posed, budget: { classes: looks * rows } });
    if (solved.kind !== 'solved') throw new Error(solved.reason);
    return solved.search;
  };

  test('a good node is found before much is looked at', () => {
    const { cost, endedBy } = solveWithin(100);
    expect(endedBy).toBe('budget');
    expect(cost).toBeCloseTo(solveWithin(Number.POSITIVE_INFINITY).cost, 9);
  });

  test('that it is the best is proven by a look at each of those', () => {
    expect(solveWithin(1500)).toMatchObject({ gap: 0 });
  });
});
