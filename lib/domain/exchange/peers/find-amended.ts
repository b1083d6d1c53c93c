import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { Conduct } from '../../registry/conduct';
import type { ReleaseRecord, RoundRecord } from '../../registry/round-records';
import { goesTheSameWay, isTreatedAlike } from '../entitlements/is-treated-alike';

/** What an amendment did to a round that is under way. */
export interface Amended {
  /** The version in force. */
  readonly version: number;
  /** Legs that it has no more. */
  readonly gone: readonly string[];
  /** Legs whose release was made by a version that treats them otherwise. */
  readonly outdated: readonly { readonly leg: string; readonly version: number }[];
  /** Of peers: what each leg was promised under, where that is not one version for all. */
  readonly apart: readonly { readonly leg: string; readonly version: number }[];
}

/** Of whichever side. */
type AnyPlan = Plan & Partial<Pick<SidePlan, 'side' | 'incoming' | 'elsewhere'>>;

/**
 * Of a round that is not over, by the version in force. What a peer's room has promised it has promised, whatever is in force since:
 * another room may have counted on it.
 * @param promised legs of which a peer's room knows that they were promised for the round
 */
export function findAmended(
  plan: AnyPlan,
  { versions }: Pick<Conduct, 'versions'>,
  { day, legs }: Pick<RoundRecord, 'day' | 'legs'>,
  releases: readonly ReleaseRecord[],
  promised: readonly string[] = [],
): Amended {
  const all = new Set(allLegs(plan).map(({ id }) => id));
  const given = new Set(plan.legs.map(({ id }) => id));
  const isPromised = ({ leg }: ReleaseRecord) =>
    plan.side?.kind === 'peer' && (promised.includes(leg) || !given.has(leg));
  const isOld = (release: ReleaseRecord) =>
    isPromised(release)
      ? all.has(release.leg) && !isOnItsWay(release, plan, versions)
      : given.has(release.leg) && !isOfPlan(release, plan, versions);
  const own = releases.filter(({ round }) => round === day);
  const counted = plan.side?.kind === 'peer' ? own.filter((release) => !isOld(release)) : [];
  const isOfOne = new Set(counted.map(({ version }) => version)).size <= 1;
  return {
    version: plan.agreement.version,
    gone: legs.filter((leg) => !all.has(leg)),
    outdated: own.filter(isOld).map(describe),
    apart: isOfOne ? [] : counted.map(describe),
  };
}

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

/** What was promised by one way is handed out by none once its leg goes another. */
function isOnItsWay({ leg, version }: ReleaseRecord, plan: AnyPlan, versions: Conduct['versions']): boolean {
  if (version === plan.agreement.version) return true;
  const made = versions.find((each) => each.plan.agreement.version === version)?.plan;
  return made !== undefined && goesTheSameWay(leg, made, plan);
}

/** A peer's room promises only what the version in force made: the others can tell no other apart. */
function isOfPlan({ leg, version }: ReleaseRecord, plan: AnyPlan, versions: Conduct['versions']): boolean {
  if (version === plan.agreement.version) return true;
  const made = versions.find((each) => each.plan.agreement.version === version)?.plan;
  return plan.side?.kind !== 'peer' && made !== undefined && isTreatedAlike(leg, made, plan);
}
