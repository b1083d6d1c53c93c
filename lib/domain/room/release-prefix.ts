import type { PlannedLeg } from '../agreement/plan';

/** Where a leg's releases lie in the lake bucket: `<agreement>/<leg>/`. No id holds a slash, so no prefix covers another's. */
export function releasePrefix(agreement: string, leg: PlannedLeg): string {
  return `${agreement}/${leg.id}/`;
}
