/** What an attack came to: right guesses of all, with Wilson's interval at 99 %. */
export interface Success {
  readonly tried: number;
  readonly right: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

const Z = 2.576;

export function measureSuccess(tried: number, right: number): Success {
  if (tried === 0) return { tried, right, rate: 0, low: 0, high: 1 };
  const rate = right / tried;
  const middle = rate + (Z * Z) / (2 * tried);
  const spread = Z * Math.sqrt((rate * (1 - rate)) / tried + (Z * Z) / (4 * tried * tried));
  const scale = 1 + (Z * Z) / tried;
  return {
    tried,
    right,
    rate,
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale),
  };
}
