import type { DigestChain } from '../integrity/verify-chain';

/** A trail that should have logged, in one account and region. */
export interface ExpectedTrail {
  readonly trail: string;
  readonly account: string;
  readonly region: string;
}

export interface CoveredHour extends ExpectedTrail {
  /** Start of the hour: UTC, ISO 8601. */
  readonly hour: string;
  /**
   * `validated`: believed digests cover all of it. `partly-validated`: a part. `logged`: there are log files, and no
   * digest. `silent`: nothing tells of this hour.
   */
  readonly state: 'validated' | 'partly-validated' | 'logged' | 'silent';
}

const HOUR_MS = 60 * 60 * 1000;

/**
 * Measures, hour by hour, what is known of each trail.
 * @param chains those of `verifyTrail`
 * @param logs when each log file was delivered, by account and region
 * @param period UTC; begun hours count
 */
export function measureCoverage(
  expected: readonly ExpectedTrail[],
  chains: readonly DigestChain[],
  logs: Iterable<{ readonly account: string; readonly region: string; readonly delivered: string }>,
  period: { readonly from: string; readonly to: string },
): readonly CoveredHour[] {
  const logged = new Set<string>();
  for (const { account, region, delivered } of logs) logged.add(`${account} ${region} ${startOfHour(delivered)}`);
  return expected.flatMap((trail) => {
    const own = chains.filter(
      (chain) =>
        !chain.backfill &&
        chain.trail === trail.trail &&
        chain.account === trail.account &&
        chain.region === trail.region,
    );
    return listHours(period).map((start): CoveredHour => {
      const covered = own.reduce((sum, chain) => sum + measureOverlap(chain, start), 0);
      const has = logged.has(`${trail.account} ${trail.region} ${start}`);
      const state = covered >= HOUR_MS ? 'validated' : covered > 0 ? 'partly-validated' : has ? 'logged' : 'silent';
      return { ...trail, hour: new Date(start).toISOString().replace('.000Z', 'Z'), state };
    });
  });
}

function listHours({ from, to }: { readonly from: string; readonly to: string }): readonly number[] {
  const first = startOfHour(from);
  const count = Math.max(0, Math.ceil((Date.parse(to) - first) / HOUR_MS));
  return Array.from({ length: count }, (_, at) => first + at * HOUR_MS);
}

function startOfHour(time: string): number {
  return Math.floor(Date.parse(time) / HOUR_MS) * HOUR_MS;
}

function measureOverlap({ from, to }: DigestChain, start: number): number {
  return Math.max(0, Math.min(Date.parse(to), start + HOUR_MS) - Math.max(Date.parse(from), start));
}
