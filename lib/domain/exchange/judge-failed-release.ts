import type { Plan } from '../agreement/plan';
import type { BreachReport } from '../enforcement/breach-report';
import type { Conduct } from './conduct';
import type { RoundOutcome } from './round';
import { roundOfDelivery } from './round-of-delivery';

/**
 * A delivery that did not pass a gate: no leg of its dataset has a release that can be certified, one report for each leg that
 * has none for its round. A leg that owes nothing any more fails nothing.
 * @param at UTC, ISO 8601
 * @param rounds by leg: for which the delivery was, where that was said; default: for which it would be
 */
export function reportFailedRelease(
  plan: Plan,
  conduct: Conduct,
  dataset: string,
  at: string,
  rounds: ReadonlyMap<string, string> = new Map(),
): readonly BreachReport[] {
  if (conduct.state !== 'active') return [];
  return plan.legs
    .filter((leg) => leg.dataset === dataset)
    .flatMap((leg) => {
      const released = new Set(conduct.releases.filter((each) => each.leg === leg.id).map(({ round }) => round));
      const round = rounds.get(leg.id) ?? roundOfDelivery(plan, conduct, leg, released, at.slice(0, 10));
      if (round === undefined || released.has(round)) return [];
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

/** Reports of failed releases whose leg has a certified one for that round by now, and since when. */
export function listMendedReleases({ breaches, releases }: Pick<Conduct, 'breaches' | 'releases'>) {
  return breaches
    .filter(({ kind, resolvedAt }) => kind === 'failed-release' && resolvedAt === undefined)
    .flatMap(({ report, leg, round }) => {
      const release = releases.find((each) => each.leg === leg && each.round === round);
      return release === undefined ? [] : [{ report, at: release.at }];
    });
}
