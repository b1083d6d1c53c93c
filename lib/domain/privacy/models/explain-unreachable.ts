import { formatCount } from '../../format';
import type { ClassTable } from '../histogram/class-table';
import type { Unreachable } from '../search/solution';
import { describeAverageRisk } from './average-risk';
import { explainLinkedRisk } from './explain-linked-risk';
import { type FloorCriteria, judgeTable } from './floor-criteria';
import type { FloorNumber } from './floor-number';
import { roundUpShare } from './round-up-share';

/** `coarsest`: the classes at the most general levels. `limit`: rows that may be suppressed, of `rows`. */
export function explainUnreachable(
  coarsest: ClassTable,
  criteria: FloorCriteria,
  { rows, limit }: { readonly rows: number; readonly limit: number },
): Unreachable {
  const failed = listNumbers(coarsest, criteria).filter(({ failing }) => failing > 0);
  const failures = failed.map(({ failing, failure }) => `${formatCount(failing)} are in classes that ${failure}`);
  const { fails } = judgeTable(coarsest, criteria);
  const suppressed = sumRows(coarsest, (index) => fails[index] === 1);
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
  if (changes.every((change) => change !== undefined)) remedies.push(joinChanges(changes));
  const [only, ...others] = failed;
  if (only?.avoid !== undefined && others.length === 0) remedies.push(only.avoid);
  remedies.push('deliver more subjects');
  return remedies.map((remedy, index) => (index === 0 ? remedy.charAt(0).toUpperCase() + remedy.slice(1) : remedy));
}

/** A group is no larger than its classes: what is told of it, last, is enough for them. */
function joinChanges(changes: readonly string[]): string {
  const lastRisk = changes.findLastIndex((change) => change.startsWith(MAXIMUM_RISK));
  const needed = changes.filter((change, place) => place >= lastRisk || !change.startsWith(MAXIMUM_RISK));
  return [...new Set(needed)].join(' and ');
}

const MAXIMUM_RISK = 'raise risk.maximum';

function listNumbers(table: ClassTable, { criteria, averageRisk, linkedRisk }: FloorCriteria): readonly FloorNumber[] {
  const numbers = criteria.map((criterion): FloorNumber => {
    const { fails } = judgeTable(table, { sensitive: [], criteria: [criterion] });
    return {
      failing: sumRows(table, (index) => fails[index] === 1),
      failure: criterion.failure,
      relax: (spare) => criterion.relax(worstKept(table, criterion.score(table), spare)),
    };
  });
  if (linkedRisk) return [...numbers, explainLinkedRisk(table, linkedRisk)];
  if (averageRisk === undefined) return numbers;
  const { fails } = judgeTable(table, { sensitive: [], criteria: [], averageRisk });
  const classes = table.rows.reduce((sum, rows) => sum + (rows > 0 ? 1 : 0), 0);
  const subjects = table.subjects.reduce((sum, held) => sum + held, 0);
  const average: FloorNumber = {
    failing: sumRows(table, (index) => fails[index] === 1),
    failure: describeAverageRisk(averageRisk),
    relax: () => `raise risk.average to ${roundUpShare(classes / subjects)}`,
  };
  return [...numbers, average];
}

function sumRows(table: ClassTable, fails: (index: number) => boolean): number {
  return table.rows.reduce((sum, rows, index) => sum + (fails(index) ? rows : 0), 0);
}

/** The least measure that must be allowed when the classes below it, of at most so many rows, are suppressed. */
function worstKept(table: ClassTable, measures: ArrayLike<number>, spareRows: number): number {
  const order = Array.from(table.rows.keys())
    .filter((index) => table.rows[index]! > 0)
    .sort((one, other) => measures[one]! - measures[other]!);
  let spare = spareRows;
  for (const index of order) {
    spare -= table.rows[index]!;
    if (spare < 0) return measures[index]!;
  }
  return 0;
}
