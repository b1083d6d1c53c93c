import { prepareTreatment } from '../sql/prepare-treatment';
import { sparkDialect } from '../sql/spark-dialect';
import type { TreatedPart } from '../sql/treated-part';
import type { JobStep } from './job-orders';

/** A treatment that needs more than SQL, which the Glue job has not. */
export class NotOnGlue extends Error {
  override readonly name = 'NotOnGlue';
}

/**
 * Makes the tables by which `part` is treated.
 * @throws NotOnGlue for a treatment whose replacements are computed outside the engine.
 */
export function orderTreatment(part: TreatedPart): readonly JobStep[] {
  return prepareTreatment(part).map((helper): JobStep => {
    if (helper.kind === 'mapping')
      throw new NotOnGlue(
        `Column ${helper.column.name}: ${helper.treatment.kind} is done by barter rehearse alone. Choose another treatment.`,
      );
    return { do: 'cache', name: helper.name, sql: sparkDialect.renderQuery(helper.query) };
  });
}
