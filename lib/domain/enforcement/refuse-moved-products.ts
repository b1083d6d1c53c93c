import { goesByDataSet } from '../agreement/goes-by-data-set';
import type { Plan } from '../agreement/plan';
import { readPlan } from '../registry/read-plan';
import type { Registry } from '../registry/registry';

/** What a product shows of a leg would be shown by it for good, whatever becomes of the leg. */
export class MovedProduct extends Error {
  override readonly name = 'MovedProduct';
}

/**
 * A leg has one data set, and no data set leaves a product: by another product, or by a grant, of the same data set all that comes
 * later would be shown by the first one too, and could be taken back from neither alone.
 * @throws MovedProduct where a version has a leg in another product, or by a grant, that is in a product by the one in force
 */
export async function refuseMovedProducts(registry: Registry, plan: Plan): Promise<void> {
  const { id: agreement, version } = plan.agreement;
  const current = await registry.current(agreement).read();
  if (current === undefined || current.state === 'draft' || version <= current.version) return;
  const before = await readPlan(registry, agreement, current.version);
  for (const leg of plan.legs.filter(goesByDataSet)) {
    const via = before?.legs.find(({ id }) => id === leg.id)?.via;
    if (via?.kind !== 'product') continue;
    if (leg.via.kind === 'product' && leg.via.productId === via.productId) continue;
    throw new MovedProduct(
      `legs.${leg.id}.via: by version ${current.version} it is in the product ${via.productId}, and no data set leaves a product. Leave the leg out of version ${version}, or deliver it by neither a product nor a grant; the version after that can have it in another.`,
    );
  }
}
