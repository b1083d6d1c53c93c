import type { PlannedColumn } from '../../../../lib/domain/agreement/plan/plan';
import type { RowCounts } from '../../../../lib/domain/privacy/certificate/certificate';
import { judgeRelease, judgeShared } from '../../../../lib/domain/privacy/certificate/judge-release';
import type { MeasuredClasses } from '../../../../lib/domain/privacy/certificate/release-measurement';
import type { PrivacyFloor } from '../../../../lib/domain/privacy/models/privacy-floor';

const FLOOR: PrivacyFloor = {
  k: 5,
  l: [{ column: 'churned', atLeast: 2 }],
  t: [{ column: 'income', atMost: 0.3, distance: 'ordered' }],
  suppressAtMost: 0.05,
};
const ROWS: RowCounts = { received: 1100, rejected: 100, rejectedBy: [], suppressed: 50, released: 950 };
const CLASSES: MeasuredClasses = {
  k: 5,
  classes: 20,
  squaredRows: 0,
  l: [{ column: 'churned', distinct: 2, shared: 0.9 }],
  t: [{ column: 'income', distance: 0.3, ofReleased: 0, measure: 'ordered' }],
  classSizes: [
    { from: 5, to: 9, classes: 15, rows: 450 },
    { from: 10, to: 80, classes: 5, rows: 500 },
  ],
};

interface Change {
  readonly floor?: Partial<PrivacyFloor>;
  readonly rows?: Partial<RowCounts>;
  readonly classes?: Partial<MeasuredClasses>;
  readonly measuredRows?: number;
}

const judge = ({ floor, rows, classes, measuredRows = 950 }: Change) =>
  judgeRelease(
    { ...FLOOR, ...floor },
    { rows: measuredRows, classes: { ...CLASSES, ...classes } },
    { ...ROWS, ...rows },
  );

test('a release that keeps every promise, each just so, has no failure', () => {
  expect(judge({})).toEqual([]);
});

test('a distance that differs from the agreed one by rounding alone is kept', () => {
  expect(
    judge({ classes: { t: [{ column: 'income', distance: 0.1 + 0.2, ofReleased: 0, measure: 'ordered' }] } }),
  ).toEqual([]);
});

