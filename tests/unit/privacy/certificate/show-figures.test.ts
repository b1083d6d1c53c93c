import fc from 'fast-check';
import type { RowCounts } from '../../../../lib/domain/privacy/certificate/certificate';
import {
  showCloseness,
  showLoss,
  showRiskBefore,
  showRows,
  showSearch,
} from '../../../../lib/domain/privacy/certificate/show-figures';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const { privacy, clean } = PLAN.datasets[0]!;
const terms = (k: number, suppressAtMost: number, rejectAbove: number) => ({
  privacy: { ...privacy!, k, suppressAtMost },
  clean: { ...clean, rejectAbove },
});

const counts = fc.record({
  rejected: fc.nat(300),
  suppressed: fc.nat(300),
  marked: fc.nat(300),
  released: fc.integer({ min: 1, max: 5000 }),
});
const write = (found: { rejected: number; suppressed: number; marked: number; released: number }): RowCounts => ({
  ...found,
  received: found.rejected + found.suppressed + found.marked + found.released,
  rejectedBy: [{ reason: 'age: missing', rows: found.rejected }],
});

test('counts add up, are none too small, and as agreed where the exact ones are', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 2, max: 30 }), fc.constantFrom(0, 0.02, 0.29, 1), (found, k, share) => {
      const exact = write(found);
      const accepted = exact.received - exact.rejected;
      fc.pre(exact.suppressed <= share * accepted && exact.rejected <= share * exact.received);
      const shown = showRows(exact, terms(k, share, share));
      expect(shown.received).toBe(shown.rejected + shown.suppressed + shown.marked! + shown.released);
      expect(shown.released).toBe(exact.released);
      for (const name of ['rejected', 'suppressed', 'marked'] as const)
        expect(shown[name]).toBeGreaterThanOrEqual(exact[name]!);
      expect(shown.rejected).toBeLessThanOrEqual(share * shown.received);
      expect(shown.suppressed).toBeLessThanOrEqual(share * (shown.received - shown.rejected) + 1e-6);
    }),
  );
});

test.each([1, 2, 9, 10])('%d of fewer than eleven who are not in the release look like ten', (few) => {
  const shown = showRows(write({ rejected: few, suppressed: few, marked: few, released: 500 }), terms(10, 0.5, 0.5));
  expect(shown).toEqual({
    received: 530,
    rejected: 10,
    rejectedBy: [{ reason: 'age: missing', rows: 10 }],
    suppressed: 10,
    marked: 10,
    released: 500,
  });
});

test('none is none, and what no gate has let on is there still', () => {
  const stopped = { received: 100, rejected: 3, rejectedBy: [], suppressed: 0, released: 0 };
  expect(showRows(stopped, terms(10, 0.05, 0.5))).toEqual({ ...stopped, rejected: 10, received: 110 });
});

test.each([
  [0, 0],
  [1, 1],
  [0.31234, 0.32],
  [0.3, 0.3],
  [0.9876, 0.988],
])('a loss of %d is told as %d', (loss, shown) => {
  expect(showLoss(loss)).toBe(shown);
});

test('a loss is never told smaller, and little larger', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (loss) => {
      expect(showLoss(loss)).toBeGreaterThanOrEqual(loss - 1e-9);
      expect(showLoss(loss) - loss).toBeLessThanOrEqual(0.1 * (1 - loss) + 1e-9);
    }),
  );
});

test('risks of the untreated rows go by steps, and no cost of the search is told', () => {
  expect(showRiskBefore({ prosecutor: 1, journalist: 1 / 3, marketer: 0.6213, unique: 0 })).toEqual({
    prosecutor: 1,
    journalist: 0.5,
    marketer: 1,
    unique: 0,
  });
  expect(showSearch({ mode: 'full-domain', metric: 'entropy', cost: 0.123456, gap: 0.01234 })).toEqual({
    mode: 'full-domain',
    metric: 'entropy',
    gap: 0.013,
  });
});

test('closeness is told of the released rows, and no farther than agreed', () => {
  const floor = { ...privacy!, t: [{ column: 'a', distance: 'equal' as const, atMost: 0.3 }] };
  const show = (ofReleased: number) =>
    showCloseness([{ column: 'a', measure: 'equal', distance: 0.2999, ofReleased }], { privacy: floor });
  expect(show(0.25)).toEqual([{ column: 'a', measure: 'equal', distance: 0.25 }]);
  expect(show(0.31)).toEqual([{ column: 'a', measure: 'equal', distance: 0.3 }]);
});
