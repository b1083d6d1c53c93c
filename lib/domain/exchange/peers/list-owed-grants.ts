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
 * others than their giver have the agreement stand still, it withholds them itself, or their time is over. What others said counts
 * from when it was heard here, between two others from when its receiver's room was heard to believe it: when they said it is their
 * own word. Of a round in which somebody has said two things nothing is owed: to another room the round may rightly look otherwise.
 * Nor is anything of one that an amendment takes back, promised under several versions, nor a leg that has fallen out of its round
 * by one.
 * @param now UTC, ISO 8601
 */
export function listOwedGrants(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  { commitments, equivocations }: PeerWords,
  now: string,
): readonly OwedGrant[] {
  const versions = listHeldVersions(plan, conduct, now);
  return conduct.rounds.flatMap(({ day: round, legs }) => {
    const said = commitments.filter((each) => each.round === round);
    const made = said.filter(({ says }) => says === 'committed');
    if (equivocations.some((each) => each.round === round)) return [];
    if (legs.some((leg) => !made.some((commitment) => commitment.leg === leg))) return [];
    if (new Set(made.map(({ version }) => version)).size > 1) return [];
    const isOwed = (leg: string) =>
      legs.includes(leg) && made.some((each) => each.leg === leg && !hasFallenOut({ plan, conduct }, each));
    return plan.incoming
      .filter((leg) => isOwed(leg.id) && !standsStillByOthers(conduct, leg.from))
      .flatMap((leg) => {
        const begin = findBegin({ plan, conduct }, said, { day: round, legs }, leg.from);
        if (begin === undefined || isWithheld({ plan, conduct }, leg, begin, now)) return [];
        if (Date.parse(now) >= Date.parse(retentionEndsAt(begin, leg, versions))) return [];
        return [{ leg, round, since: whenGrantIsDue(plan, conduct, leg, { begin, span: PEER_PATIENCE }) }];
      });
  });
}

/**
 * From when on a giver has time to grant: from the last promise. Nobody owes before all was passed on, whatever its receiver has
 * granted; but who has kept back what was promised to itself alone, and granted to others, owes from when that was heard.
 * @param said of the round: to all that it has
 */
function findBegin(
  on: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  said: readonly CommitmentRecord[],
  round: { readonly day: string; readonly legs: readonly string[] },
  giver: string,
): string | undefined {
  const unheard = listNotPassedOn(on, said, round);
  const when = ({ at, heardAt = at, acceptedAt = heardAt }: CommitmentRecord) => acceptedAt;
  const made = said.flatMap((each) => (each.says === 'committed' ? [when(each)] : []));
  const last = made.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
  if (unheard.length === 0) return last;
  const granted = said
    .flatMap((each) => (each.says === 'granted' && each.from === giver ? [when(each)] : []))
    .sort((one, other) => Date.parse(one) - Date.parse(other))[0];
  if (granted === undefined || last === undefined || unheard.some(({ to }) => to !== giver)) return undefined;
  return Date.parse(granted) > Date.parse(last) ? granted : last;
}

/**
 * Nobody can publish while it stands still, and what that puts off it puts off afterwards. But who alone has it stand still puts off
 * nothing of its own by that: else it could take a round, and then say so for good. Not where a remedy has ended it in its room.
 */
function standsStillByOthers({ state, holders = [], told = [] }: AgreementOnRecord['conduct'], giver: string): boolean {
  if (state !== 'suspended') return false;
  const isEnded = told.some(({ from, measures }) => from === giver && measures.includes('terminate'));
  return isEnded || holders.length === 0 || holders.some((each) => each !== giver);
}

/** Whether the agreement itself withholds a leg now, or a word does that may put off what was promised by `last`. */
function isWithheld(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  leg: PlannedLeg,
  last: string,
  now: string,
): boolean {
  const told = listWordsFor(plan, conduct, leg, last);
  // Where it stands still, that is by the giver alone.
  const goesOn = conduct.state === 'suspended' ? ({ state: 'active', holders: [] } as const) : {};
  return entitlementsAt(plan, { ...conduct, told, ...goesOn }, now, [leg]).some(
    ({ reason }) => reason !== 'agreed' && reason !== 'no-complete-round' && reason !== 'withdrawn',
  );
}

/** How long another room may take to its grants from the last commitment of a round, not counting what was withheld by a word. */
const PEER_PATIENCE = 'P1D';
