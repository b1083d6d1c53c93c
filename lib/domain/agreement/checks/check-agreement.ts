import type { Remark } from '../yaml/remark';
import { checkClauses } from './check-clauses';
import { checkColumns } from './check-columns';
import { checkDatasets } from './check-datasets';
import { checkLegs } from './check-legs';
import { checkParties } from './check-parties';
import { checkPrivacy } from './check-privacy';
import { checkRemedies } from './check-remedies';
import { checkRounds } from './check-rounds';
import { checkShifts } from './check-shifts';
import { checkTerms } from './check-terms';
import { checkTransfers } from './check-transfers';
import type { AgreementDraft } from './draft-agreement';

/** Everything about an agreement that concerns several places of it at once. Parts that are not sound are passed over. */
export function checkAgreement(draft: AgreementDraft): Remark[] {
  return [
    ...checkTerms(draft),
    ...checkParties(draft),
    ...checkDatasets(draft),
    ...checkColumns(draft),
    ...checkPrivacy(draft),
    ...checkLegs(draft),
    ...checkRounds(draft),
    ...checkShifts(draft),
    ...checkTransfers(draft),
    ...checkRemedies(draft),
    ...checkClauses(draft),
  ];
}
