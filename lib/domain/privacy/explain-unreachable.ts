import { formatCount } from '../format';
import type { ClassTable } from './class-table';
import { countDistinct, exceedsT, type FloorCriteria, findLosses } from './floor-criteria';
import type { Unreachable } from './solution';

/** One number of the floor, as the classes at the most general levels keep it. */
interface FloorNumber {
  /** Rows in classes that fail it. */
  readonly failing: number;
  /** What those classes do. */
  readonly failure: string;
  /** The change that lets all classes pass but for so many rows; absent where the language has no such number. */
  readonly relax: (spareRows: number) => string | undefined;
}

/** `coarsest`: the classes at the most general levels. `limit`: rows that may be suppressed, of `rows`. */
export function explainUnreachable(
  coarsest: ClassTable,
  criteria: FloorCriteria,
  { rows, limit }: { readonly rows: number; readonly limit: number },
): Unreachable {
  const failed = listNumbers(coarsest, criteria).filter(({ failing }) => failing > 0);
  const failures = failed.map(({ failing, failure }) => `${formatCount(failing)} are in classes that ${failure}`);
  const losses = findLosses(coarsest, criteria);
  const suppressed = coarsest.rows.reduce((sum, count, index) => sum + (losses[index]! > 0 ? count : 0), 0);
  return {
    kind: 'unreachable',
    reason: `At the most general levels, of ${formatCount(rows)} rows ${failures.join(' and ')}; ${formatCount(limit)} may be suppressed.`,
    remedy: `${listRemedies(failed, { rows, limit, suppressed }).join(', or ')}.`,
  };
}

function listRemedies(
  failed: readonly FloorNumber[],
  { rows, limit, suppressed }: { readonly rows: number; readonly limit: number; readonly suppressed: number },
): readonly string[] {
  const remedies: string[] = [];
  if (suppressed < rows) {
    const percent = Math.ceil((suppressed / rows) * 1000 - 1e-9) / 10;
    remedies.push(`raise suppressAtMost to at least ${percent} %`);
  }
  // Classes that fail one number each may add up to more than the limit: several numbers are made to fit every class.
  const changes = failed.map(({ relax }) => relax(failed.length === 1 ? limit : 0));
  if (changes.every((change) => change !== undefined)) remedies.push(changes.join(' and '));
  remedies.push('deliver more subjects');
  return remedies.map((remedy, index) => (index === 0 ? remedy.charAt(0).toUpperCase() + remedy.slice(1) : remedy));
}

function listNumbers(table: ClassTable, { k, l, t }: FloorCriteria): readonly FloorNumber[] {
  const subjects: FloorNumber = {
    failing: sumRows(table, (index) => table.subjects[index]! < k),
    failure: `hold fewer than ${formatCount(k)} subjects`,
    relax: (spare) => {
      const least = worstKept(table, table.subjects, spare);
      return least >= 2 ? `lower k to ${formatCount(least)}` : undefined;
    },
  };
  const diversity = l.map((criterion): FloorNumber => {
    const { column, atLeast } = criterion;
    const distinct = countDistinct(table, criterion);
    return {
      failing: sumRows(table, (index) => distinct[index]! < atLeast),
      failure: `hold fewer than ${formatCount(atLeast)} values of ${column}`,
      relax: (spare) => {
        const least = worstKept(table, distinct, spare);
        return least >= 2 ? `lower l of ${column} to ${formatCount(least)}` : `ask no l of ${column}`;
      },
    };
  });
  const closeness = t.map(({ column, cells, atMost, measure }): FloorNumber => {
    const distances = measure(table.sensitive[cells]!, table.rows);
    return {
      failing: sumRows(table, (index) => exceedsT(distances[index]!, atMost)),
      failure: `are farther than ${atMost} from the whole delivery in ${column}`,
      relax: (spare) => {
        const greatest = -worstKept(
          table,
          distances.map((distance) => -distance),
          spare,
        );
        return `raise t of ${column} to ${Math.ceil(greatest * 1000 - 1e-9) / 1000}`;
      },
    };
  });
  return [subjects, ...diversity, ...closeness];
}

function sumRows(table: ClassTable, fails: (index: number) => boolean): number {
  return table.rows.reduce((sum, rows, index) => sum + (fails(index) ? rows : 0), 0);
}

/** The least measure that must be allowed when the classes below it, of at most so many rows, are suppressed. */
function worstKept(table: ClassTable, measures: Uint32Array | Float64Array, spareRows: number): number {
  const order = Array.from(measures, (_, index) => index).sort((one, other) => measures[one]! - measures[other]!);
  let spare = spareRows;
  for (const index of order) {
    spare -= table.rows[index]!;
    if (spare < 0) return measures[index]!;
  }
  return 0;
}
