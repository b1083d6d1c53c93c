import { prepareTreatment } from '../sql/prepare-treatment';
import { sparkDialect } from '../sql/spark-dialect';
import type { TreatedPart } from '../sql/treated-part';
import type { JobStep } from './job-orders';
import { orderMapped } from './order-mapping';

/** Makes the tables by which `part` is treated for a leg. */
export function orderTreatment(part: TreatedPart, leg: string): readonly JobStep[] {
  return prepareTreatment(part).flatMap((helper): readonly JobStep[] =>
    helper.kind === 'mapping'
      ? orderMapped(part.dataset, helper, leg)
      : [{ do: 'cache', name: helper.name, sql: sparkDialect.renderQuery(helper.query) }],
  );
}
