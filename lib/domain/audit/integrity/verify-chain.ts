import type { FoundSince } from './place-findings';
import type { ReadDigest } from './verify-digest';

/** One unbroken run of digests: same account, region and trail, each naming the one before. */
export interface DigestChain {
  readonly account: string;
  readonly region: string;
  readonly trail: string;
  readonly backfill: boolean;
  /** Start of the first and end of the last digest: UTC, ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly digests: number;
  /** Whether its first digest is one that names none before it. */
  readonly startsHere: boolean;
}

/**
 * Verifies how the digests of one account, region and trail hang together; a backfill's hang together by themselves.
 * @param digests of one stream (`nameStream`), in order of their end
 */
export function verifyChain(
  digests: readonly ReadDigest[],
  period: { readonly from: string; readonly to: string },
): { readonly chains: readonly DigestChain[]; readonly findings: readonly FoundSince[] } {
  const byLocation = new Map(digests.map((read) => [read.location, read]));
  const followers = new Map<string, string>();
  const findings: FoundSince[] = [];
  const chains: DigestChain[] = [];
  for (const [at, read] of digests.entries()) {
    const { digest, location, name } = read;
    const { previous } = digest;
    const before = previous === undefined ? undefined : byLocation.get(`${previous.bucket}/${previous.key}`);
    if (previous !== undefined && before !== undefined) {
      findings.push(...checkLink(read, before));
      const rival = followers.get(before.location);
      if (rival !== undefined) {
        const detail = `${rival} follows the same digest.`;
        const since = before.digest.digestStartTime;
        findings.push({ kind: 'forked', file: location, field: 'previousDigestS3Object', detail, since });
      }
      followers.set(before.location, location);
    } else if (previous !== undefined && digest.digestStartTime > period.from) {
      const file = `${previous.bucket}/${previous.key}`;
      findings.push({
        kind: 'missing-digest',
        file,
        field: 'previousDigestS3Object',
        detail: `${location} follows it.`,
      });
    }
    const earlier = digests[at - 1];
    if (!name.backfill && earlier !== undefined) findings.push(...checkTimes(read, earlier));
    const chain = chains.at(-1);
    const continues = chain !== undefined && before !== undefined && before === earlier;
    if (continues) chains[chains.length - 1] = { ...chain, to: digest.digestEndTime, digests: chain.digests + 1 };
    else chains.push(startChain(read));
  }
  const [first, last] = [digests[0], digests.at(-1)];
  if (first !== undefined && last !== undefined && !first.name.backfill) {
    if (first.digest.digestStartTime > period.from) findings.push(notCovered(first, 'digestStartTime', period.from));
    if (last.digest.digestEndTime < period.to) findings.push(notCovered(last, 'digestEndTime', period.to));
  }
  return { chains, findings };
}

/** What digests must share to be of one chain. */
export function nameStream({ name }: ReadDigest): string {
  return [name.account, name.region, name.trail, name.homeRegion, name.backfill].join(' ');
}

function startChain({ name, digest }: ReadDigest): DigestChain {
  const { account, region, trail, backfill } = name;
  const startsHere = digest.previous === undefined;
  return {
    account,
    region,
    trail,
    backfill,
    from: digest.digestStartTime,
    to: digest.digestEndTime,
    digests: 1,
    startsHere,
  };
}

/** The hash is what the official tool passes over: with the signature alone, another file could stand there. */
function checkLink({ digest, location: file }: ReadDigest, before: ReadDigest): readonly FoundSince[] {
  const { previous } = digest;
  const since = before.digest.digestStartTime;
  const findings: FoundSince[] = [];
  if (previous?.hash !== before.hash) {
    const detail = `${before.location} is not the file that was hashed.`;
    findings.push({ kind: 'wrong-previous-hash', file, field: 'previousDigestHashValue', detail, since });
  }
  if (previous?.signature !== before.signature) {
    const detail = `${before.location} does not have this signature.`;
    findings.push({ kind: 'wrong-previous-signature', file, field: 'previousDigestSignature', detail, since });
  }
  return findings;
}

function checkTimes({ digest, location: file }: ReadDigest, earlier: ReadDigest): readonly FoundSince[] {
  const [end, start] = [earlier.digest.digestEndTime, digest.digestStartTime];
  if (end === start) return [];
  const kind = end < start ? 'gap' : 'overlap';
  const detail = `${earlier.location} ends at ${end}, this one begins at ${start}.`;
  return [{ kind, file, field: 'digestStartTime', detail, since: end }];
}

function notCovered({ location: file }: ReadDigest, field: string, time: string): FoundSince {
  const where = field === 'digestStartTime' ? 'No digest before this one reaches' : 'No digest after this one reaches';
  return { kind: 'not-covered', file, field, detail: `${where} ${time}.` };
}
