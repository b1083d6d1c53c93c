import { digestSpan } from '../../domain/audit/integrity/place-findings';
import type { DigestFile } from '../../domain/audit/integrity/trail-copy';
import type { LogKey } from '../../domain/audit/integrity/trail-key';
import type { AuditRun } from '../audit-run';
import { NothingLogged } from '../logs/nothing-logged';
import type { LogScan } from '../logs/scan-logs';

const HOUR_MS = 60 * 60 * 1000;

/**
 * What was asked for; where nothing was, the hours that the accesses and the names of the log files fill, and what digests are
 * of: a file that is missing at the ends is then missing from the period.
 * @throws NothingLogged
 */
export function findPeriod(
  { from, to }: AuditRun,
  { results }: LogScan,
  delivered: readonly LogKey[],
  digests: readonly DigestFile[],
) {
  const ends = results.flatMap(({ first = [], last = [] }) => [first, last].flat());
  const times = [...ends, ...delivered.map((log) => log.delivered)].toSorted();
  const [first = from ?? to] = times;
  if (first === undefined || (times.length === 0 && (from === undefined || to === undefined)))
    throw new NothingLogged('Nothing in the logs tells of a time, so that no period can be told.');
  const last = times.at(-1) ?? first;
  const spans = digests.flatMap((digest) => digestSpan(digest) ?? []);
  const begin = Math.floor(Date.parse(first) / HOUR_MS) * HOUR_MS;
  const end = (Math.floor(Date.parse(last) / HOUR_MS) + 1) * HOUR_MS;
  return {
    from: from ?? formatTime(spans.reduce((least, span) => Math.min(least, span.from), begin)),
    to: to ?? formatTime(spans.reduce((most, span) => Math.max(most, span.to), end)),
  };
}

function formatTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
