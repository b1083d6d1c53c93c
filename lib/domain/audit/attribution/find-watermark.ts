import type { DigestSpan } from '../integrity/digest-span';
import type { ExpectedTrail } from './measure-coverage';

interface WatermarkGrounds {
  /** Those that are expected to have logged. */
  readonly trails: readonly ExpectedTrail[];
  /** Those of `verifyTrail`. */
  readonly spans: readonly DigestSpan[];
  /** When log files were delivered: UTC, ISO 8601. */
  readonly delivered: readonly string[];
  /** Of the accesses: absent where there are none. */
  readonly lastAccess?: string;
  /** Beginning of the period. */
  readonly from?: string;
  /** End of the period that was asked for. */
  readonly to?: string;
}

/** How long CloudTrail may take to deliver. */
export const DELIVERY_MS = 15 * 60 * 1000;

/**
 * Until when all logs have told what they had to tell. Digests say it: a trail's last believed digest names all that was
 * delivered until its end, and the trail that ends first counts. Without digests the last log file that was delivered is
 * the best that is known; without names of log files, the last access. Of the time before the period nothing is judged.
 */
export function findWatermark({ lastAccess, to, ...files }: WatermarkGrounds): string {
  const told = Date.parse(findLastTold(files) ?? lastAccess ?? EPOCH) - DELIVERY_MS;
  const settled = files.from === undefined ? told : Math.max(told, Date.parse(files.from));
  const time = to === undefined ? settled : Math.min(settled, Date.parse(to));
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/**
 * Until when digests, or the names of log files, tell of all; undefined where neither tells anything. Of a trail that ended before
 * the period, another one goes on: that its hours are unproven is told hour by hour.
 */
export function findLastTold({
  trails,
  spans,
  delivered,
  from = EPOCH,
}: Pick<WatermarkGrounds, 'trails' | 'spans' | 'delivered' | 'from'>): string | undefined {
  const ends = trails.flatMap((trail) => lastEnd(trail, spans) ?? []).toSorted();
  if (ends.length === 0) return delivered.toSorted().at(-1);
  return ends.find((end) => Date.parse(end) > Date.parse(from)) ?? ends[0];
}

const EPOCH = '1970-01-01T00:00:00Z';

/** Undefined for a trail of which no digest is believed: that it is unproven is told hour by hour. */
function lastEnd({ trail, account, region }: ExpectedTrail, spans: readonly DigestSpan[]): string | undefined {
  return spans
    .filter((span) => span.trail === trail && span.account === account && span.region === region)
    .filter(({ backfill, state }) => !backfill && state !== 'doubted')
    .map((span) => span.to)
    .toSorted()
    .at(-1);
}
