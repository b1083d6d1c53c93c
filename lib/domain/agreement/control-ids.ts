/** What a clause can be bound to: everything the software itself does about an agreement. */
export const CONTROL_IDS = [
  'privacy.k',
  'privacy.l',
  'privacy.t',
  'privacy.suppression',
  'treatment.token',
  'treatment.mask',
  'treatment.drop',
  'treatment.generalise',
  'treatment.date-shift',
  'cleaning.checks',
  'cleaning.dedupe',
  'cleaning.rejection',
  'escrow.all-or-none',
  'certificate.measured',
  'fairness.balance',
  'storage.encrypted',
  'storage.private',
  'storage.versioned',
  'transport.tls',
] as const;

export type ControlId = (typeof CONTROL_IDS)[number];
