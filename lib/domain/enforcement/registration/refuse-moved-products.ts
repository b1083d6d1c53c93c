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
 * subscription does not end with that. A party is known by its account here: that is what subscribes.
 * @throws MovedProduct where a version that all have signed, or one of another agreement that they still may, has a leg or a
 * product otherwise
 * @throws RecordUnreadable where that cannot be known
 */
export async function refuseMovedProducts(registry: Registry, plan: Plan): Promise<void> {
  const { id, version } = plan.agreement;
  const { signed } = await readBinding(registry, id);
  for (const leg of plan.legs.filter(goesByDataSet))
    for (const before of signed.filter(({ agreement }) => agreement.version !== version))
      for (const had of before.legs) {
        const problem = judgeLeg(leg, had) ?? judgeReceiver({ plan, leg }, { plan: before, leg: had });
        if (problem !== undefined) throw refused(leg, `version ${before.agreement.version}`, problem);
      }
  if (plan.legs.some(({ via }) => via.kind === 'product')) await refuseProductsOfOthers(registry, plan);
}

async function refuseProductsOfOthers(registry: Registry, plan: Plan): Promise<void> {
  for (const id of (await registry.listAgreements()).toSorted()) {
    if (id === plan.agreement.id) continue;
    const { signed, last } = await readBinding(registry, id);
    for (const other of [...signed, ...last])
      for (const leg of plan.legs)
        for (const had of other.legs) {
          const problem = judgeReceiver({ plan, leg }, { plan: other, leg: had });
          if (problem !== undefined) throw refused(leg, `${id}, version ${other.agreement.version},`, problem);
        }
  }
}

/** `last`: the one on record that may still be signed, or is; an earlier one that some did not sign binds nobody any more. */
async function readBinding(registry: Registry, agreement: string) {
  const plans = await readPlans(registry, agreement);
  return { signed: listSigned(plans, await registry.signatures(agreement).list()), last: plans.slice(-1) };
}

type Leg = Plan['legs'][number];

interface LegOfPlan {
  readonly plan: Plan;
  readonly leg: Leg;
}

function accountOf({ plan: { parties }, leg: { to } }: LegOfPlan): string | undefined {
  return parties.find(({ id }) => id === to)?.account;
}

/** @param had a leg of an earlier version */
function judgeLeg({ id, via }: Leg, had: Leg): string | undefined {
  if (id !== had.id || had.via.kind !== 'product') return undefined;
  const { productId } = had.via;
  if (via.kind === 'product' && via.productId === productId) return undefined;
  return `it is in the product ${productId}, and no data set leaves a product. Keep it there, or deliver it by neither a product nor a grant: in another product it takes a dataset of another name.`;
}

function judgeReceiver(now: LegOfPlan, before: LegOfPlan): string | undefined {
  const [{ to, via }, had] = [now.leg, before.leg];
  if (via.kind !== 'product' || had.via.kind !== 'product' || via.productId !== had.via.productId) return undefined;
  const [account, first] = [accountOf(now), accountOf(before)];
  return account === first
    ? undefined
    : `the product ${via.productId} is for ${had.to} (account ${first}), and who subscribes to a product sees all that is in it. Make a product for ${to} (account ${account}).`;
}

function refused({ id }: Leg, source: string, problem: string): MovedProduct {
  return new MovedProduct(`legs.${id}.via: by ${source} ${problem}`);
}
