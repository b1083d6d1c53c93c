import { type HelperTable, prepareTreatment } from '../sql/prepare-treatment';
import { sparkDialect } from '../sql/rendering/spark-dialect';
import { RELEASED_TUPLES, type TreatedPart } from '../sql/treated-part';
import type { JobStep } from './job-orders';
import { orderMapped } from './order-mapping';

/**
 * Makes the tables by which `part` is treated for a leg. `marks`: draws them, once it is known what is released; where they
 * are drawn already, none.
 */
export function orderTreatment(part: TreatedPart, leg: string, marks: readonly JobStep[] = []): readonly JobStep[] {
  const order = (helper: HelperTable): readonly JobStep[] =>
    helper.kind === 'mapping' ? orderMapped(part.dataset, helper, leg) : [orderHelper(helper)];
  const tables = prepareTreatment(part);
  const isTuples = ({ name }: HelperTable) => name === RELEASED_TUPLES;
  return [
    ...tables.filter(isTuples).flatMap(order),
    ...marks,
    ...tables.filter((helper) => !isTuples(helper)).flatMap(order),
  ];
}

function orderHelper({ name, query, isBounded }: Exclude<HelperTable, { readonly kind: 'mapping' }>): JobStep {
  return { do: 'cache', name, sql: sparkDialect.renderQuery(query), ...(isBounded && { everywhere: true }) };
}
