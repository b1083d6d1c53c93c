import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Success } from './success';

const DOCUMENT = readFileSync(join(__dirname, '../../docs/attacks.md'), 'utf8');

export const percent = (rate: number) => `${(rate * 100).toFixed(1)} %`;

/** The documentation shows what this run measured. */
export function expectDocumented(attack: string, measured: Pick<Success, 'rate' | 'low' | 'high'>, base: string): void {
  expect(DOCUMENT).toContain(
    `| ${attack} | ${percent(measured.rate)} (${percent(measured.low)} to ${percent(measured.high)}) | ${base} |`,
  );
}

/** The difference of two rates with its own interval at 99 % (Newcombe 1998, method 10, from Wilson's of each). */
export function compareSuccess(one: Success, other: Success): Pick<Success, 'rate' | 'low' | 'high'> {
  const rate = one.rate - other.rate;
  return {
    rate,
    low: rate - Math.hypot(one.rate - one.low, other.high - other.rate),
    high: rate + Math.hypot(one.high - one.rate, other.rate - other.low),
  };
}
