import { findMarkable } from '../../../lib/domain/privacy/find-markable';
import type { Histogram } from '../../../lib/domain/privacy/histogram';
import type { PrivacyFloor } from '../../../lib/domain/privacy/privacy-floor';

/** One tuple per class; the two values of `ill` with these rows in each. */
function makeHistogram(subjects: readonly number[], ill: readonly (readonly [number, number])[]): Histogram {
  return {
    tuples: subjects.length,
    columns: [],
    rows: Uint32Array.from(ill, ([yes, no]) => yes + no),
    subjects: Uint32Array.from(subjects),
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: [
      {
        name: 'ill',
        values: ['false', 'true'],
        offsets: Uint32Array.from({ length: subjects.length + 1 }, (_, tuple) => 2 * tuple),
        codes: Uint32Array.from(subjects.flatMap(() => [0, 1])),
        rows: Uint32Array.from(ill.flat()),
      },
    ],
  };
}

const floor = (more: Partial<PrivacyFloor> = {}): PrivacyFloor => ({ k: 10, l: [], t: [], suppressAtMost: 0, ...more });
const markable = (histogram: Histogram, agreed: PrivacyFloor, share = 0.01) => [
  ...findMarkable(
    histogram,
    { classes: histogram.tuples, classOf: Int32Array.from(histogram.rows.keys()) },
    agreed,
    share,
  ),
];

describe('findMarkable', () => {
  it('spares classes that are at k, or so large that chance may leave out many', () => {
    const ill = [10, 15, 16, 1000].map((size) => [size / 2, size / 2] as const);
    expect(markable(makeHistogram([10, 15, 16, 1000], ill), floor())).toEqual([0, 0, 1, 1]);
    expect(markable(makeHistogram([1000], [[500, 500]]), floor({ k: 970 }))).toEqual([0]);
  });

  it('spares classes in which a value of l is rare', () => {
    const histogram = makeHistogram(
      [40, 40],
      [
        [36, 4],
        [30, 10],
      ],
    );
    expect(markable(histogram, floor({ l: [{ column: 'ill', atLeast: 2 }] }))).toEqual([0, 1]);
  });

  it('spares classes that are at t', () => {
    const histogram = makeHistogram(
      [200, 200],
      [
        [130, 70],
        [100, 100],
      ],
    );
    expect(markable(histogram, floor({ t: [{ column: 'ill', atMost: 0.1, distance: 'equal' }] }))).toEqual([0, 0]);
    expect(markable(histogram, floor({ t: [{ column: 'ill', atMost: 0.2, distance: 'equal' }] }))).toEqual([1, 1]);
  });

  it('counts a subject of several classes in each, and no class that is suppressed', () => {
    const histogram = makeHistogram(
      [14, 14, 3],
      [
        [7, 7],
        [7, 7],
        [1, 2],
      ],
    );
    const spanning = { offsets: Uint32Array.of(0, 2, 4), tuples: Uint32Array.of(0, 1, 0, 2) };
    const found = findMarkable(
      { ...histogram, spanning },
      { classes: 2, classOf: Int32Array.of(0, 1, -1) },
      floor(),
      0.01,
    );
    expect([...found]).toEqual([1, 0]);
  });

  it('marks nobody where it cannot be said how many a class can spare', () => {
    const histogram = makeHistogram([200], [[100, 100]]);
    expect(markable(histogram, floor())).toEqual([1]);
    expect(markable(histogram, floor({ risk: { maximum: 0.005 } }))).toEqual([0]);
    expect(markable(histogram, floor({ risk: { average: 0.1 } }))).toEqual([0]);
    expect(markable(histogram, floor({ l: [{ column: 'ill', atLeast: 2, measure: 'entropy' }] }))).toEqual([0]);
  });
});
