import { addDuration } from '../agreement/duration';
import type { PlannedLeg } from '../agreement/plan';

/**
 * When the time of a release is over: from then on its receiver reaches it no more, and destroys what it took of it.
 * @param at when it came out: UTC, ISO 8601
 */
export function retentionEndsAt(at: string, { retain }: Pick<PlannedLeg, 'retain'>): string {
  return addDuration(at, retain);
}
