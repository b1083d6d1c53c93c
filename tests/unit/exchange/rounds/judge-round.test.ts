import fc from 'fast-check';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { readFigures } from '../../../../lib/domain/exchange/gates/release-figures';
import { valueRelease } from '../../../../lib/domain/exchange/gates/value-release';
import { judgeRound } from '../../../../lib/domain/exchange/rounds/judge-round';
import type { LegOutcome } from '../../../../lib/domain/exchange/rounds/round';
import type { Certificate } from '../../../../lib/domain/privacy/certificate/certificate';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const certificate = { certificateVersion: 1 } as Certificate;
const fairnessOf = (outside: 'warn' | 'withhold', tolerance?: number): Plan => ({
  ...TELCO_RETAIL_PLAN,
  fairness: { outside, weights: {}, ...(tolerance !== undefined && { tolerance }) },
});
const certifiedLeg = (index: number, value: number): LegOutcome => ({
  leg: TELCO_RETAIL_PLAN.legs[index]!,
  gates: [{ gate: 'verification', passed: true, finding: 'kept' }],
  certificate,
  value,
});
const failedLeg = (index: number): LegOutcome => ({
  leg: TELCO_RETAIL_PLAN.legs[index]!,
  gates: [{ gate: 'cleaning', passed: false, finding: 'too dirty' }],
});

describe('a round', () => {
  it('is delivered when every leg is certified', () => {
    expect(judgeRound(fairnessOf('warn'), [certifiedLeg(0, 10), certifiedLeg(1, 10)]).kind).toBe('delivered');
  });

  it.each([
    ['a leg failed', [certifiedLeg(0, 10), failedLeg(1)]],
    ['a leg of the plan has no outcome', [certifiedLeg(0, 10)]],
    ['nothing was done at all', []],
    ['the same leg is certified twice and the other not at all', [certifiedLeg(0, 10), certifiedLeg(0, 10)]],
  ])('is withheld when %s', (_, outcomes) => {
    expect(judgeRound(fairnessOf('warn'), outcomes).kind).toBe('withheld');
  });

  it.each([
    // outside, tolerance, gives, gets, kind, gate of the first leg
    ['withhold', 0.2, 100, 80, 'delivered', true],
    ['withhold', 0.2, 100, 79, 'withheld', false],
    ['withhold', 0, 100, 100, 'delivered', true],
    ['withhold', 0, 100, 101, 'withheld', false],
    ['withhold', 0.2, 80, 100, 'delivered', true],
    ['withhold', 0.2, 79, 100, 'withheld', false],
    ['warn', 0.2, 100, 10, 'delivered', true],
  ] as const)('%s, tolerance %d: %d for %d is %s', (outside, tolerance, gives, gets, kind, passed) => {
    const outcome = judgeRound(fairnessOf(outside, tolerance), [certifiedLeg(0, gives), certifiedLeg(1, gets)]);
    expect(outcome.kind).toBe(kind);
    expect(outcome.legs[0]!.gates.at(-1)).toMatchObject({ gate: 'fairness', passed });
  });

  it('says who gets how much less, in the agreement’s measure', () => {
    const outcome = judgeRound(fairnessOf('withhold', 0.2), [certifiedLeg(0, 100), certifiedLeg(1, 50)]);
    expect(outcome.legs[0]!.gates.at(-1)!.finding).toBe(
      'telco gets 50 % less than it gives; the agreement allows 20 %.',
    );
    expect(outcome.balance).toEqual([
      { party: 'telco', gives: 100, gets: 50, difference: -0.5, withinTolerance: false },
      { party: 'retail', gives: 50, gets: 100, difference: 1, withinTolerance: true },
    ]);
  });

  it('does not judge fairness without tolerance, nor while a leg lacks a value', () => {
    expect(judgeRound(fairnessOf('withhold'), [certifiedLeg(0, 1), certifiedLeg(1, 99)]).kind).toBe('delivered');
    const failed = judgeRound(fairnessOf('withhold', 0.1), [certifiedLeg(0, 1), failedLeg(1)]);
    expect(failed.balance.every((party) => party.difference === undefined && party.withinTolerance)).toBe(true);
    expect(failed.legs.flatMap((leg) => leg.gates).some(({ gate }) => gate === 'fairness')).toBe(false);
  });

  it('is never delivered while any leg of the plan lacks its certificate', () => {
    const anyOutcome = fc.record({ certified: fc.boolean(), value: fc.double({ min: 0, max: 1e9, noNaN: true }) });
    fc.assert(
      fc.property(
        fc.tuple(anyOutcome, anyOutcome),
        fc.option(fc.double({ min: 0, max: 1 }), { nil: undefined }),
        (legs, tolerance) => {
          const outcomes = legs.map((leg, index) =>
            leg.certified ? certifiedLeg(index, leg.value) : failedLeg(index),
          );
          const { kind } = judgeRound(fairnessOf('withhold', tolerance), outcomes);
          return kind === 'withheld' || legs.every((leg) => leg.certified);
        },
      ),
    );
  });
});

describe('the worth of a release', () => {
  it.each([
    [2, { subjects: 100, completeness: 1 }, 0, 200],
    [undefined, { subjects: 100, completeness: 1 }, undefined, 100],
    [1, { subjects: 100, completeness: 0.5 }, 0.5, 25],
    [1, { subjects: 100, completeness: 1 }, 1, 0],
    [1, { subjects: 0, completeness: 1 }, 0, 0],
  ])('of weight %p, %j, with a loss of %p, is %d', (weight, worth, loss, value) => {
    const weights: Record<string, number> = weight === undefined ? {} : { usage: weight };
    const privacy = loss === undefined ? {} : { privacy: { loss } };
    expect(
      valueRelease(
        { fairness: { weights, outside: 'withhold' } },
        { dataset: 'usage' },
        readFigures({ worth, ...privacy }),
      ),
    ).toBe(value);
  });
});
