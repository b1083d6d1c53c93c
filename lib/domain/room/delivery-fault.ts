/** How the workflow says why a delivery goes no further. What follows the first two is one word. */
export const DELIVERY_FAULTS = {
  refused: 'the delivery was refused: ',
  atGate: 'the release is withheld at the gate ',
  /** The name of the error with which `certify-release` ends where a gate is not passed. */
  notCertified: 'GateNotPassed',
} as const;

/** Why a delivery goes no further. */
type DeliveryFault =
  /** Nothing was worked on. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It cannot be certified as it is: the giver's to mend. */
  | { readonly kind: 'failed'; readonly gate?: string }
  /** A step broke off: the operator's to look into. */
  | { readonly kind: 'broken' };

export function readDeliveryFault(error: string): DeliveryFault {
  const after = (start: string) => (error.startsWith(start) ? /^[a-z-]{1,40}$/.exec(error.slice(start.length)) : null);
  const reason = after(DELIVERY_FAULTS.refused)?.[0];
  if (reason !== undefined) return { kind: 'refused', reason };
  const gate = after(DELIVERY_FAULTS.atGate)?.[0];
  if (gate !== undefined) return { kind: 'failed', gate };
  return error === DELIVERY_FAULTS.notCertified ? { kind: 'failed' } : { kind: 'broken' };
}
