import { compareTexts } from '../../compare-texts';
import { type DigestSpan, describeSpan } from './digest-span';
import { type FoundSince, placeFindings } from './place-findings';
import { formatLocation, type LogFile, type TrailCopy, type TrailCrypto } from './trail-copy';
import { isNotice, type TrailFinding } from './trail-finding';
import { parseLogKey } from './trail-key';
import { type DigestChain, nameStream, verifyChain } from './verify-chain';
import { type ReadDigest, verifyDigest } from './verify-digest';

export interface TrailVerdict {
  /** `intact`: every log file that can tell of the period is the one CloudTrail delivered, and none is missing. */
  readonly kind: 'intact' | 'broken';
  readonly chains: readonly DigestChain[];
  /** Digest by digest, what it vouches for. */
  readonly spans: readonly DigestSpan[];
  readonly findings: readonly TrailFinding[];
  readonly digests: { readonly given: number; readonly believed: number };
  /** `believed`: named by a digest that is believed, and unchanged. */
  readonly logs: { readonly given: number; readonly believed: number };
}

/** A log file's name gives the minute in which it was begun; it may be delivered, and digested, somewhat later. */
const NAME_SLACK_MS = 15 * 60 * 1000;

interface NamedLog {
  readonly hash: string;
  readonly by: string;
  readonly field: string;
}

/** Verifies the integrity of CloudTrail's log files, offline, by their digests. Every finding names file and field. */
export function verifyTrail(crypto: TrailCrypto, copy: TrailCopy): TrailVerdict {
  const found: FoundSince[] = [];
  const digests = new Map<string, ReadDigest>();
  const doubted = new Set<string>();
  const locations = new Set<string>();
  for (const source of copy.digests) {
    const location = formatLocation(source);
    if (locations.has(location)) found.push(repeatedFile(location));
    locations.add(location);
    const { read, findings: own } = verifyDigest(crypto, source, copy.publicKeys);
    if (read !== undefined && !digests.has(location)) digests.set(location, read);
    if (own.length > 0) doubted.add(location);
    found.push(...own);
  }
  const ordered = [...digests.values()].toSorted((left, right) => compareTexts(left.name.end, right.name.end));
  const chains: DigestChain[] = [];
  for (const stream of new Set(ordered.map(nameStream))) {
    const verified = verifyChain(
      ordered.filter((read) => nameStream(read) === stream),
      copy.period,
    );
    chains.push(...verified.chains);
    found.push(...verified.findings);
  }
  const logs = checkLogs(ordered, doubted, copy.logs);
  found.push(...logs.findings);
  const findings = placeFindings(found, digests, copy.period);
  return {
    kind: findings.every(isNotice) && ordered.length > 0 ? 'intact' : 'broken',
    chains,
    spans: ordered.map((read) => describeSpan(read, doubted, logs.files)),
    findings,
    digests: {
      given: copy.digests.length,
      believed: digests.size - [...doubted].filter((at) => digests.has(at)).length,
    },
    logs: { given: logs.given, believed: logs.believed },
  };
}

/** Compares the log files that are there with those that digests name; a log named only by a doubtful digest is not believed. */
function checkLogs(digests: readonly ReadDigest[], doubted: ReadonlySet<string>, logs: Iterable<LogFile>) {
  const findings: TrailFinding[] = [];
  const named = new Map<string, NamedLog>();
  for (const { digest, location: by } of digests) {
    for (const [at, { s3Bucket, s3Object, hashValue: hash }] of digest.logFiles.entries()) {
      const file = `${s3Bucket}/${s3Object}`;
      const field = `logFiles.${at}`;
      const earlier = named.get(file);
      if (earlier === undefined) named.set(file, { hash, by, field });
      else if (earlier.hash === hash)
        findings.push({ kind: 'repeated-log', file, field, detail: `${earlier.by} and ${by} name it.` });
      else
        findings.push({
          kind: 'altered-log',
          file,
          field,
          detail: `${earlier.by} and ${by} give it different hashes.`,
        });
    }
  }
  const ends = lastEnds(digests);
  const seen = new Map<string, LogFile['file']>();
  let [given, believed] = [0, 0];
  for (const log of logs) {
    const file = formatLocation(log);
    given += 1;
    if (seen.has(file)) findings.push(repeatedFile(file));
    seen.set(file, log.file);
    const entry = named.get(file);
    const own = entry === undefined ? [describeUnnamed(log, ends)] : checkLog(log, entry);
    findings.push(...own);
    if (entry !== undefined && own.length === 0 && !doubted.has(entry.by)) believed += 1;
  }
  for (const [file, { by, field }] of named) {
    if (!seen.has(file)) findings.push({ kind: 'missing-log', file, field, detail: `${by} names it.` });
  }
  return { findings, given, believed, files: seen };
}

function checkLog(log: LogFile, { hash, by }: NamedLog): readonly TrailFinding[] {
  const file = formatLocation(log);
  if (log.file.kind === 'broken') {
    const detail = `The log file cannot be read: ${log.file.problem}.`;
    return [{ kind: 'unreadable-log', file, field: 'gzip', detail }];
  }
  const findings: TrailFinding[] = [];
  if (log.file.sha256 !== hash) {
    findings.push({ kind: 'altered-log', file, field: 'content', detail: `${by} gives it another hash.` });
  }
  if (log.file.trailing > 0) {
    const detail = `${log.file.trailing} bytes lie behind the compressed log.`;
    findings.push({ kind: 'trailing-data', file, field: 'gzip', detail });
  }
  return findings;
}

/** What was delivered after the last digest waits for the next; anything else should have been named. */
function describeUnnamed(log: LogFile, ends: ReadonlyMap<string, string>): TrailFinding {
  const file = formatLocation(log);
  const name = parseLogKey(log.key);
  const end = name === undefined ? undefined : ends.get(`${name.account} ${name.region}`);
  if (name !== undefined && end !== undefined && Date.parse(name.delivered) >= Date.parse(end) - NAME_SLACK_MS) {
    const detail = `It came with or after the last digest, which ends at ${end}.`;
    return { kind: 'undigested-log', file, field: 'key', detail };
  }
  return { kind: 'unnamed-log', file, field: 'key', detail: 'No digest names it.' };
}

/** End of the last digest by account and region. */
function lastEnds(digests: readonly ReadDigest[]): ReadonlyMap<string, string> {
  const regular = digests.filter(({ name }) => !name.backfill);
  return new Map(regular.map(({ name, digest }) => [`${name.account} ${name.region}`, digest.digestEndTime]));
}

function repeatedFile(file: string): TrailFinding {
  return { kind: 'repeated-file', file, field: 'key', detail: 'Two files are given under this name.' };
}
