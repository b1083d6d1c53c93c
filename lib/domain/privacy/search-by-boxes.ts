import { createBarrenNodes } from './barren-nodes';
import type { Node } from './class-merger';
import { judgeTable } from './floor-criteria';
import { chooseCut, countNodes, isWithin } from './lattice-box';
import type { LossModel } from './loss-model';
import type { Field, Scout } from './scout-classes';
import { createSearchRun, type SearchResult } from './search-in-passes';
import type { LatticeSearch } from './search-lattice';

export interface BoxSearch extends Omit<LatticeSearch, 'guide' | 'metric'> {
  readonly scout: Scout;
  readonly metric: LatticeSearch['metric'] & Required<Pick<LatticeSearch['metric'], 'levels' | 'addLost'>>;
}

/** What every node of a box loses at least. */
interface Bound {
  readonly lostRows: number;
  /** What these rows add, per column and level: the more, the finer the level. */
  readonly lostLevels: LossModel['levels'];
}

/** The search is made in passes, each with a smaller gap, so that an early end leaves a proven one. */
const GAPS = [0.5, 0.25, 0.15, 0.1, 0.07, 0.05, 0.04, 0.03, 0.025, 0.02, 0.015, 0.01, 0.005, 0];
/** Nodes remembered as too fine, and bounds remembered from pass to pass. */
const BARREN_NODES = 16_384;
const KNOWN_BOUNDS = 50_000;
/** Share of the tuples looked at where a node is not likely to be too fine: the small classes tell most of what is lost. */
const EFFORT = 0.1;
/** A look at this share of the tuples is cheap. For so many tuples looked at beyond it a better field is laid out. */
const CHEAP_LOOK = 0.05;
const WORTH_LAYING_OUT = 1;
const FEWEST_NODES = 8;
/** Fields kept at once, and tuples in them: so many times as many as there are, or this many. */
const MOST_FIELDS = 256;
const TIMES_KEPT = 4;
const KEPT_TUPLES = 2e7;

/**
 * The same as `searchLattice` finds, for lattices of so many nodes that the price of looking at one decides: where the
 * metric is a sum over columns, and the floor asks for nothing but subjects. Boxes are ruled out by what a scout tells of
 * their upper corners; rows that are lost there are lost in all of the box, wherever else it goes. Only what may be the
 * best is counted as it is.
 */
