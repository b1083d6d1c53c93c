import { goesByDataSet } from '../../agreement/plan/goes-by-data-set';
import type { Plan } from '../../agreement/plan/plan';
import { listSigned } from '../../agreement/signing-rules';
import { readPlans } from '../../registry/read-plans';
import type { Registry } from '../../registry/registry';

/** A product would show for good what its subscribers are not to see, whatever becomes of the leg. */
export class MovedProduct extends Error {
  override readonly name = 'MovedProduct';
}

/**
 * A leg has one data set, no data set leaves a product, and whoever subscribes to a product sees all that is in it. So a leg stays
 * in its product for the life of the agreement: by another one, or by a grant, the first would show all that comes later, and
 * could be taken back from neither alone. And a product is for one receiver, whatever became of the agreement that made it so: a
 * subscription does not end with that.
 * @throws MovedProduct where a version that all have signed, of any agreement on record, has a leg or a product otherwise
 * @throws RecordUnreadable where that cannot be known
 */
export async function refuseMovedProducts(registry: Registry, plan: Plan): Promise<void> {
  const { id, version } = plan.agreement;
  const before = (await readSigned(registry, id)).filter(({ agreement }) => agreement.version !== version);
  for (const leg of plan.legs.filter(goesByDataSet))
    for (const { agreement, legs } of before)
      for (const had of legs) {
        const problem = judgeLeg(leg, had) ?? judgeReceiver(leg, had, leg.to === had.to);
        if (problem !== undefined) throw refused(leg, `version ${agreement.version}`, problem);
      }
  if (plan.legs.some(({ via }) => via.kind === 'product')) await refuseProductsOfOthers(registry, plan);
}

/** An id means one party in an agreement; in two, accounts tell who a receiver is. */
async function refuseProductsOfOthers(registry: Registry, plan: Plan): Promise<void> {
  for (const id of (await registry.listAgreements()).toSorted()) {
    const others = id === plan.agreement.id ? [] : await readSigned(registry, id);
    for (const other of others)
      for (const leg of plan.legs)
        for (const had of other.legs) {
          const problem = judgeReceiver(leg, had, accountOf(plan, leg) === accountOf(other, had));
          if (problem !== undefined) throw refused(leg, `${id}, version ${other.agreement.version},`, problem);
        }
  }
}

async function readSigned(registry: Registry, agreement: string): Promise<readonly Plan[]> {
  return listSigned(await readPlans(registry, agreement), await registry.signatures(agreement).list());
}

type Leg = Plan['legs'][number];

function accountOf({ parties }: Plan, { to }: Leg): string | undefined {
  return parties.find(({ id }) => id === to)?.account;
}

/** @param had a leg of an earlier version */
function judgeLeg({ id, via }: Leg, had: Leg): string | undefined {
  if (id !== had.id || had.via.kind !== 'product') return undefined;
  const { productId } = had.via;
  if (via.kind === 'product' && via.productId === productId) return undefined;
  return `it is in the product ${productId}, and no data set leaves a product. Keep it there, or deliver it by neither a product nor a grant: in another product it takes a dataset of another name.`;
}

function judgeReceiver({ to, via }: Leg, had: Leg, isSameReceiver: boolean): string | undefined {
  if (isSameReceiver || via.kind !== 'product' || had.via.kind !== 'product') return undefined;
  if (via.productId !== had.via.productId) return undefined;
  return `the product ${via.productId} is for ${had.to}, and who subscribes to a product sees all that is in it. Make a product for ${to}.`;
}

function refused({ id }: Leg, source: string, problem: string): MovedProduct {
  return new MovedProduct(`legs.${id}.via: by ${source} ${problem}`);
}
