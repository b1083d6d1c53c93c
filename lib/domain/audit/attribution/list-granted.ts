import type { EntitlementRecord } from '../../registry/round-records';
import type { MadeForLegs } from './place-agreement';

/** By leg: the data sets that grants have made of it in its receiver's account. */
export function listGranted(entitlements: readonly EntitlementRecord[]): NonNullable<MadeForLegs['granted']> {
  return Object.fromEntries(entitlements.map(({ leg, dataSets = [] }) => [leg, dataSets]));
}
