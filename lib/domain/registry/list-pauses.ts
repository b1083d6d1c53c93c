import type { CurrentRecord } from './agreement-records';

/** A time in which an agreement stood still by the same all the while, and which is over. */
export interface Pause {
  /** UTC, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Who had it stand still. */
  readonly by: readonly string[];
}

/** The times in which an agreement stood still, one for whoever had it so, the first of them first. */
export function listPauses(history: CurrentRecord['history']): readonly Pause[] {
  const pauses: Pause[] = [];
  let holders: readonly string[] = [];
  let from = '';
  for (const { act, at, by, to } of history) {
    if (holders.length > 0) pauses.push({ from, to: at, by: holders });
    holders = holdersAfter(holders, { act, by, to });
    from = at;
  }
  return pauses;
}

/** Who has an agreement stand still: each has said so, and not that it goes on. */
export function listHolders(history: CurrentRecord['history']): readonly string[] {
  return history.reduce<readonly string[]>(holdersAfter, []);
}

function holdersAfter(
  holders: readonly string[],
  { act, by, to }: Pick<CurrentRecord['history'][number], 'act' | 'by' | 'to'>,
): readonly string[] {
  if (to !== 'suspended') return [];
  const others = holders.filter((each) => each !== by);
  return act === 'suspend' ? [...others, by] : act === 'resume' ? others : holders;
}
