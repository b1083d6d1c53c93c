import type { DecisionRecord } from '../../lib/domain/registry/door-records';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';

/** What another peer's room has put on this room's bus. */
interface Heard extends Pick<DecisionRecord, 'operation' | 'leg' | 'round' | 'clause'> {
  /** Of the event. */
  readonly id: string;
  /** The account that put it there, as EventBridge says: 12 digits. */
  readonly account: string;
  /** Whose signature lets it be believed. */
  readonly policy: string;
}

/** The decision to believe it, or, with what is wrong with it, not to. @param at UTC, ISO 8601 */
export function describeHearing(
  { plan: { agreement, parties } }: AgreementOnRecord,
  { account, policy, ...heard }: Heard,
  fault: string | undefined,
  at: string,
): DecisionRecord {
  // Who says it is only a claim; whose account said it, EventBridge tells.
  const party = parties.find((each) => each.account === account)?.id;
  return {
    ...heard,
    agreement: { id: agreement.id, version: agreement.version },
    effect: fault === undefined ? 'permit' : 'forbid',
    door: 'publication',
    ...(party === undefined ? {} : { party }),
    reason: fault ?? 'agreed',
    policy: fault === undefined ? policy : 'none',
    at,
  };
}
