/** The candidate that `word` was probably meant to be, or undefined when none is near. Case does not count. */
export function suggestName<T extends string>(word: string, candidates: Iterable<T>): T | undefined {
  const wanted = [...word.toLowerCase()];
  if (wanted.length > 80 || !/\p{L}/u.test(word)) return undefined;
  let best: T | undefined;
  let bestDistance = (wanted.length < 3 ? 0 : Math.max(1, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of candidates) {
    const letters = [...candidate.toLowerCase()];
    if (Math.abs(letters.length - wanted.length) >= bestDistance) continue;
    const distance = countEdits(wanted, letters, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean \`x\`? ` when something near is known, else nothing: to be put before what is allowed. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const suggestion = suggestName(word, candidates);
  return suggestion === undefined ? '' : `Did you mean \`${suggestion}\`? `;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment); Infinity from `limit` on. */
function countEdits(from: readonly string[], to: readonly string[], limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of from.entries()) {
    const row = [i + 1];
    for (const [j, other] of to.entries()) {
      const replaced = last[j]! + (letter === other ? 0 : 1);
      const swapped =
        i > 0 && j > 0 && letter === to[j - 1] && from[i - 1] === other ? beforeLast[j - 1]! + 1 : Infinity;
      row.push(Math.min(replaced, swapped, last[j + 1]! + 1, row[j]! + 1));
    }
    if (Math.min(...row) >= limit) return Infinity;
    beforeLast = last;
    last = row;
  }
  return last[to.length]!;
}
