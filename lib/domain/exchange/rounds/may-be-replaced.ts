import type { ReleaseRecord } from '../../registry/round-records';

/** As many deliveries for one round take one another’s place. What comes then is for the next. */
export const MOST_REPLACED = 50;

/**
 * Whether a newer delivery may take a release's place: it waits, nobody has seen it, and its publication has not begun, nor was
 * it promised to anybody. Whoever publishes seals it first, by a write that fails where another took its place.
 */
export function mayBeReplaced({ state, sealed, replaced = [] }: ReleaseRecord): boolean {
  return state === 'prepared' && sealed === undefined && replaced.length < MOST_REPLACED;
}
