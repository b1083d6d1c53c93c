import { sha256 } from '../../audit/node-crypto';
import type { Plan } from '../../domain/agreement/plan/plan';
import { isForSide, planForSide } from '../../domain/agreement/plan/plan-for-side';
import { hashPlanParts, listDifferingParts } from '../../domain/agreement/plan/plan-parts';
import type { AuditRecords } from '../../domain/audit/report/read-audit-records';
import { InvalidInput } from '../describe/exit-code';

/**
 * A version in the folder is what was signed, or the audit would be by another; and what the room has on record to enforce is
 * what follows from it. Parties sign the agreement and not the plan: whoever deploys could put another under it.
 * @param folder for the message
 * @param plans of the files, every version by agreement
 * @throws InvalidInput
 */
export function requireSigned(
  folder: string,
  plans: ReadonlyMap<string, readonly Plan[]>,
  recorded: AuditRecords['agreements'],
): void {
  for (const { agreement, versions } of recorded) {
    for (const { plan } of versions) {
      const file = plans.get(agreement)?.find((each) => each.agreement.version === plan.agreement.version);
      if (file === undefined) continue;
      const version = `--agreements ${folder}: version ${plan.agreement.version} of ${agreement}`;
      if (file.agreement.content !== plan.agreement.content)
        throw new InvalidInput(`${version} is not what was signed. Audit by the file that was.`);
      const follows = isForSide(plan) ? planForSide(file, plan.side) : file;
      const parts = listDifferingParts(hashPlanParts(plan, sha256), hashPlanParts(follows, sha256));
      if (parts.length > 0)
        throw new InvalidInput(
          `${version} is what was signed, and what is on record to be enforced does not follow from it (${parts.join(', ')}). Audit with the version of barter that the room was deployed with; if it differs then too, somebody has put another plan under the signatures.`,
        );
    }
  }
}
