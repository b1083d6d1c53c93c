import type { ReleaseRecord } from '../../registry/round-records';

/** Whether a release may have come to its receiver: also one that was taken back since. */
export function hasLeftEscrow({ state }: Pick<ReleaseRecord, 'state'>): boolean {
  return state !== 'prepared';
}
