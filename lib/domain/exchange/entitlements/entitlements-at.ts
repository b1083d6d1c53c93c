import { citeClause } from '../../agreement/plan/cite-clause';
import type { Plan, PlannedLeg } from '../../agreement/plan/plan';
import { listUnsigned } from '../../agreement/signature';
import { legsTouchedBy } from '../../enforcement/breaches/legs-touched-by';
import { type DueMeasure, remediesAt } from '../../enforcement/breaches/remedies-at';
import { suspensionsOf } from '../../enforcement/breaches/suspensions-of';
import { findPauseOfAll, findPauseOfLeg } from '../../enforcement/words/find-pause';
import type { Conduct } from '../../registry/conduct';
import { type Closed, findOver } from '../rounds/find-over';
import { isUpTo } from '../rounds/is-up-to';
import type { Entitlement, EntitlementReason } from './entitlement';
import { listHeldVersions, retentionEndsAt } from './retention-ends-at';

/**
 * What should be granted now, for every leg that is granted from here: computed anew each time from the plan, the conduct and
 * the clock, so that nothing has to be remembered to be taken back. There is no entitlement without an active agreement that
 * all have signed, a day of its term, and a complete round. Where a party has it stand still, what was published before stays
 * with whom it concerns neither as giver nor as receiver.
 * @param now UTC, ISO 8601
 * @param legs of which it is asked
 */
export function entitlementsAt(
  plan: Plan,
  conduct: Conduct,
  now: string,
  legs: Plan['legs'] = plan.legs,
): readonly Entitlement[] {
  const due = remediesAt(plan, conduct.breaches, now, conduct.versions);
  const closed = findClosed(plan, conduct, due, now);
  const suspended = suspensionsOf(plan, due, conduct, now);
  const publishedOf =
    closed === undefined ? listPublished(legs, conduct) : new Map<string, readonly PublishedRelease[]>();
  const revoked = due
    .filter((measure) => measure.do === 'revoke')
    .map((measure) => ({ ...measure, legs: legsTouchedBy(plan, measure, conduct.earlier) }));
  const versions = listHeldVersions(plan, conduct, now);
  return legs.map((leg) => {
    const withhold = (reason: EntitlementReason, clause: string) => describe(plan, leg, reason, clause, []);
    if (closed !== undefined) return withhold(closed.reason, closed.clause);
    const pause = findPauseOfLeg(plan, leg, conduct);
    if (pause !== undefined) return withhold('suspended', pause.clause);
    const suspension = suspended.find(({ legs }) => legs.includes(leg.id));
    if (suspension !== undefined) return withhold('party-suspended', suspension.clause);
    const published = publishedOf.get(leg.id) ?? [];
    if (published.length === 0)
      return withhold('no-complete-round', citeClause(plan, 'escrow.all-or-none', `legs.${leg.id}`));
    const young = published.filter(({ at }) => Date.parse(now) < Date.parse(retentionEndsAt(at, leg, versions)));
    if (young.length === 0) return withhold('withdrawn', citeClause(plan, 'access.retention', `legs.${leg.id}.retain`));
    // Who has signed that it is destroyed cannot want it any more. Of all at once that is said when nothing is granted any more.
    const destroyed = conduct.releaseAttestations.filter((each) => each.leg === leg.id);
    const held = young.filter(({ round }) => destroyed.every((each) => each.round !== round));
    if (held.length === 0) return withhold('withdrawn', citeClause(plan, 'access.retention', `legs.${leg.id}.retain`));
    const own = revoked.filter((measure) => measure.legs.includes(leg.id));
    const kept = held.filter((release) => own.every(({ from }) => !isUpTo(release, from)));
    if (kept.length === 0) return withhold('withdrawn', own[0]!.clause);
    return describe(
      plan,
      leg,
      'agreed',
      `legs.${leg.id}`,
      kept.map(({ round }) => round),
    );
  });
}

/** What closes the agreement as a whole; undefined while it is open. */
function findClosed(plan: Plan, conduct: Conduct, due: readonly DueMeasure[], now: string): Closed | undefined {
  const over = findOver(plan, conduct, now);
  if (over !== undefined) return over;
  const signed = citeClause(plan, 'access.signed', 'parties');
  const term = (place: string) => citeClause(plan, 'access.term', place);
  if (listUnsigned(plan, conduct.signatures).length > 0) return { reason: 'not-signed', clause: signed };
  const pause = findPauseOfAll(plan, conduct);
  if (pause !== undefined) return { reason: 'suspended', clause: pause.clause };
  if (conduct.state !== 'active' && conduct.state !== 'suspended')
    return { reason: 'not-active', clause: term('term') };
  if (now.slice(0, 10) < plan.term.starts) return { reason: 'before-term', clause: term('term.starts') };
  const end = due.find((measure) => measure.do === 'terminate');
  return end && { reason: 'terminated', clause: end.clause };
}

interface PublishedRelease {
  readonly round: string;
  readonly at: string;
}

/** By leg: releases in rounds that were published whole, the earliest first. */
function listPublished(
  legs: Plan['legs'],
  { rounds, releases }: Conduct,
): ReadonlyMap<string, readonly PublishedRelease[]> {
  const there = new Map<string, Set<string>>();
  for (const { round, leg } of releases) {
    const known = there.get(round);
    if (known === undefined) there.set(round, new Set([leg]));
    else known.add(leg);
  }
  const whole = new Map(
    rounds
      .filter(({ state, day, legs: all }) => state === 'published' && all.every((leg) => there.get(day)?.has(leg)))
      .map((round) => [round.day, round.legs]),
  );
  const byLeg = new Map<string, PublishedRelease[]>(legs.map(({ id }) => [id, []]));
  for (const { round, leg, state, at } of releases) {
    const published = state === 'final' ? byLeg.get(leg) : undefined;
    if (published !== undefined && whole.get(round)?.includes(leg)) published.push({ round, at });
  }
  for (const published of byLeg.values()) published.sort((a, b) => (a.round < b.round ? -1 : 1));
  return byLeg;
}

function describe(
  plan: Plan,
  leg: PlannedLeg,
  reason: EntitlementReason,
  clause: string,
  releases: readonly string[],
): Entitlement {
  const { id, from, to, via } = leg;
  return {
    leg: id,
    from,
    party: to,
    account: plan.parties.find((party) => party.id === to)?.account ?? '',
    kind: via.kind,
    effect: reason === 'agreed' ? 'grant' : 'withhold',
    releases,
    reason,
    clause,
  };
}
