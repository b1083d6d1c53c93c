import type { PlannedLeg } from '../../agreement/plan/plan';
import { listWordsFor, whenGrantIsDue } from '../../enforcement/breaches/when-grant-is-due';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { CommitmentRecord, Equivocation } from '../../registry/round-records';
import { entitlementsAt } from '../entitlements/entitlements-at';
import { listHeldVersions, retentionEndsAt } from '../entitlements/retention-ends-at';
import { listNotPassedOn } from './find-accepted';
import { hasFallenOut } from './version-of-word';

/** What peers' rooms have said. */
export interface PeerWords {
  readonly commitments: readonly CommitmentRecord[];
  readonly equivocations: readonly Pick<Equivocation, 'round' | 'at'>[];
}

/** What a peer's room has to grant to this side, since every leg of the round was committed to. */
export interface OwedGrant {
  readonly leg: PlannedLeg;
  /** Day of the round. */
  readonly round: string;
  /** From when on it is in breach: UTC, ISO 8601. */
  readonly since: string;
}

/**
 * The releases that peers' rooms have to grant to this side, granted or not: of rounds to which all have committed, and not while
 * the agreement stands still or withholds them itself, or their time is over. What others said counts from when it was heard here, between two
 * others from when its receiver's room was heard to believe it: when they said it is their own word. Of a round in which somebody
 * has said two things nothing is owed: to another room the round may rightly look otherwise. Nor is anything of one that an
 * amendment takes back, promised under several versions, nor a leg that has fallen out of its round by one.
 * @param now UTC, ISO 8601
 */
export function listOwedGrants(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  { commitments, equivocations }: PeerWords,
  now: string,
): readonly OwedGrant[] {
  // Nobody can publish then; what that puts off it puts off afterwards.
  if (conduct.state === 'suspended') return [];
  const versions = listHeldVersions(plan, conduct, now);
  return conduct.rounds.flatMap(({ day: round, legs }) => {
    const made = commitments.filter((each) => each.round === round && each.says === 'committed');
    if (equivocations.some((each) => each.round === round)) return [];
    if (legs.some((leg) => !made.some((commitment) => commitment.leg === leg))) return [];
    // Nobody owes before it was passed on, whatever its receiver has granted.
    if (listNotPassedOn({ plan, conduct }, made, { day: round, legs }).length > 0) return [];
    if (new Set(made.map(({ version }) => version)).size > 1) return [];
    const last = made
      .map(({ at, heardAt = at, acceptedAt = heardAt }) => acceptedAt)
      .reduce((a, b) => (Date.parse(a) > Date.parse(b) ? a : b));
    const isOwed = (leg: string) =>
      made.some((each) => each.leg === leg && !hasFallenOut({ plan, conduct }, each)) && legs.includes(leg);
    return plan.incoming
      .filter((leg) => isOwed(leg.id) && !isWithheld({ plan, conduct }, leg, last, now))
      .filter((leg) => Date.parse(now) < Date.parse(retentionEndsAt(last, leg, versions)))
      .map((leg) => {
        const since = whenGrantIsDue(plan, conduct, leg, { begin: last, span: PEER_PATIENCE });
        return { leg, round, since };
      });
  });
}

/** Whether the agreement itself withholds a leg now, or a word does that may put off what was promised by `last`. */
function isWithheld(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  leg: PlannedLeg,
  last: string,
  now: string,
): boolean {
  const told = listWordsFor(plan, conduct, leg, last);
  return entitlementsAt(plan, { ...conduct, told }, now, [leg]).some(
    ({ reason }) => reason !== 'agreed' && reason !== 'no-complete-round' && reason !== 'withdrawn',
  );
}

/** How long another room may take to its grants from the last commitment of a round, not counting what was withheld by a word. */
const PEER_PATIENCE = 'P1D';
