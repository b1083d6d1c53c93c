import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import type { BreachReport } from '../../registry/breach-report';
import type { Conduct } from '../../registry/conduct';
import type { Pause } from '../../registry/list-pauses';
import type { RoundRecord } from '../../registry/round-records';
import { whenLeftOut } from '../entitlements/when-left-out';
import { whenGiven } from './list-missed';
import { listRounds } from './list-rounds';

/** What has to be written about deliveries: what has become overdue, and what is no longer. */
interface DeliveryJudgement {
  readonly overdue: readonly BreachReport[];
  /** Reports of breaches that ended with the delivery, and when that was. */
  readonly delivered: readonly { readonly report: string; readonly at: string }[];
}

/**
 * Finds the deliveries that did not come on their day, UTC, and those that have come since. A delivery has come when its
 * release is certified: what is refused at intake, or fails a gate, keeps the others waiting just as well. Who missed a whole
 * period is late until the leg's next release, or until an amendment leaves the leg out: the round that was missed has none any
 * more, nor where a later one has the leg again.
 * A peer's room hears nothing more of a round that it has taken back: who had not spoken by then may well have given. Nor may it of
 * one of which a leg was left out before it was promised, which its giver has taken back by then.
 * @param now UTC, ISO 8601
 */
export function judgeDeliveries(plan: Plan, conduct: Conduct, now: string): DeliveryJudgement {
  const open = conduct.breaches.filter(({ kind, resolvedAt }) => kind === 'late-delivery' && resolvedAt === undefined);
  const delivered = open.flatMap(({ report, leg, round }) => {
    if (leg === undefined || round === undefined) return [];
    const at =
      whenGiven(conduct.releases, leg, round) ?? whenLeftOut(plan, conduct, { leg, since: `${round}T00:00:00Z` }, now);
    return at === undefined ? [] : [{ report, at }];
  });
  if (conduct.state !== 'active') return { overdue: [], delivered };
  const known = new Set(conduct.breaches.map(({ report }) => report));
  const legs = new Map(allLegs(plan).map((leg) => [leg.id, leg]));
  const own = new Set(plan.legs.map(({ id }) => id));
  const isGiven = (leg: string, day: string) => conduct.releases.some((each) => each.leg === leg && each.round === day);
  const isLeftOut = (leg: string, day: string) =>
    whenLeftOut(plan, conduct, { leg, since: `${day}T00:00:00Z` }, now) !== undefined;
  const isLost = ({ day, legs: all }: RoundRecord) => all.some((leg) => !isGiven(leg, day) && isLeftOut(leg, day));
  const over = new Set(
    conduct.rounds.flatMap((round) => (round.state === 'withheld' || isLost(round) ? [round.day] : [])),
  );
  const overdue = listRounds(conduct, now.slice(0, 10)).flatMap(({ day, legs: due }) =>
    due.flatMap((leg): readonly BreachReport[] => {
      const report = nameReport(leg, day);
      const party = legs.get(leg)?.from;
      if (over.has(day) && !own.has(leg)) return [];
      if (known.has(report) || party === undefined || whenGiven(conduct.releases, leg, day) !== undefined) return [];
      const since = endOf(day, party, conduct.pauses ?? []);
      if (Date.parse(now) < Date.parse(since)) return [];
      if (isLeftOut(leg, day)) return [];
      const agreement = plan.agreement.id;
      return [{ report, agreement, breach: 'late-delivery', party, leg, round: day, since, reportedAt: now }];
    }),
  );
  return { overdue, delivered };
}

/**
 * When the day is over on which a delivery is due. What stands still takes nothing in: for as long as others than the giver had
 * it stand still on that day, the day is longer, and no more than that. Who has it stand still alone puts off nothing of its own.
 */
function endOf(day: string, giver: string, pauses: readonly Pause[]): string {
  const begin = Date.parse(`${day}T00:00:00Z`);
  let end = begin + DAY_MS;
  for (const { from, to, by } of pauses) {
    const since = Math.max(Date.parse(from), begin);
    if (since < end && by.some((each) => each !== giver)) end += Math.max(0, Date.parse(to) - since);
  }
  return new Date(end).toISOString().replace('.000Z', 'Z');
}

const DAY_MS = 24 * 60 * 60 * 1000;

function nameReport(leg: string, round: string): string {
  return `late:${leg}:${round}`;
}
