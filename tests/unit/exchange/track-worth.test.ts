import { trackWorth } from '../../../lib/domain/exchange/track-worth';
import { releaseOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';

const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const FIGURES = { subjects: 100, completeness: 1, loss: 0 };

test('by leg, in the order of rounds, each against the one before', () => {
  const tracked = trackWorth([
    releaseOf(PLAN, USAGE, '2026-03-15', { value: 90, figures: { ...FIGURES, subjects: 90 } }),
    releaseOf(PLAN, PURCHASES, '2026-03-01', { value: 50 }),
    releaseOf(PLAN, USAGE, '2026-03-01', { value: 100, figures: FIGURES }),
    releaseOf(PLAN, USAGE, '2026-03-08', { value: 120, figures: { ...FIGURES, subjects: 120 }, state: 'prepared' }),
  ]);
  expect(tracked).toEqual([
    { leg: PURCHASES, round: '2026-03-01', value: 50 },
    { leg: USAGE, round: '2026-03-01', value: 100, figures: FIGURES },
    { leg: USAGE, round: '2026-03-08', value: 120, figures: { ...FIGURES, subjects: 120 }, change: 0.2 },
    { leg: USAGE, round: '2026-03-15', value: 90, figures: { ...FIGURES, subjects: 90 }, change: -0.25 },
  ]);
});

test('what was taken back, or has no worth on record, is none to compare with; nor is nothing', () => {
  const tracked = trackWorth([
    releaseOf(PLAN, USAGE, '2026-03-01', { value: 100 }),
    releaseOf(PLAN, USAGE, '2026-03-08', { value: 10, state: 'revoked' }),
    releaseOf(PLAN, USAGE, '2026-03-15'),
    releaseOf(PLAN, USAGE, '2026-03-22', { value: 0 }),
    releaseOf(PLAN, USAGE, '2026-03-29', { value: 80 }),
  ]);
  expect(tracked.map(({ round, change }) => [round, change])).toEqual([
    ['2026-03-01', undefined],
    ['2026-03-22', -1],
    ['2026-03-29', undefined],
  ]);
});
