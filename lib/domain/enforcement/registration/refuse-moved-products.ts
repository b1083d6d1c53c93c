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
 * @throws MovedProduct, which tells the way out, where a version that all have signed, or one of another agreement that they still may, has a leg or a
 * product otherwise
 * @throws RecordUnreadable where that cannot be known
 */
export async function refuseMovedProducts(registry: Registry, plan: Plan): Promise<void> {
  const { id, version } = plan.agreement;
  const { signed } = await readBinding(registry, id);
  const before = signed.filter(({ agreement }) => agreement.version !== version);
  refuseAny(plan, before, judgeLeg);
  refuseAny(plan, before, (leg, had, earlier) => {
    const problem = judgeReceiver({ plan, leg }, { plan: earlier, leg: had });
    return problem && `${problem} ${describeWayOut({ plan, leg }, before)}`;
  });
  if (plan.legs.some(({ via }) => via.kind === 'product')) await refuseProductsOfOthers(registry, plan, before);
}

type Leg = Plan['legs'][number];

/** Holds each leg that goes by a data set against each of versions before. */
function refuseAny(
  plan: Plan,
  versions: readonly Plan[],
  judge: (leg: Leg, had: Leg, version: Plan) => string | undefined,
): void {
  for (const leg of plan.legs.filter(goesByDataSet))
    for (const version of versions)
      for (const had of version.legs) {
        const problem = judge(leg, had, version);
        if (problem !== undefined) throw refused(leg, `version ${version.agreement.version}`, problem);
      }
}

/** @param before versions of the same agreement that all have signed */
async function refuseProductsOfOthers(registry: Registry, plan: Plan, before: readonly Plan[]): Promise<void> {
  for (const id of (await registry.listAgreements()).toSorted()) {
    if (id === plan.agreement.id) continue;
    const { signed, unsigned } = await readBinding(registry, id);
    for (const other of [...signed, ...unsigned])
      for (const leg of plan.legs)
        for (const had of other.legs) {
          const problem = judgeReceiver({ plan, leg }, { plan: other, leg: had });
          if (problem === undefined) continue;
          const { version } = other.agreement;
          // A draft cannot be ended: it binds until another version takes its place.
          const orElse = unsigned.includes(other)
            ? ` Or, as not all have signed that version, have a next one of ${id} registered without the product.`
            : '';
          throw refused(
            leg,
            `${id}, version ${version},`,
            `${problem} ${describeWayOut({ plan, leg }, before)}${orElse}`,
          );
        }
  }
}

/** `unsigned`: the last one, while not all have signed it; an earlier one that some did not sign binds nobody any more. */
async function readBinding(registry: Registry, agreement: string) {
  const plans = await readPlans(registry, agreement);
  const signed = listSigned(plans, await registry.signatures(agreement).list());
  const isSigned = ({ agreement: { version } }: Plan) => signed.some((each) => each.agreement.version === version);
  return { signed, unsigned: plans.slice(-1).filter((plan) => !isSigned(plan)) };
}

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
  const [{ via }, had] = [now.leg, before.leg];
  if (via.kind !== 'product' || had.via.kind !== 'product' || via.productId !== had.via.productId) return undefined;
  const first = accountOf(before);
  return accountOf(now) === first
    ? undefined
    : `the product ${via.productId} is for ${had.to} (account ${first}), and who subscribes to a product sees all that is in it.`;
}

/** A leg that was in a product by any version stays there: `judgeLeg` would refuse it another one. */
function describeWayOut({ plan, leg }: LegOfPlan, before: readonly Plan[]): string {
  const product = `a product for ${leg.to} (account ${accountOf({ plan, leg })})`;
  const isBound = before.some(({ legs }) => legs.some(({ id, via }) => id === leg.id && via.kind === 'product'));
  return isBound
    ? `No data set leaves a product: deliver it by neither a product nor a grant, or give a dataset of another name in ${product}.`
    : `Make ${product}.`;
}

function refused({ id }: Leg, source: string, problem: string): MovedProduct {
  return new MovedProduct(`legs.${id}.via: by ${source} ${problem}`);
}
