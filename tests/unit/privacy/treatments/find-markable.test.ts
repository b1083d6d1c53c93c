import type { Histogram } from '../../../../lib/domain/privacy/histogram/histogram';
import type { PrivacyFloor } from '../../../../lib/domain/privacy/models/privacy-floor';
import { findMarkable } from '../../../../lib/domain/privacy/treatments/find-markable';

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

  it('spares a class of each group with the same set of classes that is at the limit of its risk', () => {
    const ill = [200, 300].map((size) => [size / 2, size / 2] as const);
    const histogram = makeHistogram([200, 300], ill);
    const spans = (people: number) => ({
      ...histogram,
      spanning: {
        offsets: Uint32Array.from({ length: people + 1 }, (_, subject) => 2 * subject),
        tuples: Uint32Array.from({ length: 2 * people }, (_, place) => place % 2),
      },
    });
    const agreed = floor({ risk: { maximum: 0.1 } });
    expect(markable(spans(12), floor())).toEqual([1, 1]);
    expect(markable(spans(12), agreed)).toEqual([0, 1]);
    expect(markable(spans(16), agreed)).toEqual([1, 1]);
  });

  it('counts who has a value, each once, not the rows that repeat it', () => {
    // Of 40 subjects two are ill, in four rows of the first tuple and four of the second.
    const agreed = floor({ l: [{ column: 'ill', atLeast: 2 }] });
    const histogram = {
      ...makeHistogram(
        [20, 18],
        [
          [20, 4],
          [20, 4],
        ],
      ),
      spanning: { offsets: Uint32Array.of(0, 2, 4), tuples: Uint32Array.of(0, 1, 0, 1) },
    };
    const countIll = (alone: readonly number[], spanning: readonly (readonly [number, number])[]): Histogram => {
      const offsets = Uint32Array.from({ length: spanning.length + 1 }, (_, holder) => 2 * holder);
      const cells = Uint32Array.from(spanning.flat());
      const holders = { subjects: Uint32Array.from(alone), spanning: { offsets, cells } };
      return { ...histogram, sensitive: [{ ...histogram.sensitive[0]!, holders }] };
    };
    const mark = (counted: Histogram, classOf: readonly number[]) => [
      ...findMarkable(counted, { classes: Math.max(...classOf) + 1, classOf: Int32Array.from(classOf) }, agreed, 0.01),
    ];
    const twoIll = countIll(
      [20, 0, 18, 0],
      [
        [1, 3],
        [1, 3],
      ],
    );
    expect(mark(twoIll, [0, 0])).toEqual([0]);
    // Three in each tuple alone and two in both are eight together, and five in each by itself.
    const eightIll = countIll(
      [15, 3, 13, 3],
      [
        [1, 3],
        [1, 3],
      ],
    );
    expect(mark(eightIll, [0, 0])).toEqual([1]);
    expect(mark(eightIll, [0, 1])).toEqual([1, 1]);
    // One alone in each tuple and two in both are three and three, not six.
    const fourIll = countIll(
      [18, 1, 16, 1],
      [
        [1, 3],
        [1, 3],
      ],
    );
    expect(mark(fourIll, [0, 0])).toEqual([0]);
  });

  it('keeps as many as a population of known size asks for', () => {
    const histogram = makeHistogram(
      [1000, 30],
      [
        [500, 500],
        [15, 15],
      ],
    );
    const population = { kind: 'size', subjects: 1030 } as const;
    expect(markable(histogram, floor({ kMap: 20, population }))).toEqual([1, 1]);
    expect(markable(histogram, floor({ kMap: 28, population }))).toEqual([1, 0]);
    // Of a hundred times as many people so large a class need not show many.
    expect(markable(histogram, floor({ kMap: 28, population: { ...population, subjects: 103_000 } }))).toEqual([1, 1]);
  });

  it('marks nobody where it cannot be said how many a class can spare', () => {
    const histogram = makeHistogram([200], [[100, 100]]);
    expect(markable(histogram, floor())).toEqual([1]);
    expect(markable(histogram, floor({ risk: { maximum: 0.005 } }))).toEqual([0]);
    expect(markable(histogram, floor({ risk: { average: 0.1 } }))).toEqual([0]);
    expect(markable(histogram, floor({ l: [{ column: 'ill', atLeast: 2, measure: 'entropy' }] }))).toEqual([0]);
  });
});
