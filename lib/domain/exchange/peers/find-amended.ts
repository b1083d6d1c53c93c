import { addDuration } from '../../agreement/periods/duration';
import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { Conduct } from '../../registry/conduct';
import type { ReleaseRecord, RoundRecord } from '../../registry/round-records';
import { isTreatedAlike } from '../entitlements/is-treated-alike';
import { whenLeftOut } from '../entitlements/when-left-out';
import { hasFallenOut } from './version-of-word';

/** What an amendment did to a round that is under way. */
export interface Amended {
  /** The version in force. */
  readonly version: number;
  /** Legs that it has no more; of peers: and that nobody has promised, nor will. */
  readonly gone: readonly string[];
  /** Of peers: legs that were promised, and left out or sent another way since. Where all was, the round goes out without them. */
  readonly fallen: readonly string[];
  /** Legs whose release was made by a version that treats them otherwise. */
  readonly outdated: readonly { readonly leg: string; readonly version: number }[];
  /** Of peers: what each leg was promised under, where that is not one version for all. */
  readonly apart: readonly { readonly leg: string; readonly version: number }[];
}

/** Of whichever side. */
type AnyPlan = Plan & Partial<Pick<SidePlan, 'side' | 'incoming' | 'elsewhere'>>;

/** What a peer's room knows of a round. */
interface PeerRound {
  /** Legs that it gives, or gave by an earlier version. */
  readonly gives: readonly string[];
  /** Those of which it knows that they were promised. */
  readonly promised: readonly string[];
  /** UTC, ISO 8601. */
  readonly now: string;
}

/**
 * Of a round that is not over, by the version in force. What a peer's room has promised it has promised, whatever is in force since:
 * another room may have counted on it.
 */
export function findAmended(
  plan: AnyPlan,
  { versions }: Pick<Conduct, 'versions'>,
  round: Pick<RoundRecord, 'day' | 'legs'>,
  releases: readonly ReleaseRecord[],
  peer?: PeerRound,
): Amended {
  const { version } = plan.agreement;
  const given = new Set(plan.legs.map(({ id }) => id));
  const own = releases.filter((each) => each.round === round.day);
  const isOld = (release: ReleaseRecord) => given.has(release.leg) && !isOfPlan(release, plan, versions);
  if (peer === undefined) {
    const gone = round.legs.filter((leg) => !given.has(leg));
    return { version, gone, fallen: [], outdated: own.filter(isOld).map(describe), apart: [] };
  }
  const isPromised = ({ leg }: ReleaseRecord) => peer.promised.includes(leg) || !peer.gives.includes(leg);
  const promised = own.filter(isPromised);
  const outdated = own.filter((release) => !isPromised(release) && isOld(release));
  const counted = own.filter((release) => isPromised(release) || isOfPlan(release, plan, versions));
  const isOfOne = new Set(counted.map((each) => each.version)).size <= 1;
  return {
    version,
    gone: listGone(plan, { versions }, round, promised, peer),
    fallen: promised.filter((each) => hasFallenOut({ plan, conduct: { versions } }, each)).map(({ leg }) => leg),
    outdated: outdated.map(describe),
    apart: isOfOne ? [] : counted.map(describe),
  };
}

/**
 * Who gives a leg that is left out, and has not promised it, never will. The others cannot know: its word may be on its way to them,
 * and another room may have counted on it, so they ask for a day before they give the round up.
 */
function listGone(
  plan: AnyPlan,
  conduct: Pick<Conduct, 'versions'>,
  { day, legs }: Pick<RoundRecord, 'day' | 'legs'>,
  promised: readonly ReleaseRecord[],
  { gives, now }: PeerRound,
): readonly string[] {
  const all = new Set(allLegs(plan).map(({ id }) => id));
  return legs.filter((leg) => {
    if (all.has(leg) || promised.some((each) => each.leg === leg)) return false;
    const at = whenLeftOut(plan, conduct, { leg, since: `${day}T00:00:00Z` }, now);
    return gives.includes(leg) || at === undefined || Date.parse(addDuration(at, WORD_PATIENCE)) <= Date.parse(now);
  });
}

/** How long a word that was lost on its way is asked for. */
const WORD_PATIENCE = 'P1D';

function describe({ leg, version }: ReleaseRecord): { readonly leg: string; readonly version: number } {
  return { leg, version };
}

/**
 * A release that waits and will not go out: the version in force treats its leg otherwise than the one that it was made by, or
 * has it no more. Its giver is asked again; late it is not, since it had given. What a peer's room has promised waits for what
 * the others promise.
 */
export function isOutdated(release: ReleaseRecord, plan: AnyPlan, { versions }: Pick<Conduct, 'versions'>): boolean {
  const isPromised = plan.side?.kind === 'peer' && release.sealed !== undefined;
  return (
    release.state === 'prepared' &&
    !isPromised &&
    ![...(plan.incoming ?? []), ...(plan.elsewhere ?? [])].some(({ id }) => id === release.leg) &&
    !isOfPlan(release, plan, versions)
  );
}

/**
 * Whether a peer's room meant to promise a release and never did, before another version came into force: it can be replaced again,
 * as what is not sealed can.
 */
export function isSealedInVain(
  release: ReleaseRecord,
  plan: AnyPlan,
  conduct: Pick<Conduct, 'versions'>,
  promised: readonly string[],
): boolean {
  const { sealed, ...unsealed } = release;
  return sealed !== undefined && !promised.includes(release.leg) && isOutdated(unsealed, plan, conduct);
}

/**
 * What resumes the workflows that wait for a release that will not go out: its own, unless another leg of the same run still
 * will, and those of the releases that it took the place of, of which no other leg waits.
 * @param all releases of every round
 */
export function listDismissed(
  { token, dismissed = [] }: ReleaseRecord,
  all: readonly ReleaseRecord[],
  plan: AnyPlan,
  conduct: Pick<Conduct, 'versions'>,
): readonly string[] {
  const isOver = (each: string) => all.every((release) => release.token !== each);
  const waitsForNothing =
    token !== undefined && all.filter((each) => each.token === token).every((each) => isOutdated(each, plan, conduct));
  const left = dismissed.filter(isOver);
  return waitsForNothing ? [...left, token] : left;
}

/** A peer's room promises only what the version in force made: the others can tell no other apart. */
function isOfPlan({ leg, version }: ReleaseRecord, plan: AnyPlan, versions: Conduct['versions']): boolean {
  if (version === plan.agreement.version) return true;
  const made = versions.find((each) => each.plan.agreement.version === version)?.plan;
  return plan.side?.kind !== 'peer' && made !== undefined && isTreatedAlike(leg, made, plan);
}
