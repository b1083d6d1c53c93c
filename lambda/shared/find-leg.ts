import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';

/** A leg that this room gives: what its plan says of it. */
export function findLeg({ plan }: AgreementOnRecord, leg: string | undefined) {
  return plan.legs.find(({ id }) => id === leg);
}
