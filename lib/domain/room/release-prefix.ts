import type { PlannedLeg } from '../agreement/plan/plan';

/** Where a leg's releases lie in the lake bucket: `<agreement>/<leg>/`. No id holds a slash, so no prefix covers another's. */
export function releasePrefix(agreement: string, leg: Pick<PlannedLeg, 'id'>): string {
  return `${agreement}/${leg.id}/`;
}

/** Where the release of one round lies; `round` is what the room's tables are partitioned by. */
export function roundPrefix(agreement: string, leg: PlannedLeg, day: string): string {
  return `${releasePrefix(agreement, leg)}round=${day}/`;
}
