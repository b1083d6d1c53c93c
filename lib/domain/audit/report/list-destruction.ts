import { addDuration } from '../../agreement/duration';
import type { AgreementInForce } from '../attribution/agreement-in-force';
import type { DestructionAttestation, DestructionDuty } from './record-processing';

/**
 * Every receiver's duty to destroy, of the last version of each agreement. A later version takes the duty over; it does not
 * fall due twice.
 * @param produced UTC, ISO 8601: what is due before then, and not attested, is overdue
 */
export function listDestruction(
  agreements: readonly AgreementInForce[],
  attestations: readonly DestructionAttestation[],
  produced: string,
): readonly DestructionDuty[] {
  const last = new Map<string, AgreementInForce>();
  for (const each of agreements) {
    const { id, version } = each.plan.agreement;
    if (version >= (last.get(id)?.plan.agreement.version ?? 0)) last.set(id, each);
  }
  return [...last.values()].flatMap(({ plan }) => {
    const { id, version } = plan.agreement;
    const due = addDuration(plan.term.ends, plan.term.destroyWithin).slice(0, 10);
    return plan.legs.map((leg): DestructionDuty => {
      const attestation = attestations.find(
        (each) => each.agreement === id && each.leg === leg.id && each.party === leg.to,
      );
      const common = { agreement: { id, version }, leg: leg.id, party: leg.to, due };
      if (attestation !== undefined)
        return { ...common, state: attestation.fault === undefined ? 'given' : 'unproven', attestation };
      return { ...common, state: due < produced.slice(0, 10) ? 'overdue' : 'not-due' };
    });
  });
}
