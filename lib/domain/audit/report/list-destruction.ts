import type { AgreementInForce } from '../../agreement/agreement-in-force';
import { listFormerLegs } from '../../exchange/entitlements/list-former-legs';
import { destructionDueOn } from '../../exchange/entitlements/plan-exit';
import { toInstant } from '../../to-instant';
import type { DestructionAttestation, DestructionDuty } from './record-processing';
import type { CertifiedRelease } from './reported-conduct';

/** What is on record of what came to receivers, and of what they say became of it. */
interface DestructionRecords {
  readonly attestations: readonly DestructionAttestation[];
  readonly releases: readonly Pick<CertifiedRelease, 'agreement' | 'leg' | 'state'>[];
}

/**
 * Every receiver's duty to destroy, of the last version of each agreement, and of legs that it has left out by which something
 * was received. A later version takes the duty over; it does not fall due twice, and nobody is late with what never came.
 * @param produced UTC, ISO 8601: what is due before then, and not attested, is overdue
 */
export function listDestruction(
  agreements: readonly AgreementInForce[],
  { attestations, releases }: DestructionRecords,
  produced: string,
): readonly DestructionDuty[] {
  const versions = new Map<string, AgreementInForce[]>();
  for (const each of agreements) {
    const { id } = each.plan.agreement;
    versions.set(id, [...(versions.get(id) ?? []), each]);
  }
  return [...versions.values()].flatMap((all) => {
    const ordered = all.toSorted((left, right) => left.plan.agreement.version - right.plan.agreement.version);
    const { plan, to } = ordered.at(-1)!;
    const { id, version } = plan.agreement;
    const isReceived = (leg: string) =>
      releases.some((each) => each.agreement.id === id && each.leg === leg && each.state !== 'prepared');
    const former = listFormerLegs(
      plan,
      ordered.slice(0, -1).map((each) => each.plan),
    ).map(({ leg }) => leg);
    const due = destructionDueOn(plan, to === undefined ? {} : { ended: { at: justBefore(to) } });
    return [...plan.legs, ...former.filter((leg) => isReceived(leg.id))].map((leg): DestructionDuty => {
      const attestation = attestations.find(
        (each) => each.agreement === id && each.leg === leg.id && each.party === leg.to,
      );
      const common = { agreement: { id, version }, leg: leg.id, party: leg.to, due };
      if (attestation !== undefined)
        return { ...common, state: attestation.fault === undefined ? 'given' : 'unproven', attestation };
      return { ...common, state: due <= produced.slice(0, 10) && isReceived(leg.id) ? 'overdue' : 'not-due' };
    });
  });
}

/** When something was still so that is over at a time. */
function justBefore(time: string): string {
  return toInstant(Date.parse(time) - 1);
}
