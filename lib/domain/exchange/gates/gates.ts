import type { PlannedDataset } from '../../agreement/plan/plan';
import { formatCount, formatShare } from '../../format';
import { showLoss, showSearch } from '../../privacy/certificate/show-figures';
import type { Solution, UnknownValues, Unreachable } from '../../privacy/search/solution';
import type { GateResult } from '../rounds/round';

/** What cleaning counted, as far as its gate cares. */
export interface CleaningCounts {
  readonly received: number;
  readonly rejected: number;
  readonly rejectedBy: readonly { readonly reason: string; readonly rows: number }[];
}

export function judgeCleaning(dataset: PlannedDataset, counts: CleaningCounts): GateResult {
  const { received, rejected, rejectedBy } = counts;
  const { rejectAbove } = dataset.clean;
  const share = `${formatCount(rejected)} of ${formatCount(received)} rows (${formatShare(rejected / received)}) were rejected`;
  const reasons = rejectedBy.slice(0, 3).map(({ reason, rows }) => `${reason}: ${formatCount(rows)} rows`);
  const remedy = `Correct the rejected rows, which on one machine the quarantine file lists, and deliver again. Most frequent: ${reasons.join('; ')}.`;
  if (rejected === received) {
    return { gate: 'cleaning', passed: false, finding: 'Every row was rejected; there is nothing to release.', remedy };
  }
  if (rejected / received > rejectAbove) {
    const finding = `${share}; the agreement refuses a delivery above ${formatShare(rejectAbove)}.`;
    return { gate: 'cleaning', passed: false, finding, remedy };
  }
  // For everybody's eyes, as the counts are not.
  if (rejected === 0) return { gate: 'cleaning', passed: true, finding: 'No row was rejected.' };
  const limit = rejectAbove < 1 ? `no more than the agreed ${formatShare(rejectAbove)}` : 'and no limit is agreed';
  return { gate: 'cleaning', passed: true, finding: `Some rows were rejected, ${limit}.` };
}

export function judgeHierarchies(unknown: readonly UnknownValues[]): GateResult {
  if (unknown.length === 0) {
    return { gate: 'hierarchy', passed: true, finding: 'Every value has its place in its column’s generalisation.' };
  }
  const columns = unknown.map(
    ({ column, file, count }) =>
      `${file} lacks ${count === 1 ? 'a value' : `${formatCount(count)} values`} of column ${column}`,
  );
  const details = unknown.map(({ column, values, count }) => {
    const more = count > values.length ? ` and ${formatCount(count - values.length)} more` : '';
    return `${column}: ${values.map((value) => JSON.stringify(value)).join(', ')}${more}`;
  });
  return {
    gate: 'hierarchy',
    passed: false,
    finding: `${columns.join('; ')}.`,
    remedy: 'Add the values to the hierarchy file in a new version of the agreement, or correct them in the delivery.',
    detail: `The values are ${details.join('; ')}.`,
  };
}

export function judgeSolution(solution: Solution | Unreachable): GateResult {
  if (solution.kind === 'unreachable') {
    return { gate: 'privacy', passed: false, finding: solution.reason, remedy: solution.remedy };
  }
  return { gate: 'privacy', passed: true, finding: describeSearch(solution) };
}

function describeSearch({ classes, lattice: { nodes, checked }, ...solution }: Solution): string {
  const [loss, search] = [showLoss(solution.loss), showSearch(solution.search)];
  const end = search.endedBy === 'clock' ? 'its time was over' : 'its work was done';
  if (search.mode === 'multidimensional') {
    const size = search.endedBy
      ? `as small as the search made them before ${end}`
      : 'each as small as the floor lets it be';
    return `Loss ${formatShare(loss)} in ${formatCount(classes)} regions, ${size}: the mode of higher risk.`;
  }
  if (search.isFixed) return `Loss ${formatShare(loss)} at the levels of the earlier rounds of this dataset version.`;
  const ways = `among ${formatCount(nodes)} ways to generalise (${formatCount(checked)} counted`;
  if (search.endedBy === undefined) {
    const least = search.metric === 'loss' ? 'Least loss' : `Least ${search.metric}, loss`;
    return `${least} ${formatShare(loss)} ${ways}, the others ruled out).`;
  }
  return `Loss ${formatShare(loss)}, the best found ${ways} before ${end}); proven to be within ${formatShare(search.gap ?? 1)} of the least.`;
}

/** `failures`: what the written release does not keep, in words; see `judgeRelease`. */
export function judgeVerification(failures: readonly string[], released: number): GateResult {
  const broken = released > 0 ? failures : [...failures, 'no row would be released'];
  if (broken.length > 0) {
    return {
      gate: 'verification',
      passed: false,
      finding: `The written release was measured again, and ${broken.join('; ')}.`,
      remedy:
        'Deliver more rows, or agree on another floor. If the figures look impossible, report a fault with the certificate’s hashes.',
    };
  }
  return {
    gate: 'verification',
    passed: true,
    finding: 'The written release was measured again and keeps every promise of the floor.',
  };
}
