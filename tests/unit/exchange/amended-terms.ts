import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { listSignedVersions } from '../../../lib/domain/audit/attribution/list-signed-versions';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { signatureOf } from '../../fixtures/registered';

/** A version by its first day and its legs, each with how often it is due. */
export interface Terms {
  readonly starts: string;
  readonly legs: Readonly<Record<string, string>>;
}

export function planOf(version: number, { starts, legs }: Terms): Plan {
  const agreement = { ...PLAN.agreement, version, content: `e${version}`.repeat(32) };
  const [usage, purchases] = PLAN.legs as [Plan['legs'][0], Plan['legs'][0]];
  const named = Object.entries(legs).map(([id, every]) => ({ ...(id === 'purchases' ? purchases : usage), id, every }));
  return { ...PLAN, agreement, term: { ...PLAN.term, starts }, legs: named };
}

/** Nobody verifies it here. */
const SIGNATURE = signatureOf(PLAN, 'telco');

/** What holds by these signatures: the first version signed early, the later ones when it is said. */
export function placed(versions: readonly { readonly terms: Terms; readonly signed: string }[]) {
  const plans = versions.map(({ terms }, at) => planForSide(planOf(at + 1, terms), { kind: 'hosted' }));
  const signatures = plans.flatMap((plan, at) =>
    plan.parties.map(({ id: party }) => {
      const { version, content } = plan.agreement;
      return { ...SIGNATURE, version, content, party, at: versions[at]!.signed };
    }),
  );
  return listSignedVersions(plans, signatures, { history: [] });
}
