import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Success } from './success';

const DOCUMENT = readFileSync(join(__dirname, '../../docs/attacks.md'), 'utf8');

export const percent = (rate: number) => `${(rate * 100).toFixed(1)} %`;

/** The documentation shows what this run measured. */
export function expectDocumented(attack: string, measured: Success, base: string): void {
  expect(DOCUMENT).toContain(
    `| ${attack} | ${percent(measured.rate)} (${percent(measured.low)} to ${percent(measured.high)}) | ${base} |`,
  );
}
