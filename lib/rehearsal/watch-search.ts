import type { SolveWatch } from '../domain/exchange/gates/solve-dataset';
import { formatCount, formatShare } from '../domain/format';

/** A search may take so many minutes, unless it is said otherwise; then the best found is taken, with the gap that is proven of it. */
const USUAL_MINUTES = 5;
/** Searches that are over sooner tell nothing; the others tell this often. */
const PAUSE = 2_000;

/** Times in milliseconds. `now`: of a clock that only goes forward. */
export function watchSearch(tell: (note: string) => void, now: () => number, minutes = USUAL_MINUTES): SolveWatch {
  const started = now();
  let told = started;
  return {
    budget: { classes: Number.POSITIVE_INFINITY, shouldStop: () => now() - started > minutes * 60_000 },
    onProgress: ({ checked, settled, gap }) => {
      if (now() - told < PAUSE) return;
      told = now();
      const best = gap === undefined || gap >= 1 ? '' : `, best found within ${formatShare(gap)} of the least`;
      tell(`${formatShare(settled)} decided, ${formatCount(checked)} counted${best}`);
    },
  };
}
