import { allLegs } from '../agreement/all-legs';
import type { Plan } from '../agreement/plan';
import type { SidePlan } from '../agreement/plan-for-side';
import type { Conduct } from '../registry/conduct';
import type { ReleaseRecord, RoundRecord } from '../registry/round-records';
import { isTreatedAlike } from './is-treated-alike';

/** What an amendment did to a round that is under way. */
export interface Amended {
  /** The version in force. */
  readonly version: number;
  /** Legs that it has no more. */
  readonly gone: readonly string[];
  /** Legs whose release was made by a version that treats them otherwise. */
  readonly outdated: readonly { readonly leg: string; readonly version: number }[];
}

/** Of whichever side. */
type AnyPlan = Plan & Partial<Pick<SidePlan, 'side' | 'incoming' | 'elsewhere'>>;

/** Of a round that is not over, by the version in force. */
export function findAmended(
  plan: AnyPlan,
  { versions }: Pick<Conduct, 'versions'>,
  { day, legs }: Pick<RoundRecord, 'day' | 'legs'>,
  releases: readonly ReleaseRecord[],
): Amended {
  const all = new Set(allLegs(plan).map(({ id }) => id));
  const given = new Set(plan.legs.map(({ id }) => id));
  return {
    version: plan.agreement.version,
    gone: legs.filter((leg) => !all.has(leg)),
    outdated: releases
      .filter((release) => release.round === day && given.has(release.leg))
      .filter((release) => !isOfPlan(release, plan, versions))
      .map(({ leg, version }) => ({ leg, version })),
  };
}

/**
 * A release that waits and will not go out: the version in force treats its leg otherwise than the one that it was made by, or
 * has it no more. Its giver is asked again; late it is not, since it had given.
 */
export function isOutdated(release: ReleaseRecord, plan: AnyPlan, { versions }: Pick<Conduct, 'versions'>): boolean {
  return (
    release.state === 'prepared' &&
    ![...(plan.incoming ?? []), ...(plan.elsewhere ?? [])].some(({ id }) => id === release.leg) &&
    !isOfPlan(release, plan, versions)
  );
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

/** A peer's room commits to what the version in force made: the others believe no other certificate. */
function isOfPlan({ leg, version }: ReleaseRecord, plan: AnyPlan, versions: Conduct['versions']): boolean {
  if (version === plan.agreement.version) return true;
  const made = versions.find((each) => each.plan.agreement.version === version)?.plan;
  return plan.side?.kind !== 'peer' && made !== undefined && isTreatedAlike(leg, made, plan);
}
