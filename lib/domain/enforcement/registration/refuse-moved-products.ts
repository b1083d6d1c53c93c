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
 * could be taken back from neither alone. And a product is for one receiver.
 * @throws MovedProduct where a version that all have signed has a leg or a product otherwise
 */
export async function refuseMovedProducts(registry: Registry, plan: Plan): Promise<void> {
  const { id, version } = plan.agreement;
  const signatures = await registry.signatures(id).list();
  const signed = listSigned(await readPlans(registry, id), signatures).filter(
    (each) => each.agreement.version !== version,
  );
  for (const leg of plan.legs.filter(goesByDataSet))
    for (const { agreement, legs } of signed)
      for (const had of legs) {
        const problem = had.via.kind === 'product' ? judgeLeg(leg, had.via.productId, had) : undefined;
        if (problem !== undefined)
          throw new MovedProduct(`legs.${leg.id}.via: by version ${agreement.version} ${problem}`);
      }
}

type Leg = Plan['legs'][number];

/** @param had a leg by a product, of an earlier version */
function judgeLeg({ id, to, via }: Leg, product: string, had: Leg): string | undefined {
  const isSame = via.kind === 'product' && via.productId === product;
  if (id === had.id && !isSame)
    return `it is in the product ${product}, and no data set leaves a product. Keep it there, or deliver it by neither a product nor a grant: in another product it takes a dataset of another name.`;
  return isSame && to !== had.to
    ? `the product ${product} is for ${had.to}, and who subscribes to a product sees all that is in it. Make a product for ${to}.`
    : undefined;
}