export function searchByBoxes(search: BoxSearch): SearchResult {
  const { sizes, merger, criteria, limit, budget, onProgress, scout, finest } = search;
  const { levels, addLost, measure } = search.metric;
  const latticeNodes = sizes.reduce((product, size) => product * size, 1);
  const run = createSearchRun(latticeNodes, budget, onProgress);
  const barren = createBarrenNodes(sizes.length, BARREN_NODES);
  const known = new Map<string, Bound>();
  /** The one used last stands last. */
  const fields: Field[] = [];
  let kept = 0;
  let wasted = 0;

  /** Nothing where all of the box is too fine. */
  function visit(low: Node, top: Node, before: Bound): Bound | undefined {
    if (barren.covers(top)) return undefined;
    const key = top.join();
    const found = known.get(key);
    if (found && found.lostRows >= before.lostRows) return found;
    run.begin();
    const field = chooseField(top);
    // One that would be the best is too fine, or it is the best: that is worth to know.
    const isTelling = mayBeBest(top, before) || isWithin(top, low);
    const sighting = scout.look(field, top, isTelling ? 1 : EFFORT);
    run.spend(sighting.seen);
    wasted += Math.max(0, sighting.seen - CHEAP_LOOK * finest.classes);
    if (sighting.lostRows > limit) return ruleOut(top);
    const bound = sighting.lostRows > before.lostRows ? boundBy(sighting.lostRows, sighting.listLost()) : before;
    if (sighting.isWhole && mayBeBest(top, bound) && !count(top)) return ruleOut(top);
    if (sighting.isWhole) remember(key, bound);
    if (wasted < WORTH_LAYING_OUT * finest.classes || countNodes(low, top) < FEWEST_NODES) return bound;
    const survey = scout.survey(field, top);
    // To lay it out takes about as long as to look at it.
    run.spend(2 * survey.seen);
    if (!survey.field) return ruleOut(top);
    wasted = 0;
    keepField(survey.field);
    if (survey.lostRows <= bound.lostRows) return bound;
    const own = boundBy(survey.lostRows, survey.field.lost);
    remember(key, own);
    return own;
  }

  /** Whether it does not lose more than the limit, as it is. */
  function count(node: Node): boolean {
    const table = merger.merge(finest, node);
    const verdict = judgeTable(table, criteria);
    let suppressed = 0;
    for (let index = 0; index < table.classes; index++) suppressed += verdict.fails[index]! * table.rows[index]!;
    const { cost } = measure(table, node, verdict);
    if (suppressed <= limit) run.offer({ cost, suppressed, node });
    run.spend(finest.classes);
    return suppressed <= limit;
  }

  function ruleOut(node: Node): undefined {
    barren.add(node);
  }

  function remember(key: string, bound: Bound): void {
    if (known.size < KNOWN_BOUNDS || known.has(key)) known.set(key, bound);
  }

  function boundBy(lostRows: number, lost: readonly Float64Array[]): Bound {
    return { lostRows, lostLevels: addLost(lost) };
  }

  function costAt(node: Node, { lostLevels }: Bound): number {
    return sumAt(levels, node) + sumAt(lostLevels, node);
  }

  function mayBeBest(node: Node, bound: Bound): boolean {
    return run.wouldBeBest({ cost: costAt(node, bound), suppressed: bound.lostRows, node });
  }

  /** Of those that are laid out for a coarser node, the one that tells soonest. */
  function chooseField(node: Node): Field {
    let chosen = -1;
    for (const [place, { under, small }] of fields.entries())
      if (small > (fields[chosen]?.small ?? -1) && isWithin(node, under)) chosen = place;
    const [field] = chosen < 0 ? [] : fields.splice(chosen, 1);
    if (!field) return scout.everything;
    fields.push(field);
    return field;
  }

  function keepField(field: Field): void {
    fields.push(field);
    kept += field.rows.length;
    const most = Math.max(TIMES_KEPT * finest.classes, KEPT_TUPLES);
    while (fields.length > MOST_FIELDS || (fields.length > 1 && kept > most)) kept -= fields.shift()!.rows.length;
  }

  /** The upper corner of what can still hold a better node; nothing when none of the box can. */
  function trim(low: Node, high: Node, bound: Bound): Node | undefined {
    const { lostRows: suppressed, lostLevels } = bound;
    const base = costAt(low, bound);
    if (!run.mayImprove({ cost: base, suppressed, node: low })) return undefined;
    return high.map((top, column) => {
      const from = low[column]!;
      const costOf = (level: number) => levels[column]![level]! + lostLevels[column]![level]!;
      const rest = base - costOf(from);
      let level = top;
      while (level > from) {
        const least = { cost: rest + costOf(level), suppressed, node: low.with(column, level) };
        if (run.mayImprove(least)) break;
        level -= 1;
      }
      return level;
    });
  }

  function searchBox(low: Node, high: Node, before: Bound, isVisited: boolean): void {
    let bound = before;
    let top = high;
    let isSettled = isVisited;
    for (;;) {
      const next = trim(low, top, bound);
      run.settle(countNodes(low, top) - (next ? countNodes(low, next) : 0));
      if (!next) return;
      if (isSettled && isWithin(top, next)) break;
      top = next;
      const found = visit(low, top, bound);
      if (!found) {
        run.settle(countNodes(low, top));
        return;
      }
      bound = found;
      isSettled = true;
    }
    const cut = chooseCut(levels, low, top);
    if (!cut) {
      run.settle(1);
      return;
    }
    const { column, lastFiner } = cut;
    searchBox(low.with(column, lastFiner + 1), top, bound, true);
    searchBox(low, top.with(column, lastFiner), bound, false);
  }

  const low = sizes.map(() => 0);
  const high = sizes.map((size) => size - 1);
  const nothing: Bound = { lostRows: 0, lostLevels: levels.map((column) => column.map(() => 0)) };
  return run.pass(GAPS, sumAt(levels, low), () => searchBox(low, high, nothing, false));
}

function sumAt(levels: LossModel['levels'], node: Node): number {
  let sum = 0;
  for (let column = 0; column < node.length; column++) sum += levels[column]![node[column]!]!;
  return sum;
}
