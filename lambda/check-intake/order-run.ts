import type { PlannedDataset } from '../../lib/domain/agreement/plan/plan';
import { listErased } from '../../lib/domain/exchange/erasure/plan-erasure';
import type { IntakeRefusal } from '../../lib/domain/exchange/gates/check-intake';
import type { AgreementAtIntake } from '../../lib/domain/registry/read-registered';
import { escrowPrefix } from '../../lib/domain/room/escrow-prefix';
import { inspectDelivery } from '../../lib/engine/glue/inspect-delivery';
import { orderJob } from '../../lib/engine/glue/order-job';
import { InvalidDelivery } from '../../lib/engine/invalid-delivery';
import type { IntakeSurroundings } from './check-delivery';

export interface TakenDelivery {
  readonly agreement: string;
  readonly dataset: PlannedDataset;
  readonly run: string;
  /** Key in the landing bucket. */
  readonly delivery: string;
  readonly bytes: number;
  /** For which it counts, by leg. */
  readonly rounds: ReadonlyMap<string, string>;
}

type OrderedRun =
  | { readonly kind: 'ordered'; readonly text: string; readonly hasMappings: boolean }
  | {
      readonly kind: 'refused';
      readonly reason: IntakeRefusal;
      /** For the giver's own eyes: they may quote names of the file. */
      readonly problems?: InvalidDelivery['problems'];
    };

/** Writes what the Glue job is to do with a delivery, by a look at its head. */
export async function orderRun(
  { agreement, dataset, run, delivery, bytes, rounds }: TakenDelivery,
  { plan, provisioned, conduct }: Pick<AgreementAtIntake, 'plan' | 'provisioned' | 'conduct'>,
  { readRange, readSchema, listErasures }: Pick<IntakeSurroundings, 'readRange' | 'readSchema' | 'listErasures'>,
): Promise<OrderedRun> {
  const readPart = (start: number, end: number) => readRange(delivery, start, end);
  try {
    const inspected = await inspectDelivery(dataset, {
      file: delivery.slice(delivery.lastIndexOf('/') + 1),
      readHead: (count) => readPart(0, Math.min(count, bytes)),
      readSchema: () => readSchema(bytes, readPart),
    });
    const legs = plan.legs.filter((leg) => leg.dataset === dataset.id);
    const earlier = Object.fromEntries(
      legs.map((leg) => [
        leg.id,
        // Not that whose place it takes: nobody will see it beside this one.
        conduct.releases
          .filter((each) => each.leg === leg.id && each.datasetVersion === dataset.version)
          .filter((each) => each.round !== rounds.get(leg.id))
          .map(({ place }) => place)
          .filter((place) => place !== escrowPrefix(agreement, leg, run)),
      ]),
    );
    const erased = listErased(await listErasures(agreement), dataset.id);
    const keys = provisioned.legKeys;
    const orders = orderJob({ agreement, dataset, legs, run, keys, earlier, erased, ...inspected });
    return { kind: 'ordered', text: JSON.stringify(orders), hasMappings: orders.mappings.length > 0 };
  } catch (error) {
    if (error instanceof InvalidDelivery) return { kind: 'refused', reason: 'unreadable', problems: error.problems };
    throw error;
  }
}
