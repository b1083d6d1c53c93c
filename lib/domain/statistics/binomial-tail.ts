import { logFactorial } from './log-factorial';

/** Probability that of `trials` independent ones, each of which succeeds with probability `p`, at least `successes` do. */
export function binomialTail(trials: number, p: number, successes: number): number {
  if (successes <= 0) return 1;
  if (successes > trials || p <= 0) return 0;
  if (p >= 1) return 1;
  const mean = trials * p;
  // The shorter side is summed, away from the mean, until what is left no longer counts.
  return successes > mean ? sumFrom(trials, p, successes, 1) : Math.max(0, 1 - sumFrom(trials, p, successes - 1, -1));
}

function sumFrom(trials: number, p: number, start: number, step: 1 | -1): number {
  let sum = 0;
  for (let k = start; k >= 0 && k <= trials; k += step) {
    const term = Math.exp(
      logFactorial(trials) -
        logFactorial(k) -
        logFactorial(trials - k) +
        k * Math.log(p) +
        (trials - k) * Math.log1p(-p),
    );
    sum += term;
    if (term < sum * 1e-16) break;
  }
  return Math.min(1, sum);
}
