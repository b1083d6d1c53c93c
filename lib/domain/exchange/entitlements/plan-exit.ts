import { addDuration } from '../../agreement/periods/duration';
import { allLegs } from '../../agreement/plan/all-legs';
import { citeClause } from '../../agreement/plan/cite-clause';
import type { Plan } from '../../agreement/plan/plan';
import type { Ending } from '../../registry/agreement-records';
import type { BreachReport } from '../../registry/breach-report';
import type { Conduct } from '../../registry/conduct';
import type { AttestationRecord } from '../../registry/conduct-records';
import { type EarlyEnd, lastDayOf } from '../../registry/registered-agreement';
import { listReceivedLegs, type ReceivedLeg } from '../peers/list-received-legs';
import { listRounds } from '../rounds/list-rounds';
import { listFormerLegs } from './list-former-legs';

/** A day on the way out of an agreement, and what happens on it. */
export interface ExitStep {
  readonly do:
    | 'notice'
    | 'last-round'
    | 'revoke-all'
    | 'delete-keys'
    | 'ask-destruction'
    | 'destruction-due'
    | 'settle';
  /** ISO date, UTC. */
  readonly on: string;
  readonly clause: string;
  /** Whom or what it concerns: parties, or legs whose keys are deleted. */
  readonly concerns: readonly string[];
}

/** A notice by a party: the agreement's notice period from today, and never after the term. */
export function giveNotice(plan: Plan, by: string, reason: string, at: string): Ending {
  const last = addDuration(at.slice(0, 10), plan.term.notice).slice(0, 10);
  return {
    by,
    at,
    reason,
    lastDay: lastDayOf(plan, { ending: { lastDay: last } }),
    clause: citeClause(plan, 'exit.notice', 'term.exit.notice'),
  };
}

/** Every day from the notice, or from the term's last days, to the settlement. */
export function planExit(
  plan: Plan,
  conduct: Pick<Conduct, 'versions' | 'began' | 'ending' | 'ended' | 'earlier' | 'releases'>,
): readonly ExitStep[] {
  const { ending, ended, earlier } = conduct;
  const last = lastDayOf(plan, conduct);
  // A remedy ends it at once, and not with its day.
  const over = ended?.at.slice(0, 10) === last ? last : addDuration(last, 'P1D').slice(0, 10);
  const due = destructionDueOn(plan, conduct);
  const parties = plan.parties.map(({ id }) => id);
  // What is given now may be received by then.
  const received = listReceivedLegs(plan, conduct).map(({ leg }) => leg);
  const receivers = [...new Set([...plan.legs, ...received].map(({ to }) => to))];
  const legs = plan.legs.map(({ id }) => id);
  const keys = [...legs, ...listFormerLegs(plan, earlier).map(({ leg }) => leg.id)];
  const term = citeClause(plan, 'access.term', 'term.ends');
  const destruction = citeClause(plan, 'exit.destruction', 'term.exit.destroyWithin');
  const round = listRounds(conduct, last).at(-1);
  return [
    ...(ending === undefined
      ? []
      : [{ do: 'notice', on: ending.at.slice(0, 10), clause: ending.clause, concerns: [ending.by] } as const]),
    ...(round === undefined
      ? []
      : [{ do: 'last-round', on: round.day, clause: 'legs', concerns: round.legs } as const]),
    { do: 'revoke-all', on: over, clause: (ended ?? ending)?.clause ?? term, concerns: legs },
    // KMS waits at least a week, in which a mistake can still be undone; after that no token can be made again.
    { do: 'delete-keys', on: over, clause: destruction, concerns: keys },
    { do: 'ask-destruction', on: over, clause: destruction, concerns: receivers },
    { do: 'destruction-due', on: due, clause: destruction, concerns: receivers },
    { do: 'settle', on: due, clause: destruction, concerns: parties },
  ];
}

/** By when what was received is destroyed, and that attested: ISO date. */
export function destructionDueOn(plan: Plan, end: EarlyEnd): string {
  const over = addDuration(lastDayOf(plan, end), 'P1D');
  return addDuration(over, plan.term.destroyWithin).slice(0, 10);
}

type Received = Pick<Conduct, 'earlier' | 'releases' | 'attestations'>;

/** Legs whose receivers have had data and have not attested that all of it is destroyed. */
export function listUnattested(plan: Plan, { attestations, ...conduct }: Received): readonly ReceivedLeg[] {
  return listReceivedLegs(plan, conduct).filter(({ leg: { id } }) => !attestations.some(({ leg }) => leg === id));
}

/** Receivers that have not attested in time that what they received is destroyed, one report for each leg. */
export function judgeDestruction(
  plan: Plan,
  conduct: Received & Pick<Conduct, 'ending' | 'ended'>,
  now: string,
): readonly BreachReport[] {
  const since = `${destructionDueOn(plan, conduct)}T00:00:00Z`;
  if (Date.parse(now) < Date.parse(since)) return [];
  return listUnattested(plan, conduct)
    .map(({ leg }) => leg)
    .map(({ id, to }) => ({
      report: nameDestruction(id),
      agreement: plan.agreement.id,
      breach: 'overdue-destruction',
      party: to,
      leg: id,
      since,
      reportedAt: now,
    }));
}

/** Reports of breaches that ended with an attestation, and when that was. */
export function listAttested(attestations: readonly AttestationRecord[]) {
  return attestations.map(({ leg, at }) => ({ report: nameDestruction(leg), at }));
}

function nameDestruction(leg: string): string {
  return `not-destroyed:${leg}`;
}

/** What each party gave and got in worth over all published rounds, and so what is owed at the end. */
interface Settlement {
  readonly party: string;
  readonly gave: number;
  readonly got: number;
  /** Worth that it got and did not give; below 0: that it is still owed. */
  readonly owes: number;
}

export function settle(
  plan: Plan,
  { rounds, releases, earlier }: Pick<Conduct, 'rounds' | 'releases' | 'earlier'>,
): readonly Settlement[] {
  const published = new Set(rounds.filter(({ state }) => state === 'published').map(({ day }) => day));
  const worth = new Map<string, number>();
  for (const { round, leg, value = 0 } of releases)
    if (published.has(round)) worth.set(leg, (worth.get(leg) ?? 0) + value);
  const all = new Map([...earlier, plan].flatMap((version) => allLegs(version).map((leg) => [leg.id, leg])));
  const legs = [...all.values()];
  const sum = (of: Plan['legs']) => of.reduce((total, { id }) => total + (worth.get(id) ?? 0), 0);
  const parties = new Map([...earlier, plan].flatMap((version) => version.parties.map((party) => [party.id, party])));
  return [...parties.values()].map(({ id }) => {
    const gave = sum(legs.filter(({ from }) => from === id));
    const got = sum(legs.filter(({ to }) => to === id));
    return { party: id, gave, got, owes: got - gave };
  });
}
