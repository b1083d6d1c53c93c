import type { Access } from '../../lib/domain/audit/access';
import { FORWARDED_METRIC, STRANGER } from '../../lib/domain/room/forwarded-metric';

/** Counts what partners' accounts tell, however often it is told: what is entered in the end is less. */
export type MeasureForwarded = (accesses: readonly Access[]) => Promise<void>;

interface Forwarding {
  /** 12 digits. */
  readonly roomAccount: string;
  /** Accounts of all parties. */
  readonly listAccounts: () => Promise<ReadonlySet<string>>;
  /** Milliseconds. */
  readonly now: () => number;
  /** Puts a line of JSON with these fields into the log. */
  readonly put: (line: object) => void;
}

/**
 * By the function's own log, of which CloudWatch makes a metric ("Specification: Embedded metric format", CloudWatch User
 * Guide): that can be counted by nobody but who writes there, and is asked of no service.
 */
export function openForwardedMeter({ roomAccount, listAccounts, now, put }: Forwarding): MeasureForwarded {
  const { namespace, name, dimension } = FORWARDED_METRIC;
  return async (accesses) => {
    const others = accesses.flatMap(({ recordedBy }) => (recordedBy === roomAccount ? [] : [recordedBy ?? STRANGER]));
    if (others.length === 0) return;
    const accounts = await listAccounts();
    const counts = new Map<string, number>();
    for (const told of others) {
      const account = accounts.has(told) ? told : STRANGER;
      counts.set(account, (counts.get(account) ?? 0) + 1);
    }
    const metrics = [{ Namespace: namespace, Dimensions: [[dimension]], Metrics: [{ Name: name, Unit: 'Count' }] }];
    for (const [account, count] of counts)
      put({ _aws: { Timestamp: now(), CloudWatchMetrics: metrics }, [dimension]: account, [name]: count });
  };
}
