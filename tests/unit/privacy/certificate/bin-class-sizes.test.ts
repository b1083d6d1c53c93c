import fc from 'fast-check';
import { binClassSizes } from '../../../../lib/domain/privacy/certificate/bin-class-sizes';

const bounds = (k: number, largest: number) =>
  binClassSizes([{ subjects: largest, classes: 1, rows: largest }], k).map(({ from, to }) => `${from}–${to}`);

test.each([
  [2, 2, ['1–1', '2–2']],
  [5, 3, ['1–1', '2–3']],
  [5, 12, ['1–1', '2–4', '5–9', '10–12']],
  [5, 200, ['1–1', '2–4', '5–9', '10–19', '20–39', '40–79', '80–159', '160–200']],
  [10, 10, ['1–1', '2–4', '5–9', '10–10']],
  [5, 30_000, ['1–1', '2–4', '5–19', '20–79', '80–319', '320–1279', '1280–5119', '5120–20479', '20480–30000']],
  [100, 100, ['1–5', '6–24', '25–99', '100–100']],
])('for k = %i and a largest class of %i', (k, largest, bins) => {
  expect(bounds(k, largest)).toEqual(bins);
});

test('classes and rows are added up in their bins', () => {
  const sizes = [
    { subjects: 9, classes: 1, rows: 9 },
    { subjects: 5, classes: 3, rows: 20 },
    { subjects: 10, classes: 2, rows: 25 },
  ];
  expect(binClassSizes(sizes, 5)).toEqual([
    { from: 1, to: 1, classes: 0, rows: 0 },
    { from: 2, to: 4, classes: 0, rows: 0 },
    { from: 5, to: 9, classes: 4, rows: 29 },
    { from: 10, to: 10, classes: 2, rows: 25 },
  ]);
});

test('without classes there are no bins', () => {
  expect(binClassSizes([], 5)).toEqual([]);
});

test('bins follow each other without gaps, at most twelve, one of them from k, and lose no class', () => {
  const size = fc.record({
    subjects: fc.integer({ min: 1, max: 5_000_000 }),
    classes: fc.integer({ min: 1, max: 100 }),
    rows: fc.nat({ max: 1000 }),
  });
  fc.assert(
    fc.property(fc.array(size, { minLength: 1 }), fc.integer({ min: 2, max: 10_000 }), (sizes, k) => {
      const bins = binClassSizes(sizes, k);
      const largest = Math.max(...sizes.map(({ subjects }) => subjects));
      expect(bins.length).toBeLessThanOrEqual(12);
      expect(bins[0]!.from).toBe(1);
      expect(bins.at(-1)!.to).toBe(largest);
      expect(bins.slice(1).map(({ from }) => from)).toEqual(bins.slice(0, -1).map(({ to }) => to + 1));
      expect(bins.filter(({ from, to }) => to < from)).toEqual([]);
      if (largest >= k) expect(bins.map(({ from }) => from)).toContain(k);
      const inside = ({ from, to }: { from: number; to: number }) =>
        sizes.filter(({ subjects }) => from <= subjects && subjects <= to);
      const counted = bins.map((bin) => ({
        classes: inside(bin).reduce((sum, { classes }) => sum + classes, 0),
        rows: inside(bin).reduce((sum, { rows }) => sum + rows, 0),
      }));
      expect(bins.map(({ classes, rows }) => ({ classes, rows }))).toEqual(counted);
    }),
  );
});
