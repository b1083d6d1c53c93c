import { type Digest, parseDigest } from './digest';
import type { DigestFile } from './trail-copy';
import type { TrailFinding } from './trail-finding';
import { type DigestKey, parseDigestKey, parseLogKey } from './trail-key';
import type { ReadDigest } from './verify-digest';

/** A finding that may be of more than the file that shows it. */
export interface FoundSince extends TrailFinding {
  /** From when on: UTC, ISO 8601. */
  readonly since?: string;
}

/** What happens at the very end of a time is delivered, and named in a digest, at most that much later. */
const SETTLED_MS = 15 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** UTC, ISO 8601; `to` not included. */
interface Period {
  readonly from: string;
  readonly to: string;
}

/**
 * Tells findings that are of the period from those of files in which nothing of it can be: delivered before it, or so long after
 * its end that all of it had been delivered. What has no time of its own is of every period.
 * @param digests those that could be read, by location
 */
export function placeFindings(
  findings: readonly FoundSince[],
  digests: ReadonlyMap<string, ReadDigest>,
  period: Period,
): readonly TrailFinding[] {
  const spans = placeFiles(digests.values());
  return findings.map(({ since, ...finding }) => {
    const span = spans.get(finding.file) ?? spanOfName(finding.file);
    if (finding.kind === 'not-covered' || span === undefined) return finding;
    const from = Math.min(span.from, Date.parse(since ?? '') || span.from);
    return touches({ from, to: span.to }, period) ? finding : { ...finding, outside: true };
  });
}

/** Whether something of the period can be in a log file, by its name. @param file its path */
export function mayTellOf(file: string, period: Period): boolean {
  const span = spanOfName(file);
  return span === undefined || touches(span, period);
}

function touches({ from, to }: Span, period: Period): boolean {
  return to > Date.parse(period.from) && from < Date.parse(period.to) + SETTLED_MS;
}

/** Milliseconds. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a digest is of, by its name and by what it says, believed or not; undefined where neither tells. */
export function digestSpan({ key, file }: DigestFile): Span | undefined {
  const name = parseDigestKey(key);
  const reading = file.kind === 'whole' ? parseDigest(file.content) : undefined;
  return name !== undefined && reading?.kind === 'read' ? spanOfDigest(name, reading.digest) : spanOfName(key);
}

/** One that is not believed may say anything of itself. */
function spanOfDigest({ end }: DigestKey, { digestStartTime, digestEndTime }: Digest): Span {
  const times = [end, digestStartTime, digestEndTime].map((time) => Date.parse(time));
  return { from: Math.min(...times), to: Math.max(...times) };
}

/** Digests, and the logs that they name: those may have been begun before. */
function placeFiles(digests: Iterable<ReadDigest>): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  const widen = (file: string, ...others: readonly (Span | undefined)[]) => {
    const all = [spans.get(file), ...others].flatMap((span) => span ?? []);
    spans.set(file, { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) });
  };
  for (const { location, name, digest } of digests) {
    const span = spanOfDigest(name, digest);
    widen(location, span);
    for (const { s3Bucket, s3Object } of digest.logFiles) {
      const file = `${s3Bucket}/${s3Object}`;
      widen(file, span, spanOfName(file));
    }
  }
  return spans;
}

/** Undefined for what is called neither as a digest nor as a log file. */
function spanOfName(file: string): Span | undefined {
  const digested = Date.parse(parseDigestKey(file)?.end ?? '');
  if (!Number.isNaN(digested)) return { from: digested - HOUR_MS, to: digested };
  const delivered = Date.parse(parseLogKey(file)?.delivered ?? '');
  return Number.isNaN(delivered) ? undefined : { from: delivered, to: delivered + 1 };
}
