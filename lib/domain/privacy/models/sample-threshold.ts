/** Chance that is left of a class that stands for fewer subjects of the population than it seems to. */
const SIGNIFICANCE = 0.05;

/**
 * The fewest subjects a class must hold in a sample so that it stands, at the 5 % level, for at least `kMap` subjects of
 * the population it was drawn from. `fraction`: share of the population that is in the sample. Classes of `kMap`
 * subjects show a zero-truncated Poisson number of them; the threshold is the least number that so few of them reach.
 *
 * After Dankar and El Emam, "Protecting Privacy Using k-Anonymity" (JAMIA 2008).
 */
export function thresholdOf(kMap: number, fraction: number): number {
  if (fraction >= 1) return kMap;
  const expected = kMap * fraction;
  let logTerm = Math.log(expected) - expected - Math.log(-Math.expm1(-expected));
  let reached = 0;
  for (let count = 1; count < kMap; count++) {
    reached += Math.exp(logTerm);
    if (reached >= 1 - SIGNIFICANCE) return count + 1;
    logTerm += Math.log(expected) - Math.log(count + 1);
  }
  return kMap;
}
