import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { isNumberStyle } from '../../domain/agreement/written-styles';
import type { DeliveryProblem } from './delivery-problem';

/**
 * JSON writes its own numbers with a point: where a column says that numbers are written otherwise, `1.234` in it could be
 * either, and none is taken.
 */
export function refuseWritten(where: string, { columns }: PlannedDataset): readonly DeliveryProblem[] {
  return columns.flatMap(({ name, written }) =>
    written === undefined || !isNumberStyle(written)
      ? []
      : [
          {
            where,
            problem: `numbers of ${JSON.stringify(name)} are agreed to be written as ${written}, which JSON does not write`,
            remedy: 'Deliver CSV, or leave `written` out of the next version of the agreement.',
          },
        ],
  );
}