test.each<[string, Change, string]>([
  ['k', { classes: { k: 4 } }, 'its smallest class holds 4 of the 5 subjects that the agreement asks for'],
  [
    'the risk of a subject that is followed over several classes',
    { floor: { risk: { maximum: 0.2 } }, classes: { linkedK: 2 } },
    'its greatest risk, of a subject that is followed over its rows in several classes, is 50 % where the agreement allows 20 %',
  ],
  ['k as no number', { classes: { k: Number.NaN } }, 'k was not measured'],
  ['k without end', { classes: { k: Number.POSITIVE_INFINITY } }, 'k was not measured'],
  [
    'l',
    { classes: { l: [{ column: 'churned', distinct: 1, shared: 1 }] } },
    'a class holds 1 of the 2 values of churned that the agreement asks for',
  ],
  ['l unmeasured', { classes: { l: [] } }, 'l of churned was not measured'],
  [
    'l as no number',
    { classes: { l: [{ column: 'churned', distinct: Number.NaN, shared: 0.9 }] } },
    'l of churned was not measured',
  ],
  [
    'a value that all share, beside a second one of somebody',
    { classes: { l: [{ column: 'churned', distinct: 2, shared: 1 }] } },
    'all subjects of a class have the same value of churned, whatever else some of them have',
  ],
  [
    'holders that were not counted',
    { classes: { l: [{ column: 'churned', distinct: 2, shared: Number.NaN }] } },
    'l of churned was not measured',
  ],
  [
    'l of another column',
    { classes: { l: [{ column: 'income', distinct: 9, shared: 0.9 }] } },
    'l of churned was not measured',
  ],
  [
    't',
    { classes: { t: [{ column: 'income', distance: 0.31, ofReleased: 0, measure: 'ordered' }] } },
    'a class is 0.31 from the delivery in income where the agreement allows 0.3',
  ],
  ['t unmeasured', { classes: { t: [] } }, 't of income was not measured as agreed'],
  [
    't as no number',
    { classes: { t: [{ column: 'income', distance: Number.NaN, ofReleased: 0, measure: 'ordered' }] } },
    't of income was not measured as agreed',
  ],
  [
    't by another distance',
    { classes: { t: [{ column: 'income', distance: 0.1, ofReleased: 0, measure: 'equal' }] } },
    't of income was not measured as agreed',
  ],
  [
    'suppression',
    { rows: { suppressed: 51, received: 1101, rejected: 100 }, floor: { suppressAtMost: 0.05 } },
    '51 rows were suppressed where the agreement allows 50',
  ],
  [
    'rows that do not add up',
    { rows: { received: 1200, rejected: 101 } },
    'rows do not add up: 1,200 received, 101 + 50 + 950 rejected, suppressed and released',
  ],
  ['rows uncounted', { rows: { rejected: Number.NaN } }, 'rows were not counted: rejected'],
  ['rows below nothing', { rows: { received: 1000, rejected: 0 - 1 } }, 'rows were not counted: rejected'],
  [
    'rows of the file',
    { measuredRows: 949, classes: { classSizes: [{ from: 5, to: 80, classes: 20, rows: 949 }] } },
    'it does not hold the rows that were counted as released',
  ],
  [
    'rows outside classes',
    { classes: { classSizes: [{ from: 5, to: 80, classes: 20, rows: 949 }] } },
    'its classes do not hold all of its rows',
  ],
])('withholds: %s', (_, change, failure) => {
  expect(judge(change)).toContain(failure);
});

test('classes that were not measured keep no floor', () => {
  expect(judgeRelease(FLOOR, { rows: 950 }, ROWS)).toEqual(['its classes were not measured']);
});

test('without classes, rows must add up all the same', () => {
  const rows = { ...ROWS, suppressed: 0, released: 1000 };
  expect(judgeRelease(undefined, { rows: 1000 }, rows)).toEqual([]);
  expect(judgeRelease(undefined, { rows: 999 }, { ...rows, released: 999 })).toEqual([
    'rows do not add up: 1,100 received, 100 + 0 + 999 rejected, suppressed and released',
  ]);
});

test('every broken promise is told', () => {
  expect(judge({ classes: { k: 1, l: [], t: [], classSizes: [] } })).toHaveLength(4);
});

describe('values that go out because enough share them', () => {
  const column = (name: string, kind: 'string' | 'double', treatment: PlannedColumn['treatment']): PlannedColumn => ({
    name,
    title: name,
    type: { kind },
    role: 'plain',
    treatment,
    missing: { kind: 'keep' },
    checks: [],
    releasedAs: { kind },
  });
  const dataset = {
    columns: [
      column('fee', 'double', { kind: 'microaggregate', k: 5, centre: 'mean' }),
      column('note', 'string', { kind: 'common-text', k: 5 }),
    ],
  };
  const told = (subjects: number | null) =>
    judgeShared(dataset, [
      { column: 'fee', subjects },
      { column: 'note', subjects: 5 },
    ]);

  test.each<[string, number | null, readonly string[]]>([
    ['by just as many', 5, []],
    ['nothing is shown', null, []],
    ['by one fewer', 4, ['a value of fee is shared by 4 of the 5 subjects that the agreement asks for']],
    ['by nobody knows how many', Number.NaN, ['who shares the values of fee was not counted']],
  ])('%s', (_, subjects, failures) => {
    expect(told(subjects)).toEqual(failures);
  });

  test('what was not counted is not kept', () => {
    expect(judgeShared(dataset, [{ column: 'fee', subjects: 9 }])).toEqual([
      'who shares the values of note was not counted',
    ]);
    expect(judgeShared(dataset)).toHaveLength(2);
  });
});
