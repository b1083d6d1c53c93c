import type { ColumnType } from '../../domain/agreement/plan/plan';
import { planNoise } from '../../domain/privacy/treatments/plan-noise';
import type { Treatment } from '../../domain/privacy/treatments/treatment';
import { canonicalText, number, text, when } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import { limitValue, numberType, roundValue } from './treat-value';

/*
 * Noise of a cell follows from its subject, its column and its value alone, so that neither repeating a value nor asking
 * again in another round lets anybody take it away. Uniform numbers of 32 bits are read off digests of a text that begins
 * with the subject's own secret.
 */

type Noise = Extract<Treatment, { kind: 'noise' }>;

const HEX_DIGITS = 8;
const NUMBERS_PER_DIGEST = 64 / HEX_DIGITS;

/** What the noise is added to. */
export function limitNoised(value: SqlExpression, type: ColumnType, noise: Noise): SqlExpression {
  return roundValue(limitValue(value, type, noise), type, noise.step);
}

/** `seed`: 64 hex digits that only this subject and leg have. `base`: of `limitNoised`. */
export function listDigests(
  name: string,
  noise: Noise,
  seed: SqlExpression,
  base: SqlExpression,
): readonly SqlExpression[] {
  const numbers = 2 * planNoise(noise).thresholds.length;
  return Array.from({ length: Math.ceil(numbers / NUMBERS_PER_DIGEST) }, (_, index) => ({
    kind: 'digest',
    operand: { kind: 'concatenate', operands: [seed, text(`:${name}:${index}:`), canonicalText(base)] },
  }));
}

/** `digests`: those of `listDigests`, once they are computed. */
export function addNoise(
  type: ColumnType,
  noise: Noise,
  base: SqlExpression,
  digests: readonly SqlExpression[],
): SqlExpression {
  const exact = numberType(type);
  if (exact.kind === 'double') throw new Error('A double gets no noise: its last digits would tell it.');
  const { thresholds } = planNoise(noise);
  const draw = (at: number): SqlExpression => ({
    kind: 'hex-number',
    operand: {
      kind: 'slice',
      start: (at % NUMBERS_PER_DIGEST) * HEX_DIGITS,
      count: HEX_DIGITS,
      operand: digests[Math.floor(at / NUMBERS_PER_DIGEST)]!,
    },
  });
  const sum = (from: number): SqlExpression =>
    thresholds
      .map((threshold, digit): SqlExpression => {
        const isSet: SqlExpression = {
          kind: 'compare',
          op: '<',
          left: draw(from + digit),
          right: number(threshold),
        };
        return when(isSet, number(2 ** digit), number(0));
      })
      .reduce((left, right): SqlExpression => ({ kind: 'arithmetic', op: '+', left, right }));
  const steps: SqlExpression = { kind: 'arithmetic', op: '-', left: sum(0), right: sum(thresholds.length) };
  return { kind: 'add-steps', operand: base, type: exact, steps, step: noise.step };
}
