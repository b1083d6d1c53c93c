import { logFactorial } from './log-factorial';

/** Of `all` things `marked` are special; `drawn` are taken by chance. Probability that at most `found` of them are special. */
export function hypergeometricTail(all: number, marked: number, drawn: number, found: number): number {
  const least = Math.max(0, drawn + marked - all);
  const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  const whole = logChoose(all, drawn);
  let sum = 0;
  for (let k = least; k <= Math.min(found, marked, drawn); k++) {
    sum += Math.exp(logChoose(marked, k) + logChoose(all - marked, drawn - k) - whole);
  }
  return Math.min(1, sum);
}
