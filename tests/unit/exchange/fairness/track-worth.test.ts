import { listMuchErased } from '../../../../lib/domain/exchange/erasure/count-erased';
import { planErasure } from '../../../../lib/domain/exchange/erasure/plan-erasure';
import { trackWorth } from '../../../../lib/domain/exchange/fairness/track-worth';
import { releaseOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

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

test('who was asked to be erased since is told beside what it was worth then', () => {
  const of = (subject: string, releases: readonly string[], at = '2026-03-10T00:00:00Z') =>
    planErasure(
      PLAN,
      { releases: releases.map((day) => releaseOf(PLAN, USAGE, day)), earlier: [] },
      { dataset: 'usage', subject: subject.repeat(32), tokens: {}, at },
    );
  const given = ['2026-03-01', '2026-03-08'].map((day) =>
    releaseOf(PLAN, USAGE, day, { value: 100, figures: FIGURES }),
  );
  const erasures = [of('ab', ['2026-03-01']), of('cd', ['2026-03-01', '2026-03-08'])];
  expect(trackWorth(given, erasures).map(({ round, erased }) => [round, erased])).toEqual([
    ['2026-03-01', 2],
    ['2026-03-08', 1],
  ]);
  const third = {
    ...releaseOf(PLAN, USAGE, '2026-03-15', { value: 100, figures: FIGURES }),
    at: '2026-03-16T00:00:00Z',
  };
  const leftOut = (taken?: string, all = erasures) =>
    trackWorth([...given, { ...third, ...(taken === undefined ? {} : { taken }) }], all).map((each) => each.leftOut);
  // Of the first round both were erased later; the one that is not in the second was not left out of it then.
  expect(leftOut()).toEqual([undefined, undefined, { persons: 2, asked: '2026-03-10' }]);
  expect(leftOut('2026-03-10T00:00:01Z')[2]).toEqual({ persons: 2, asked: '2026-03-10' });
  expect(leftOut('2026-03-09T23:00:00Z')[2]).toBeUndefined();
  const later = of('ef', ['2026-03-01'], '2026-03-12T00:00:00Z');
  expect(leftOut(undefined, [...erasures, later])[2]).toEqual({ persons: 3, asked: '2026-03-12' });
  // Whoever was on its way into it has to be erased from it, and is not left out; of whom it was never told it learns nothing.
  expect(leftOut(undefined, [of('ef', ['2026-03-01', '2026-03-15'])])[2]).toBeUndefined();
  expect(leftOut(undefined, [of('ef', [])])[2]).toBeUndefined();
  const asked = (count: number, at?: string) =>
    Array.from({ length: count }, (_, each) => of(`${10 + each}`, ['2026-03-08'], at));
  const much = (all: ReturnType<typeof asked>) =>
    listMuchErased(all, given, '2026-03-20T00:00:00Z').map(({ id }) => id);
  expect(much(asked(5))).toEqual([]);
  expect(much(asked(6))).toEqual([`erased:${USAGE}:2026-03`]);
  expect(much(asked(6, '2026-02-28T00:00:00Z'))).toEqual([]);
});
