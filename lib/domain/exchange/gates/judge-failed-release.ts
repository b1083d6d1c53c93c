import type { Plan } from '../../agreement/plan/plan';
import type { BreachReport } from '../../registry/breach-report';
import type { Conduct } from '../../registry/conduct';
import { whenLeftOut } from '../entitlements/when-left-out';
import { isOutdated } from '../peers/find-amended';
import { whenGiven } from '../rounds/list-missed';
import type { RoundOutcome } from '../rounds/round';
import { roundsOfDelivery } from '../rounds/rounds-of-delivery';
import { standReleases } from '../rounds/stand-releases';

/**
 * A delivery that did not pass a gate: no leg of its dataset has a release that can be certified, one report for each leg that
 * it was for. A leg that owes nothing fails nothing.
 * @param at UTC, ISO 8601
 * @param told by leg: the rounds that the delivery was for, where that was said; default: those it would be for
 */
export function reportFailedRelease(
  plan: Plan,
  conduct: Conduct,
  dataset: string,
  at: string,
  told?: ReadonlyMap<string, string>,
): readonly BreachReport[] {
  if (conduct.state !== 'active') return [];
  const legs = plan.legs.filter((leg) => leg.dataset === dataset);
  const given = standReleases(conduct.releases.filter((each) => !isOutdated(each, plan, conduct)));
  const counts = roundsOfDelivery(conduct, legs, given, at);
  const rounds = told ?? (counts.kind === 'counts' ? counts.days : new Map<string, string>());
  return legs.flatMap((leg) => {
    const round = rounds.get(leg.id);
    if (round === undefined || given(leg.id).has(round)) return [];
    const report = `failed:${leg.id}:${round}`;
    const said = { report, agreement: plan.agreement.id, party: leg.from, leg: leg.id, round };
    return [{ ...said, breach: 'failed-release' as const, since: at, reportedAt: at }];
  });
}

/** Datasets of which a leg did not pass a gate of its own. What is unfair as a whole is nobody's release that cannot be certified. */
export function listFailedDatasets({ legs }: Pick<RoundOutcome, 'legs'>): readonly string[] {
  const failed = legs.filter(({ gates }) => gates.some(({ gate, passed }) => !passed && gate !== 'fairness'));
  return [...new Set(failed.map(({ leg }) => leg.dataset))];
}

/** Reports of failed releases whose leg has a certified one for that round or a later one by now, or was left out since, and since when. */
export function listMendedReleases(
  plan: Plan,
  { breaches, releases, versions }: Pick<Conduct, 'breaches' | 'releases' | 'versions'>,
  now: string,
) {
  return breaches
    .filter(({ kind, resolvedAt }) => kind === 'failed-release' && resolvedAt === undefined)
    .flatMap(({ report, leg, round }) => {
      if (leg === undefined || round === undefined) return [];
      const at =
        whenGiven(releases, leg, round) ?? whenLeftOut(plan, { versions }, { leg, since: `${round}T00:00:00Z` }, now);
      return at === undefined ? [] : [{ report, at }];
    });
}
