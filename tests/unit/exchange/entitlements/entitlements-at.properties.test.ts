import fc from 'fast-check';
import type { AgreementState } from '../../../../lib/domain/agreement/lifecycle';
import { AGREEMENT_STATES } from '../../../../lib/domain/agreement/lifecycle';
import { MEASURES, TRIGGERS } from '../../../../lib/domain/agreement/plan/measures';
import { entitlementsAt } from '../../../../lib/domain/exchange/entitlements/entitlements-at';
import { breachOf, conductOf, releaseOf, roundOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { signatureOf } from '../../../fixtures/registered';

const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];

test('no entitlement without an active signed agreement, a valid term and a complete round', () => {
  const day = fc.integer({ min: 0, max: 450 }).map((n) => new Date(Date.UTC(2025, 10, 1 + n)).toISOString());
  const remedy = fc.record({ on: fc.constantFrom(...TRIGGERS), do: fc.constantFrom(...MEASURES) });
  const legs = [USAGE, PURCHASES];
  const arbitrary = fc.record({
    state: fc.constantFrom<AgreementState>(
      ...AGREEMENT_STATES,
      'active',
      'active',
      'active',
      'active',
      'active',
      'active',
    ),
    removed: fc.constantFrom(false, false, false, true),
    signers: fc.constantFrom(['telco', 'retail'], ['telco', 'retail'], ['telco'], []),
    rounds: fc.uniqueArray(
      fc.record({
        day: day.map((text) => text.slice(0, 10)),
        state: fc.constantFrom(
          'published' as const,
          'published' as const,
          'open' as const,
          'publishing' as const,
          'published' as const,
          'withheld' as const,
        ),
        with: fc.constantFrom(legs, legs, [USAGE], []),
        final: fc.constantFrom(true, true, false),
      }),
      { selector: (round) => round.day, maxLength: 6 },
    ),
    breaches: fc.array(
      fc.record({
        trigger: fc.constantFrom(...TRIGGERS),
        party: fc.constantFrom('telco', 'retail'),
        leg: fc.constantFrom(...legs),
        since: day,
      }),
      { maxLength: 3 },
    ),
    remedies: fc.array(remedy, { maxLength: 3 }),
    now: day,
  });
  let granted = 0;
  fc.assert(
    fc.property(arbitrary, ({ state, removed, signers, rounds, breaches, remedies, now }) => {
      const plan = { ...PLAN, remedies };
      const conduct = conductOf(plan, [], {
        state,
        removed,
        signatures: signers.map((party) => signatureOf(plan, party)),
        rounds: rounds.map((round) => roundOf(plan, round.day, { state: round.state })),
        releases: rounds.flatMap((round) =>
          round.with.map((leg) => releaseOf(plan, leg, round.day, { state: round.final ? 'final' : 'prepared' })),
        ),
        breaches: breaches.map((breach, index) => breachOf(plan, { ...breach, report: `r${index}` })),
      });
      const held = entitlementsAt(plan, conduct, now);
      expect(held.map(({ leg }) => leg)).toEqual(legs);
      for (const { effect, releases, clause } of held) {
        expect([clause !== '', releases.length > 0]).toEqual([true, effect === 'grant']);
        if (effect === 'withhold') continue;
        granted += 1;
        const inTerm = now.slice(0, 10) >= plan.term.starts && now.slice(0, 10) <= plan.term.ends;
        expect({ state, removed, signers, inTerm }).toEqual({
          state: 'active',
          removed: false,
          signers: ['telco', 'retail'],
          inTerm: true,
        });
        for (const release of releases)
          expect(rounds.find((round) => round.day === release)).toMatchObject({
            state: 'published',
            with: legs,
            final: true,
          });
      }
    }),
    { numRuns: 2000, seed: 20260101 },
  );
  expect(granted).toBeGreaterThan(100);
});
