import type { CurrentRecord } from './agreement-records';

/** A time in which an agreement stood still, and is over. */
export interface Pause {
  /** UTC, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Who had it stand still. */
  readonly by: readonly string[];
}

/** The times in which an agreement stood still and went on again, the first of them first. */
export function listPauses(history: CurrentRecord['history']): readonly Pause[] {
  const pauses: Pause[] = [];
  let open: Omit<Pause, 'to'> | undefined;
  for (const { act, at, by, to } of history) {
    if (act === 'suspend') open = { from: open?.from ?? at, by: [...(open?.by ?? []), by] };
    if (act === 'resume' && to === 'active' && open !== undefined) {
      pauses.push({ ...open, to: at });
      open = undefined;
    }
  }
  return pauses;
}
