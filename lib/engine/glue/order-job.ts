import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan/plan';
import type { ErasedUnderKey } from '../../domain/exchange/erasure/plan-erasure';
import { escrowPrefix } from '../../domain/room/escrow-prefix';
import type { DeliveredTypes } from '../sql/clean-rows';
import { describeErasure, describeSecrets, type LegKeyArns } from './describe-secrets';
import type { DeliveryOrder, JobOrders, JobStep } from './job-orders';
import { type ErasureOrder, orderAccepted, orderCleaning } from './order-cleaning';
import { orderCounting } from './order-counting';
import { listMappingOrders, orderMappings } from './order-mapping';
import { orderRelease, orderSolution } from './order-release';

interface OrderedJob {
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
  readonly keys: LegKeyArns;
  /** Subjects whose rows are left out; see `describeErasure`. */
  readonly erased?: readonly ErasedUnderKey[];
}

/** @throws Error where a leg that needs keys has none, or an erasure: nothing is treated without. */
export function orderJob(job: OrderedJob): JobOrders {
  const { agreement, dataset, legs, run, delivery, types, earlier = {}, erased = [] } = job;
  const erasures = erased.map((group) => orderErasure(job, group));
  const hasClasses = dataset.classColumns.length > 0;
  return {
    ordersVersion: 1,
    agreement,
    dataset: dataset.id,
    delivery,
    erased: erased.flatMap(({ digests }) => digests),
    tasks: {
      'clean-and-count': [
        ...orderCleaning(dataset, types, erasures),
        ...(hasClasses ? orderCounting(dataset) : []),
        ...orderMappings(dataset),
      ],
      'treat-and-measure': [
        ...orderAccepted(dataset, types, erasures.length > 0),
        ...orderSolution(dataset),
        ...legs.flatMap((leg) => [
          ...lendKeys(job, leg),
          ...orderRelease(dataset, leg, escrowPrefix(agreement, leg, run), earlier[leg.id] ?? []),
        ]),
      ],
    },
    mappings: listMappingOrders(agreement, dataset, legs, job.keys),
  };
}

function orderErasure({ agreement, dataset }: OrderedJob, { key, digests }: ErasedUnderKey): ErasureOrder {
  if (key === undefined)
    throw new Error(`Erasures of ${dataset.id} are on record without their key: ask for them at the room's API.`);
  return { digests, secrets: describeErasure(agreement, dataset, key) };
}

/** Treatments that are different for every receiver, and made by the job itself. */
const KEYED: ReadonlySet<string> = new Set(['token', 'date-shift', 'noise']);

/** What the job needs of a leg's secrets; nothing where nothing is keyed. */
function lendKeys({ agreement, dataset, keys }: OrderedJob, leg: PlannedLeg): readonly JobStep[] {
  const isKeyed = dataset.columns.some(({ treatment }) => KEYED.has(treatment.kind)) || leg.watermark !== undefined;
  const uses = [
    'token',
    'date-shift',
    'noise',
    ...(leg.watermark === undefined ? [] : ['watermark' as const]),
  ] as const;
  return isKeyed ? [{ do: 'keys', leg: describeSecrets(agreement, dataset, leg, keys, uses) }] : [];
}
