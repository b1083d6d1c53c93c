import { writeNotice } from '../../../../lib/domain/exchange/report/notice';
import type { RoundOutcome } from '../../../../lib/domain/exchange/rounds/round';
import { TELCO_RETAIL_PLAN as plan } from '../../../fixtures/plan';

const withheld: RoundOutcome = {
  kind: 'withheld',
  balance: [],
  legs: [
    {
      leg: plan.legs[0]!,
      gates: [
        { gate: 'cleaning', passed: true, finding: '3 of 100 rows were rejected.' },
        {
          gate: 'hierarchy',
          passed: false,
          finding: 'segment.csv lacks 1 value of column segment.',
          remedy: 'Add it.',
          detail: 'The values are segment: "secret-tariff".',
        },
      ],
    },
    { leg: plan.legs[1]!, gates: [{ gate: 'verification', passed: true, finding: 'kept' }] },
  ],
};

describe('a notice', () => {
  it('tells every party which leg and which gate failed, and what to change', () => {
    for (const party of ['telco', 'retail']) {
      const notice = writeNotice(plan, withheld, party);
      expect(notice).toContain('Withheld: 1 of 2 legs did not pass. Nothing was delivered to anybody.');
      expect(notice).toContain('FAILED: hierarchy. segment.csv lacks 1 value of column segment.');
      expect(notice).toContain('To do: Add it.');
    }
  });

  it('shows values of a delivery to its giver alone', () => {
    expect(writeNotice(plan, withheld, 'telco')).toContain('secret-tariff');
    expect(writeNotice(plan, withheld, 'retail')).not.toContain('secret-tariff');
  });
});
