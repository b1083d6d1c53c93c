import { type HelperTable, prepareTreatment } from '../sql/prepare-treatment';
import { sparkDialect } from '../sql/spark-dialect';
import type { TreatedPart } from '../sql/treated-part';
import type { JobStep } from './job-orders';
import { orderMapped } from './order-mapping';

/** Makes the tables by which `part` is treated for a leg. */
export function orderTreatment(part: TreatedPart, leg: string): readonly JobStep[] {
  return prepareTreatment(part).flatMap((helper): readonly JobStep[] =>
    helper.kind === 'mapping' ? orderMapped(part.dataset, helper, leg) : [orderHelper(helper)],
  );
}

function orderHelper({ name, query, isBounded }: Exclude<HelperTable, { readonly kind: 'mapping' }>): JobStep {
  return { do: 'cache', name, sql: sparkDialect.renderQuery(query), ...(isBounded && { everywhere: true }) };
}
