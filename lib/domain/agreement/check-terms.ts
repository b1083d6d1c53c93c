import { checkName } from './check-name';
import type { AgreementDraft } from './draft-agreement';
import { errorAt, type Remark } from './remark';

/** Term and fairness. */
export function checkTerms({ term, fairness, datasets }: AgreementDraft): Remark[] {
  const remarks: Remark[] = [];
  if (term?.starts !== undefined && term.ends !== undefined && term.ends <= term.starts) {
    remarks.push(
      errorAt(
        ['term', 'ends'],
        `the agreement ends on ${term.ends} and starts on ${term.starts}`,
        'Let it end after it starts.',
      ),
    );
  }
  if (fairness?.outside !== undefined && fairness.tolerance === undefined) {
    remarks.push(
      errorAt(
        ['fairness', 'outside'],
        'nothing is outside a tolerance that is not set',
        'Add tolerance, e.g. `tolerance: 20%`, or remove `outside`.',
      ),
    );
  }
  for (const dataset of Object.keys(fairness?.weights ?? {})) {
    remarks.push(
      ...checkName(['fairness', 'weights', dataset], 'dataset', dataset, datasets).map((remark) => ({
        ...remark,
        at: 'key' as const,
      })),
    );
  }
  return remarks;
}
