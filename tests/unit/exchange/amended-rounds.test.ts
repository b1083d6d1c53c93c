import { listRounds } from '../../../lib/domain/exchange/rounds/list-rounds';
import { roundsOfDelivery } from '../../../lib/domain/exchange/rounds/rounds-of-delivery';
import AMENDMENTS from '../../cases/exchange/amendments.json';
import { EARLY } from '../../fixtures/registered';
import { placed, planOf, type Terms } from './amended-terms';

describe('an amendment', () => {
  test.each(AMENDMENTS)('that $name', ({ before, after, signed, rounds }) => {
    const versions = placed([
      { terms: before as Terms, signed: EARLY },
      { terms: after as Terms, signed },
    ]);
    const due = listRounds({ versions }, '2026-05-02').filter(({ day }) => day >= '2026-02-01');
    expect(due.map(({ day, legs }) => [day, legs.join(' ')])).toEqual(rounds);
  });

  test('a delivery for a leg that came in mid-period is for the first round after it', () => {
    const [{ before, after, signed }] = AMENDMENTS as [(typeof AMENDMENTS)[0]];
    const versions = placed([
      { terms: before as Terms, signed: EARLY },
      { terms: after as Terms, signed },
    ]);
    const { legs } = planOf(2, after as Terms);
    const paid = new Map(['2026-01-01', '2026-02-01', '2026-03-01'].map((day) => [day, 'given' as const]));
    const given = (leg: string) => (leg === 'visits' ? new Map() : paid);
    const rounds = roundsOfDelivery({ versions }, legs, given, '2026-03-21T00:00:00Z');
    expect(rounds).toMatchObject({ kind: 'counts', days: new Map([['visits', '2026-04-01']]) });
  });
});
