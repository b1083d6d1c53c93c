import canonicalize from 'canonicalize';
import { allLegs } from '../agreement/all-legs';
import { addDuration } from '../agreement/duration';
import type { SidePlan } from '../agreement/plan-for-side';
import type { SignatureAlgorithm, VerifySignature, VersionSignature } from '../agreement/signature';
import { encodeText } from '../audit/bytes';
import type { BreachReport } from '../enforcement/breach-report';
import type { DueRound } from './list-rounds';

/** What one peer's room promises the others before anybody grants: this release, with this certificate, is ready. */
export interface Commitment {
  readonly agreement: string;
  readonly version: number;
  /** The content that all have signed. */
  readonly content: string;
  readonly round: string;
  readonly leg: string;
  /** The party that gives. */
  readonly from: string;
  /** Of the released file, and of its certificate's canonical JSON. */
  readonly sha256: string;
  readonly certificate: string;
  readonly at: string;
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: string;
  readonly signature: string;
}

export type CommitmentFault =
  | 'other-agreement'
  | 'other-version'
  | 'unknown-leg'
  | 'not-the-giver'
  | 'other-key'
  | 'not-genuine';

/** The bytes that are signed. */
export function writeCommitment({ signature: _, publicKey: __, algorithm: ___, ...said }: Commitment): Uint8Array {
  return encodeText(canonicalize({ purpose: 'barter-room/commit-release/1', ...said }) ?? '');
}

/** What is wrong with a commitment; undefined for one that holds. Signed with the key that its giver signed the agreement with. */
export function checkCommitment(
  plan: SidePlan,
  commitment: Commitment,
  signatures: readonly VersionSignature[],
  verify: VerifySignature,
): CommitmentFault | undefined {
  const { id, version, content } = plan.agreement;
  if (commitment.agreement !== id) return 'other-agreement';
  if (commitment.version !== version || commitment.content !== content) return 'other-version';
  const leg = allLegs(plan).find((each) => each.id === commitment.leg);
  if (leg === undefined) return 'unknown-leg';
  if (leg.from !== commitment.from) return 'not-the-giver';
  const own = signatures.find(({ party }) => party === commitment.from);
  if (own?.publicKey !== commitment.publicKey || own.algorithm !== commitment.algorithm) return 'other-key';
  return verify(writeCommitment(commitment), commitment) ? undefined : 'not-genuine';
}

export type PeerRound =
  | { readonly kind: 'waits'; readonly missing: readonly string[] }
  /** Every leg is committed: this side grants its own. */
  | { readonly kind: 'grant'; readonly legs: readonly string[] }
  /** All committed and this side granted, and others did not within a day. */
  | { readonly kind: 'broken'; readonly breaches: readonly BreachReport[] }
  | { readonly kind: 'done' };

/**
 * Where a round between peers' rooms stands for this side. Nobody grants before all have committed; whoever has committed
 * and does not grant is in breach.
 * @param commitments those that hold, this side's own among them
 * @param granted legs that are known to be granted: this side's by itself, another's by its receiver
 */
export function judgePeerRound(
  plan: SidePlan,
  { day, legs }: DueRound,
  commitments: readonly Commitment[],
  granted: ReadonlySet<string>,
  now: string,
): PeerRound {
  const made = commitments.filter(({ round }) => round === day);
  const missing = legs.filter((leg) => !made.some((commitment) => commitment.leg === leg));
  if (missing.length > 0) return { kind: 'waits', missing };
  const own = plan.legs.map(({ id }) => id).filter((id) => legs.includes(id) && !granted.has(id));
  if (own.length > 0) return { kind: 'grant', legs: own };
  const late = plan.incoming.filter(({ id }) => legs.includes(id) && !granted.has(id));
  if (late.length === 0) return { kind: 'done' };
  const last = made.map(({ at }) => at).reduce((a, b) => (Date.parse(a) > Date.parse(b) ? a : b));
  const since = addDuration(last, PATIENCE);
  if (Date.parse(now) < Date.parse(since)) return { kind: 'done' };
  const agreement = plan.agreement.id;
  const breaches = late.map(({ id, from }): BreachReport => {
    const report = `not-granted:${id}:${day}`;
    return {
      report,
      agreement,
      breach: 'committed-not-granted',
      party: from,
      leg: id,
      round: day,
      since,
      reportedAt: now,
    };
  });
  return { kind: 'broken', breaches };
}

/** How long another room may take from the last commitment to its grants. */
const PATIENCE = 'P1D';
