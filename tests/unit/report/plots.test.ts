import type { MeasuredPrivacy } from '../../../lib/domain/privacy/certificate/certificate';
import { drawClassSizes } from '../../../lib/report/class-sizes';
import { drawFunnel } from '../../../lib/report/funnel';
import { renderMarkup } from '../../../lib/report/html';
import { drawRisk } from '../../../lib/report/risk';

const SEARCH = { mode: 'full-domain', metric: 'loss', cost: 0, gap: 0 } as const;

function measure(k: number, sizes: readonly (readonly [from: number, to: number, classes: number])[]): MeasuredPrivacy {
  const classSizes = sizes.map(([from, to, classes]) => ({ from, to, classes, rows: classes * from }));
  const classes = sizes.reduce((sum, [, , count]) => sum + count, 0);
  return {
    k,
    countedOn: 'subjects',
    l: [],
    t: [],
    classes,
    suppressed: 0,
    levels: [],
    loss: 0,
    quality: { averageClass: 10, discernibility: 0.1 },
    search: SEARCH,
    classSizes,
  };
}

/** The figures below the bars, from left to right. */
function ticksOf(page: string): readonly (string | undefined)[] {
  return [...page.matchAll(/class="tick"[^>]*>([^<]+)</g)].map(([, tick]) => tick);
}

describe('class sizes', () => {
  test('below the floor stands an empty zone, then the bars from the measured k', () => {
    const page = renderMarkup(
      drawClassSizes(
        'x',
        measure(10, [
          [8, 15, 4],
          [16, 31, 9],
        ]),
        10,
      ),
    );
    expect(page).toContain('fill="url(#x-hatch)"');
    expect(page).toContain('>none<');
    expect(ticksOf(page)).toEqual(['1', '10', '16']);
    expect(page).toContain('No class is smaller than 10.');
  });

  test('sizes between the floor and a larger measured k are unused, not forbidden', () => {
    const page = renderMarkup(drawClassSizes('x', measure(23, [[23, 40, 4]]), 10));
    expect(ticksOf(page)).toEqual(['1', '10', '23']);
    expect(page.match(/class="forbidden"/g)).toHaveLength(1);
  });

  test('a class below the floor is drawn as what it is', () => {
    const page = renderMarkup(
      drawClassSizes(
        'x',
        measure(3, [
          [3, 9, 2],
          [10, 20, 5],
        ]),
        10,
      ),
    );
    expect(page).toContain('class="bar below"');
    expect(page).not.toContain('class="forbidden"');
    expect(page).toContain('2 are smaller.');
  });

  test('many sizes become at most ten bars that keep every class, and stay apart in the figures', () => {
    const sizes = Array.from({ length: 37 }, (_, at) => [at + 5, at + 5, 10] as const);
    const page = renderMarkup(drawClassSizes('x', measure(5, sizes), 5));
    const bars = [...page.matchAll(/class="bar-label"[^>]*>(\d+)</g)].map(([, count]) => Number(count));
    expect(bars.length).toBeLessThanOrEqual(10);
    expect(bars.reduce((sum, count) => sum + count, 0)).toBe(370);
    expect(page.match(/<tr>/g)).toHaveLength(38);
  });

  test('a release without a class draws nothing', () => {
    expect(renderMarkup(drawClassSizes('x', measure(0, []), 5))).not.toContain('<svg');
  });
});

describe('funnel', () => {
  test('rows that were accepted but not treated are shown between loss and release', () => {
    const rows = {
      received: 100,
      rejected: 10,
      rejectedBy: [{ reason: 'late', rows: 10 }],
      suppressed: 0,
      released: 0,
    };
    const page = renderMarkup(drawFunnel('x', rows));
    expect(page).toContain(
      'Received 100 (100 %), Rejected by cleaning 10 (10 %), Suppressed for privacy 0 (0 %), Accepted, not treated 90 (90 %), Released 0 (0 %).',
    );
    expect(page).toContain('Why 10 rows were rejected');
  });

  test('an empty delivery has no shares to be wrong about', () => {
    const page = renderMarkup(
      drawFunnel('x', { received: 0, rejected: 0, rejectedBy: [], suppressed: 0, released: 0 }),
    );
    expect(page).not.toContain('NaN');
    expect(page).toContain('No row was rejected.');
  });
});

test('risk keeps its order on the scale, from none at the left to certainty at the right', () => {
  const before = { prosecutor: 1, journalist: 0.5, marketer: 0.01, unique: 1e-9 };
  const after = { prosecutor: 0.1, journalist: 0.001, marketer: 1e-5, unique: 0 };
  const page = renderMarkup(drawRisk('x', { before, after }));
  const changes = [...page.matchAll(/class="risk-change" x1="([\d.]+)%" x2="([\d.]+)%"/g)];
  const [from, to] = [1, 2].map((side) => changes.map((change) => Number(change[side])));
  expect(from).toEqual([98, expect.any(Number), expect.any(Number), 12]);
  expect(to?.at(-1)).toBe(2);
  for (const places of [from, to]) expect(places).toEqual([...(places ?? [])].sort((a, b) => b - a));
});
