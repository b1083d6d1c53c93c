/** The smallest group in which the risk of each member is no more than `risk`. 1 / 20 is not 0.05 in every rounding. */
export function leastOfRisk(risk: number): number {
  return Math.ceil(1 / risk - ROUNDING);
}

const ROUNDING = 1e-9;
