/** Says how many mutations a test tried, so that a run shows what it stands on. */
export function reportTried(what: string, tried: number): void {
  process.stdout.write(`  ${what}: ${tried} mutations tried, every one detected\n`);
}

/** The same bytes but for one flipped bit. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}
