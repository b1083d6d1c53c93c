import type { EventSummary } from '../records/read-summary';
import { openReported, type ReportedPeriod } from './find-lateness';

/** The reports of the time before, as far as counts of their time can be compared now. */
export interface EarlierCounts {
  readonly periods: readonly ReportedPeriod[];
  /** When the last file was delivered that these were made of and that is not here, in milliseconds; absent: all are here. */
  readonly missingUntil?: number;
  /** Whether these were made of a file in which the summary stands. */
  readonly isReported: (summary: EventSummary) => boolean;
}

type Compared = 'in-time' | 'late';

/** File names tell the minute of a delivery. */
const MINUTE_MS = 60_000;

/**
 * Whether a report compares what CloudTrail counted of a window: of its own time, up to what may still be on its way, and of the
 * time before where the count came after the report of it. A window of before is compared where all files that the report of it
 * was made of are here that may hold something of it: a file holds nothing that happened after it was delivered.
 * @param time UTC, ISO 8601: from the beginning of the period to the watermark
 */
export function openCompared(
  time: { readonly from: string; readonly to: string },
  earlier: EarlierCounts | undefined,
): (summary: EventSummary) => Compared | undefined {
  const [begin, end] = [Date.parse(time.from), Date.parse(time.to)];
  const isOfReport = openReported(earlier?.periods ?? []);
  const whole = (earlier?.missingUntil ?? Number.NEGATIVE_INFINITY) + MINUTE_MS;
  return (summary) => {
    const [from, to] = [Date.parse(summary.from), Date.parse(summary.to)];
    if (from >= begin) return to <= end ? 'in-time' : undefined;
    const isLate = to <= begin && isOfReport(from) && earlier?.isReported(summary) === false;
    return isLate && from >= whole ? 'late' : undefined;
  };
}
