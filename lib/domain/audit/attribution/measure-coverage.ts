import type { DigestSpan } from '../integrity/digest-span';

/** A trail that should have logged, in one account and region. */
export interface ExpectedTrail {
  readonly trail: string;
  readonly account: string;
  readonly region: string;
}

/** Told apart from all other trails. */
export function nameTrail({ trail, account, region }: ExpectedTrail): string {
  return `${trail} ${account} ${region}`;
}

export interface CoveredHour extends ExpectedTrail {
  /** Start of the hour: UTC, ISO 8601. */
  readonly hour: string;
  readonly state: CoverageState;
}

/**
 * Of what of the hour is in the period: `validated`: believed digests cover all of it, and every log file they name is there.
 * `quiet`: they cover all of it and
 * name none: nothing was logged. `incomplete`: a log file that a digest names is missing or changed. `partly-validated`:
 * digests cover a part. `logged`: there are log files, and no digest. `silent`: nothing tells of this hour; without
 * digests, nobody can say whether there was anything to tell.
 */
export type CoverageState = 'validated' | 'quiet' | 'incomplete' | 'partly-validated' | 'logged' | 'silent';

const HOUR_MS = 60 * 60 * 1000;

/**
 * Measures, hour by hour, what is known of each trail. An hour is that in which log files were delivered, as digests count
 * them: what happened in its last minutes may be in the files of the next.
 * @param spans those of `verifyTrail`
 * @param logs when each log file was delivered, by account and region
 * @param period UTC; begun hours count
 */
export function measureCoverage(
  expected: readonly ExpectedTrail[],
  spans: readonly DigestSpan[],
  logs: Iterable<{ readonly account: string; readonly region: string; readonly delivered: string }>,
  period: { readonly from: string; readonly to: string },
): readonly CoveredHour[] {
  const logged = new Set<string>();
  for (const { account, region, delivered } of logs) logged.add(`${account} ${region} ${startOfHour(delivered)}`);
  return expected.flatMap((trail) => {
    const own = spans.filter(
      (span) => span.trail === trail.trail && span.account === trail.account && span.region === trail.region,
    );
    const byHour = placeInHours(own);
    return listHours(period).map((start): CoveredHour => {
      const has = logged.has(`${trail.account} ${trail.region} ${start}`);
      const hour = new Date(start).toISOString().replace('.000Z', 'Z');
      return { ...trail, hour, state: judgeHour(byHour.get(start) ?? [], hourWithin(start, period), has) };
    });
  });
}

interface Times {
  readonly begin: number;
  readonly end: number;
}

/** What of an hour is in the period. */
function hourWithin(start: number, { from, to }: { readonly from: string; readonly to: string }): Times {
  return { begin: Math.max(start, Date.parse(from)), end: Math.min(start + HOUR_MS, Date.parse(to)) };
}

function judgeHour(spans: readonly DigestSpan[], within: Times, hasLog: boolean): CoverageState {
  if (spans.some(({ state }) => state === 'lacking')) return 'incomplete';
  const believed = spans.filter(({ state, backfill }) => !backfill && (state === 'whole' || state === 'quiet'));
  const covered = measureUnion(believed, within);
  if (covered >= within.end - within.begin)
    return hasLog || spans.some(({ state }) => state === 'whole') ? 'validated' : 'quiet';
  if (covered > 0) return 'partly-validated';
  return hasLog ? 'logged' : 'silent';
}

/** By start of each hour: the spans that reach into it. */
function placeInHours(spans: readonly DigestSpan[]): ReadonlyMap<number, readonly DigestSpan[]> {
  const byHour = new Map<number, DigestSpan[]>();
  for (const span of spans) {
    for (const start of listHours(span).slice(0, MAX_HOURS)) {
      const placed = byHour.get(start);
      if (placed === undefined) byHour.set(start, [span]);
      else placed.push(span);
    }
  }
  return byHour;
}

/** CloudTrail's digests are of one hour each; one that claims a year fills no memory. */
const MAX_HOURS = 10_000;

function listHours({ from, to }: { readonly from: string; readonly to: string }): readonly number[] {
  const first = startOfHour(from);
  const count = Math.max(0, Math.ceil((Date.parse(to) - first) / HOUR_MS));
  return Array.from({ length: count }, (_, at) => first + at * HOUR_MS);
}

function startOfHour(time: string): number {
  return Math.floor(Date.parse(time) / HOUR_MS) * HOUR_MS;
}

/** How much of it they cover; what two cover counts once. */
function measureUnion(spans: readonly DigestSpan[], { begin, end }: Times): number {
  const parts = spans
    .map(({ from, to }) => [Math.max(Date.parse(from), begin), Math.min(Date.parse(to), end)] as const)
    .toSorted(([left], [right]) => left - right);
  let covered = 0;
  let reached = begin;
  for (const [from, to] of parts) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return covered;
}
