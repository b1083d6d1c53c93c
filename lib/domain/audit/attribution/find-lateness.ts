/** UTC, ISO 8601; `to` not included. */
export interface ReportedPeriod {
  readonly from: string;
  readonly to: string;
}

/** By end, then by beginning: the order in which reports name those that they follow. */
export function compareEnds(left: ReportedPeriod, right: ReportedPeriod): number {
  return Date.parse(left.to) - Date.parse(right.to) || Date.parse(left.from) - Date.parse(right.from);
}

/** Times between periods that none of them is of, in order. */
export function listUnreported(periods: readonly ReportedPeriod[]): readonly ReportedPeriod[] {
  const inOrder = periods.toSorted((left, right) => Date.parse(left.from) - Date.parse(right.from));
  let reached = inOrder[0]?.from ?? '';
  return inOrder.flatMap(({ from, to }) => {
    const since = reached;
    if (Date.parse(to) > Date.parse(reached)) reached = to;
    return Date.parse(from) > Date.parse(since) ? [{ from: since, to: from }] : [];
  });
}

/** Of an access that came after the report of its time: no report told of it, or one did, by other records of it. */
export type Lateness = 'whole' | 'further';

/** Whether a report was made of a time, in milliseconds. */
export function openReported(periods: readonly ReportedPeriod[]): (time: number) => boolean {
  const spans = periods.map(({ from, to }) => [Date.parse(from), Date.parse(to)] as const);
  return (time) => spans.some(([first, end]) => time >= first && time < end);
}

/** Where a record stands. */
interface Place {
  readonly file: string;
  readonly record: number;
}

/**
 * Whether an access is one that the report of its time could not tell, because a record of it was delivered only afterwards.
 * @param from beginning of this report's period
 * @param periods of the reports before
 * @param isTold whether one of these was made of what stands there, of a time in milliseconds
 * @returns undefined for what belongs to this period, was told whole, or is of a time of which no report was made yet
 */
export function openLateness(
  from: string,
  periods: readonly ReportedPeriod[],
  isTold: (place: Place, time: number) => boolean,
): (at: string, records: readonly (readonly Place[])[]) => Lateness | undefined {
  const begin = Date.parse(from);
  const isReported = openReported(periods);
  return (at, records) => {
    const time = Date.parse(at);
    if (!(time < begin) || !isReported(time)) return undefined;
    const late = records.filter((places) => places.length > 0 && !places.some((place) => isTold(place, time)));
    if (late.length === 0) return undefined;
    return late.length === records.length ? 'whole' : 'further';
  };
}
