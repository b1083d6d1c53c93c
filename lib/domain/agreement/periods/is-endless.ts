/** What is counted on from the end of a term stays in years of four digits. */
const LAST_DAY = '2999-12-31';

/**
 * Whether a term is so long that it is none: its rounds are listed again and again, and there has to be an end to how many
 * there are. A hundred years at most. Days are written with the year first.
 */
export function isEndless(starts: string, ends: string): boolean {
  if (ends <= starts) return false;
  const latest = `${String(Number(starts.slice(0, 4)) + 100).padStart(4, '0')}${starts.slice(4)}`;
  return ends > LAST_DAY || ends > latest;
}
