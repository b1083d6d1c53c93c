import type { ColumnType } from '../../agreement/plan/plan';
import { formatCount } from '../../format';
import type { Ladder } from '../hierarchies/ladder';
import { createClassMerger } from '../histogram/class-merger';
import { countSubjects } from '../histogram/count-subjects';
import { countTuples } from '../histogram/count-tuples';
import type { Histogram } from '../histogram/histogram';
import { createRollUp } from '../histogram/roll-up-classes';
import { explainUnreachable } from '../models/explain-unreachable';
import { createFloorCriteria, judgeTable } from '../models/floor-criteria';
import { listAskedSubjects } from '../models/list-asked-subjects';
import type { PrivacyFloor } from '../models/privacy-floor';
import { countSuppressible } from '../models/suppression-limit';
import { buildSolution } from './build-solution';
import { countSuppressed } from './count-suppressed';
import { createLossModel, sumCounts } from './loss-model';
import { MOST_COUNTED } from './lost-nodes';
import { createMetric, type MetricKind } from './metric';
import { createRowCounter } from './row-counter';
import { searchByBoxes } from './search-by-boxes';
import { NO_BUDGET, type SearchBudget, type SearchResult, type SolveProgress } from './search-in-passes';
import { type LatticeSearch, MANY_NODES, searchLattice } from './search-lattice';
import { searchWideLattice } from './search-wide-lattice';
import type { Solution, Unreachable } from './solution';

export interface GeneralisationProblem {
  readonly histogram: Histogram;
  /** One per column of the histogram, in its order. */
  readonly ladders: readonly Ladder[];
  /** One per column, above 0. They steer the choice; the reported loss is unweighted. */
  readonly weights: readonly number[];
  readonly floor: PrivacyFloor;
  /** Whether receivers can tell which rows are one subject's: then limits of risk hold for groups with the same set of classes. */
  readonly isFollowed?: boolean;
  /** Of the columns; in multidimensional recoding numbers are cut by their size. Default: text. */
  readonly types?: readonly ColumnType[];
  /** Levels of an earlier round, one per column: nothing is searched, these are taken or none. */
  readonly fixedLevels?: readonly number[];
  /** Default: loss. */
  readonly metric?: MetricKind;
  /** Default: none. Where it ends the search, the best solution found comes with the gap that is proven of it. */
  readonly budget?: SearchBudget;
  /** Called after every node counted. An error it throws ends the search. */
  readonly onProgress?: (progress: SolveProgress) => void;
}

/** Nodes of which a few numbers each fit in memory. */
const MOST_MAPPED = 2 ** 24;
/**
 * Full-domain generalisation: one level per column, so that every class meets the floor once the classes that fail it
 * are suppressed, with the least weighted loss there is (or what else the metric measures). Of equal ones the one with
 * the fewest suppressed rows is taken, then the one of lexicographically smaller levels.
 */
export function solveGeneralisation(problem: GeneralisationProblem): Solution | Unreachable {
  const { histogram, ladders, weights, floor, metric = 'loss', budget = NO_BUDGET, onProgress } = problem;
  assertShape(problem);
  if (problem.fixedLevels) return keepLevels(problem, problem.fixedLevels);
  const criteria = createFloorCriteria(floor, histogram, problem.isFollowed);
  const useful = ladders.map(listUsefulLevels);
  const searched = ladders.map(({ kind, levels }, column) => ({
    kind,
    levels: useful[column]!.map((level) => levels[level]!),
  }));
  const widths = searched.map(({ levels }) => levels.map(({ shown }) => shown.length));
  const merger = createRollUp(createClassMerger(histogram, searched), widths);
  const finest = countTuples(histogram, criteria.sensitive);
  const rows = sumCounts(histogram.rows);
  const limit = countSuppressible(floor.suppressAtMost, rows);
  const nodes = ladders.reduce((product, { levels }) => product * levels.length, 1);
  const coarsest = searched.map(({ levels }) => levels.length - 1);
  const { best, checked, gap, endedBy } = chooseSearch(
    problem,
    searched,
  )({
    finest,
    sizes: useful.map((levels) => levels.length),
    merger,
    criteria,
    metric: createMetric(metric, histogram, searched, weights),
    guide: createLossModel(histogram, searched, weights).levels,
    limit,
    budget,
    ...(onProgress && { onProgress }),
  });
  if (!best && endedBy) return explainUnfinished(checked, nodes);
  if (!best) return explainUnreachable(merger.merge(finest, coarsest), criteria, { rows, limit });
  const solution = buildSolution({ histogram, ladders: searched, criteria, merger, finest, node: best.node });
  return {
    ...solution,
    levels: best.node.map((level, column) => useful[column]![level]!),
    levelCounts: ladders.map(({ levels }) => levels.length),
    lattice: { nodes, checked },
    search: { mode: 'full-domain', metric, cost: best.cost, gap, ...(endedBy && { endedBy }) },
  };
}

