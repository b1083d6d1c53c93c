import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan';
import { escrowPrefix } from '../../domain/room/escrow-prefix';
import type { DeliveredTypes } from '../sql/clean-rows';
import type { DeliveryOrder, JobOrders, LegSecrets } from './job-orders';
import { orderAccepted, orderCleaning } from './order-cleaning';
import { orderCounting } from './order-counting';
import { orderRelease, orderSolution } from './order-release';

export interface OrderedJob {
  readonly agreement: string;
  readonly dataset: PlannedDataset;
  /** Those that give the dataset. */
  readonly legs: readonly PlannedLeg[];
  readonly run: string;
  readonly delivery: DeliveryOrder;
  /** How the delivered columns come out of the file. */
  readonly types: DeliveredTypes;
  /** By leg: where earlier releases of the data set version to the same receiver lie in the lake bucket. */
  readonly earlier?: Readonly<Record<string, readonly string[]>>;
  /** By leg: ARN of the role that may use its key, and of the key. */
  readonly makers: Readonly<Record<string, { readonly role: string; readonly key: string } | undefined>>;
}

/** @throws Error where a leg that needs keys has none: nothing is treated without. */
export function orderJob(job: OrderedJob): JobOrders {
  const { agreement, dataset, legs, run, delivery, types, earlier = {} } = job;
  const hasClasses = dataset.classColumns.length > 0;
  const keyed = dataset.columns.some(({ treatment }) => KEYED.has(treatment.kind));
  return {
    ordersVersion: 1,
    agreement,
    dataset: dataset.id,
    delivery,
    tasks: {
      'clean-and-count': [...orderCleaning(dataset, types), ...(hasClasses ? orderCounting(dataset) : [])],
      'treat-and-measure': [
        ...orderAccepted(dataset, types),
        ...orderSolution(dataset),
        ...legs.flatMap((leg) => [
          ...(keyed ? [{ do: 'keys' as const, leg: describeSecrets(job, leg) }] : []),
          ...orderRelease(dataset, leg, escrowPrefix(agreement, leg, run), earlier[leg.id] ?? []),
        ]),
      ],
    },
  };
}

/** Treatments that are different for every receiver. */
const KEYED: ReadonlySet<string> = new Set(['token', 'date-shift', 'noise', 'format-preserving']);

/** One secret per agreement, receiver, dataset, its version and use, so that no two releases link. */
function describeSecrets({ agreement, dataset, makers }: OrderedJob, leg: PlannedLeg): LegSecrets {
  const maker = makers[leg.id];
  if (maker === undefined) throw new Error(`Leg ${leg.id} has no key: deploy its agreement again.`);
  const message = (use: string) => JSON.stringify([use, agreement, leg.to, dataset.id, dataset.version]);
  return {
    leg: leg.id,
    ...maker,
    messages: { token: message('token'), date_shift: message('date-shift'), noise: message('noise') },
  };
}
