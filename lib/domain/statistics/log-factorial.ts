const KNOWN = 256;
const table = new Float64Array(KNOWN);
for (let n = 2; n < KNOWN; n++) table[n] = table[n - 1]! + Math.log(n);

/** Natural logarithm of n!; beyond 255 by Stirling's series, whose error is below 1e-15 there. */
export function logFactorial(n: number): number {
  if (n < KNOWN) return table[n]!;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3);
}