/** Where the floor asks for subjects alone and costs are sums over columns, there is a search for lattices of many nodes. */
function chooseSearch({ histogram, floor }: GeneralisationProblem, ladders: readonly Ladder[]) {
  return (search: LatticeSearch): SearchResult => {
    const { sizes, criteria, limit, metric } = search;
    const { levels, addLost } = metric;
    const nodes = sizes.reduce((product, size) => product * size, 1);
    const { averageRisk, linkedRisk } = criteria;
    const isSizeAlone = criteria.criteria.length === 1 && averageRisk === undefined && linkedRisk === undefined;
    if (nodes <= MANY_NODES || !isSizeAlone || !levels || !addLost) return searchLattice(search);
    const least = Math.max(...listAskedSubjects(floor, countSubjects(histogram)).map((asked) => asked.least));
    const wide = { ...search, metric: { ...metric, levels, addLost } };
    const counter = createRowCounter({ histogram, ladders, least, limit });
    if (nodes > MOST_MAPPED || least > MOST_COUNTED) return searchByBoxes({ ...wide, counter });
    return searchWideLattice({ ...wide, counter, histogram, ladders, least });
  };
}

/** Where the most general levels fail and others may pass (t of merged classes can be worse), and time was too short to tell. */
function explainUnfinished(checked: number, nodes: number): Unreachable {
  return {
    kind: 'unreachable',
    reason: `The search was ended when ${formatCount(checked)} of ${formatCount(nodes)} ways to generalise were counted, before one that keeps the floor was found: whether there is one is not known.`,
    remedy:
      'Agree on fewer quasi-identifiers or on fewer levels for them, so that the search comes to its end; or raise suppressAtMost.',
  };
}

/**
 * The classes at the levels of an earlier round. Other levels would let two releases be intersected: somebody in
 * `[20,30)` once and in `[25,45)` later is between 25 and 30.
 */
function keepLevels(problem: GeneralisationProblem, levels: readonly number[]): Solution | Unreachable {
  const { histogram, ladders, weights, floor, metric = 'loss' } = problem;
  if (levels.length !== ladders.length || levels.some((level, column) => !ladders[column]!.levels[level]))
    throw new Error(`The levels of the earlier round do not fit the ${ladders.length} class columns.`);
  const criteria = createFloorCriteria(floor, histogram, problem.isFollowed);
  const merger = createClassMerger(histogram, ladders);
  const finest = countTuples(histogram, criteria.sensitive);
  const table = merger.merge(finest, levels);
  const { cost } = createMetric(metric, histogram, ladders, weights).measure(
    table,
    levels,
    judgeTable(table, criteria),
  );
  const solution = buildSolution({ histogram, ladders, criteria, merger, finest, node: levels });
  const rows = sumCounts(histogram.rows);
  const limit = countSuppressible(floor.suppressAtMost, rows);
  if (solution.suppressedRows > limit) {
    const { linkedRisk: _, ...ofClasses } = criteria;
    // Where nobody has several classes left, sets are the classes.
    const asked = table.spanning.classes.length > 0 ? ofClasses : criteria;
    const failing = countSuppressed(table, judgeTable(table, asked));
    return explainKept({ rows, limit, failing, linked: solution.suppressedRows - failing });
  }
  return {
    ...solution,
    levels,
    levelCounts: ladders.map(({ levels: all }) => all.length),
    lattice: { nodes: 1, checked: 1 },
    search: { mode: 'full-domain', metric, cost, isFixed: true },
  };
}

/** Rows that are lost: `failing` by their classes alone, and `linked` on top, by the sets that classes make. */
function explainKept(lost: Readonly<Record<'rows' | 'limit' | 'failing' | 'linked', number>>): Unreachable {
  const { rows, limit, failing, linked } = lost;
  const failures = [
    ...(failing > 0 ? [`${formatCount(failing)} are in classes that fail the floor`] : []),
    ...(linked > 0
      ? [
          `${formatCount(linked)} are in classes over which somebody can be followed, in sets that too few subjects share for the agreed risk`,
        ]
      : []),
  ];
  return {
    kind: 'unreachable',
    reason: `At the levels of the earlier rounds, of ${formatCount(rows)} rows ${failures.join(' and ')}; ${formatCount(limit)} may be suppressed.`,
    remedy:
      'Agree on a new version of the dataset (an amendment that raises its `version`), which gives it new levels and new tokens; or deliver more subjects.',
  };
}

/**
 * A level that merges nothing the level before it does not can only lose more, and ties go to the lower level. With a
 * population the values that only it has count as well: what they are shown as tells who else is in a class.
 */
function listUsefulLevels({ levels }: Ladder): readonly number[] {
  return levels.flatMap(({ shown }, level) =>
    level > 0 && shown.length === levels[level - 1]!.shown.length ? [] : [level],
  );
}

function assertShape({ histogram, ladders, weights }: GeneralisationProblem): void {
  const columns = histogram.columns.length;
  if (ladders.length !== columns || weights.length !== columns) {
    throw new Error(`A histogram of ${columns} columns needs as many ladders and weights.`);
  }
}
