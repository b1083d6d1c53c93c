import type { PlannedDataset } from '../../agreement/plan/plan';
import type { TDistance } from '../models/privacy-floor';
import type { SearchRecord } from '../search/solution';
import type { CertifiedSearch, RiskMeasures, RowCounts } from './certificate';
import type { MeasuredClasses } from './release-measurement';

/**
 * What a certificate tells its reader, who holds the release: what can be worked out from the release itself; counts of
 * what is not in it as multiples of k, rounded up; and measures of the whole delivery so coarsely, and on the worse side,
 * that one person more or less, or another value of theirs, hardly ever shows. Exact, each of these would confirm a guess
 * about somebody who was left out. Promises are judged before, by the exact figures.
 */

/** Where no k is agreed. */
const LEAST_COUNTED = 10;

/** They add up as the exact counts do; `released` is exact. */
export function showRows(
  { received, rejected, rejectedBy, suppressed, marked, released }: RowCounts,
  { privacy: floor, clean: { rejectAbove } }: Pick<PlannedDataset, 'privacy' | 'clean'>,
): RowCounts {
  const step = floor?.k ?? LEAST_COUNTED;
  const roundUp = (count: number) => Math.ceil(count / step) * step;
  const marks = marked === undefined ? 0 : roundUp(marked);
  // What was accepted, and not treated: a gate stopped it.
  const waiting = roundUp(received - rejected - suppressed - (marked ?? 0) - released);
  // No more than is agreed: what passed its gate must not look as if it had not.
  const suppressible = floor ? countWithin(floor.suppressAtMost, waiting + released + marks) : Number.POSITIVE_INFINITY;
  const left = Math.max(suppressed, Math.min(roundUp(suppressed), suppressible));
  const accepted = waiting + left + marks + released;
  const refused = Math.max(rejected, Math.min(roundUp(rejected), countWithin(rejectAbove, accepted)));
  return {
    received: refused + accepted,
    rejected: refused,
    rejectedBy: rejectedBy
      .map(({ reason, rows }) => ({ reason, rows: Math.min(roundUp(rows), refused) }))
      .toSorted((one, other) => other.rows - one.rows || (one.reason < other.reason ? -1 : 1)),
    suppressed: left,
    ...(marked === undefined ? {} : { marked: marks }),
    released,
  };
}

/** The most that may be left out beside so many that stay, for it to be at most this share of both. */
function countWithin(share: number, kept: number): number {
  if (share >= 1) return Number.POSITIVE_INFINITY;
  const most = Math.floor((share / (1 - share)) * kept + 1e-6);
  return most > share * (most + kept) ? Math.max(0, most - 1) : most;
}

/** Loss as it is told: of what is left, two significant digits, and no more than there is. */
export function showLoss(loss: number): number {
  return cleanDigits(1 - roundTo(1 - loss, 2, Math.floor));
}

/** Risks of the untreated rows: 1, 0.5, 0.2, 0.1 and so on. With nine steps in ten one person would show twice as often. */
export function showRiskBefore({ prosecutor, journalist, marketer, unique }: RiskMeasures): RiskMeasures {
  const show = (risk: number) => Math.min(1, roundToStep(risk));
  return {
    prosecutor: show(prosecutor),
    journalist: show(journalist),
    marketer: show(marketer),
    unique: show(unique),
  };
}

/** Without the cost: it is the loss, or another sum over all rows. */
export function showSearch({ cost: _, gap, ...search }: SearchRecord): CertifiedSearch {
  return { ...search, ...(gap !== undefined && { gap: roundTo(gap, 2, Math.ceil) }) };
}

/** How far classes are from the rows that are released, and no farther than they were found to be allowed from all rows. */
export function showCloseness(
  t: MeasuredClasses['t'],
  { privacy: floor }: Pick<PlannedDataset, 'privacy'>,
): readonly { readonly column: string; readonly distance: number; readonly measure: TDistance }[] {
  return t.map(({ column, measure, ofReleased }) => {
    const agreed = floor?.t.find((asked) => asked.column === column && asked.distance === measure);
    return { column, distance: Math.min(ofReleased, agreed?.atMost ?? 1), measure };
  });
}

function roundTo(figure: number, digits: number, round: (figure: number) => number): number {
  if (!(figure > 0) || !Number.isFinite(figure)) return figure;
  const scale = 10 ** (digits - 1 - Math.floor(Math.log10(figure)));
  // 0.29 × 100 is 28.999999999999996.
  return cleanDigits(round(cleanDigits(figure * scale)) / scale);
}

/** The next above of 1, 2 and 5, times a power of ten. */
function roundToStep(figure: number): number {
  if (!(figure > 0) || !Number.isFinite(figure)) return figure;
  const power = 10 ** Math.floor(Math.log10(figure));
  const step = [1, 2, 5, 10].find((each) => each >= cleanDigits(figure / power)) ?? 10;
  return cleanDigits(step * power);
}

function cleanDigits(figure: number): number {
  return Number(figure.toPrecision(12));
}
