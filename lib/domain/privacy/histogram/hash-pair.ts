/** Multiplicative hashing by 2³² / golden ratio; the high bits, which it mixes best, are folded onto the low ones. */
export function hashPair(one: number, other: number): number {
  const hash = Math.imul(Math.imul(one, 0x85ebca6b) ^ other, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
