import type { Plan } from '../../../agreement/plan/plan';
import { isOutdated } from '../../../exchange/peers/find-amended';
import { listRounds } from '../../../exchange/rounds/list-rounds';
import type { Conduct } from '../../../registry/conduct';
import type { RefusalRecord } from '../../../registry/told-records';
import { readDeliveryFault } from '../../../room/delivery-fault';

/** What a party owes and has delivered, by round, as its releases stand; and which of its deliveries went no further, and why. */
export function showDeliveries(
  plan: Plan,
  conduct: Conduct,
  refusals: readonly RefusalRecord[],
  party: string,
  today: string,
) {
  const given = new Set(plan.legs.filter(({ from }) => from === party).map((leg) => leg.id));
  const owned = new Set(plan.datasets.filter(({ owner }) => owner === party).map(({ id }) => id));
  const deliveries = listRounds(conduct, today).flatMap(({ day, legs }) =>
    legs
      .filter((leg) => given.has(leg))
      .map((leg) => ({
        round: day,
        leg,
        state:
          conduct.releases.find((each) => each.round === day && each.leg === leg && !isOutdated(each, plan, conduct))
            ?.state ?? 'awaited',
        roundState: conduct.rounds.find((each) => each.day === day)?.state ?? 'open',
      })),
  );
  const refused = refusals
    .filter(({ dataset }) => owned.has(dataset))
    .toSorted((left, right) => (left.at < right.at ? 1 : -1))
    .map(({ id: run, dataset, file, error, problems = [], at }) => {
      const fault = readDeliveryFault(error);
      return {
        ...{ run, dataset, file, at, kind: fault.kind },
        ...(fault.kind === 'refused' ? { reason: fault.reason } : {}),
        ...(fault.kind === 'failed' && fault.gate !== undefined ? { gate: fault.gate } : {}),
        problems,
      };
    });
  return { deliveries, refused };
}
