import type { ClassMerger, Node } from './class-merger';
import { type ClassTable, measureTable } from './class-table';

export interface RollUpOptions {
  /** Smaller tables are counted from as they are. */
  readonly largest?: number;
}

/** Below this, a table more would cost what it saves. */
const LARGEST = 2 ** 15;
/** A table is made on the way where it is sure to be this much smaller than what it is made from. */
const SHRINKAGE = 4;
const KEPT_TABLES = 8;
/** Together they hold at most so many times what all is counted from does: lists of who has rows in several classes hardly shrink. */
const KEPT_SIZE = 2;

interface KeptTable {
  readonly node: Node;
  readonly table: ClassTable;
}

/**
 * A merger that answers as the one it is made of does, and looks at fewer classes: where a node would be counted from a
 * large table, a node on the way there is counted first, and its table is kept for the others above it. Classes of classes
 * are numbered as those of tuples would be. All tables given to it must be of one histogram.
 *
 * @param widths per column and level, how many values are shown: no table has more classes than their product
 */
export function createRollUp(
  { merge, assign }: ClassMerger,
  widths: readonly (readonly number[])[],
  { largest = LARGEST }: RollUpOptions = {},
): ClassMerger {
  /** The one used last comes last. */
  const kept: KeptTable[] = [];

  function use(given: ClassTable, node: Node, table: ClassTable): ClassTable {
    const place = kept.findIndex((each) => each.table === table);
    if (place >= 0) kept.splice(place, 1);
    kept.push({ node, table });
    const most = KEPT_SIZE * measureTable(given);
    let held = kept.reduce((sum, each) => sum + measureTable(each.table), 0);
    while (kept.length > KEPT_TABLES || (held > most && kept.length > 1)) held -= measureTable(kept.shift()!.table);
    return table;
  }

  /** The smallest table that the node can be counted from. */
  function findNearest(given: ClassTable, node: Node): ClassTable {
    let nearest: KeptTable | undefined;
    for (const each of kept) {
      const most = (nearest?.table ?? given).classes;
      if (each.table.classes < most && isOnTheWay(each.node, node)) nearest = each;
    }
    return nearest ? use(given, nearest.node, nearest.table) : given;
  }

  function approach(given: ClassTable, node: Node): ClassTable {
    const nearest = findNearest(given, node);
    if (nearest.classes <= largest) return nearest;
    const step = lowerWithin(widths, node, nearest.classes / SHRINKAGE);
    if (!step || step.every((level, column) => level === node[column])) return nearest;
    return approach(use(given, step, merge(nearest, step)), node);
  }

  return { merge: (table, node) => merge(approach(table, node), node), assign };
}

function isOnTheWay(finer: Node, node: Node): boolean {
  return finer.every((level, column) => level <= node[column]!);
}

/** The node lowered, step by step where it grows least, as long as it has no more than `most` classes for sure. */
function lowerWithin(widths: readonly (readonly number[])[], node: Node, most: number): Node | undefined {
  const widthOf = (column: number, level: number) => Math.max(1, widths[column]![level]!);
  const lowered = [...node];
  let classes = lowered.reduce((product, level, column) => product * widthOf(column, level), 1);
  if (classes > most) return undefined;
  for (;;) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [column, level] of lowered.entries()) {
      if (level === 0) continue;
      const growth = widthOf(column, level - 1) / widthOf(column, level);
      if (growth < least && classes * growth <= most) [best, least] = [column, growth];
    }
    if (best < 0) return lowered;
    lowered[best]! -= 1;
    classes *= least;
  }
}
