import type { ReleaseRecord } from '../../registry/round-records';

/** Whether a release is one of those up to a day that `revoke` withdraws: of a round of then or before, or out by then. UTC. */
export function isUpTo({ round, at }: Pick<ReleaseRecord, 'round' | 'at'>, moment: string): boolean {
  const day = moment.slice(0, 10);
  return round <= day || at.slice(0, 10) <= day;
}
