import type { PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import { holdLevels, mayStand, settleLevels } from '../../../../lib/domain/privacy/hierarchies/fixed-levels';
import type { RecodingMode } from '../../../../lib/domain/privacy/search/recoding';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { sha256 } from '../../audit/sha256';

const [USAGE] = TELCO_RETAIL_PLAN.datasets as readonly [PlannedDataset];
const settle = (levels: readonly number[], mode: RecodingMode = 'full-domain') =>
  settleLevels(USAGE, { levels, search: { mode, metric: 'loss', cost: 0 } }, sha256);

test('the first round is free, and later ones have its levels', () => {
  expect(holdLevels(USAGE, undefined, sha256)).toEqual({ kind: 'free' });
  expect(holdLevels(USAGE, settle([2, 1]), sha256)).toEqual({ kind: 'fixed', levels: [2, 1] });
});

test.each<[string, Partial<PlannedDataset>]>([
  ['k', { privacy: { ...USAGE.privacy!, k: 99 } }],
  ['a title', { title: 'Other' }],
  ['what is cleaned', { clean: { ...USAGE.clean, rejectAbove: 0 } }],
])('%s may change under them', (_, change) => {
  expect(holdLevels({ ...USAGE, ...change }, settle([2, 1]), sha256)).toMatchObject({ kind: 'fixed' });
});

const [first, ...rest] = USAGE.classColumns;

test.each<[string, Partial<PlannedDataset>]>([
  ['other steps', { classColumns: [{ ...first!, generalisation: { kind: 'widths', widths: ['7'] } }, ...rest] }],
  ['a column less', { classColumns: rest }],
  ['another mode', { recoding: { mode: 'multidimensional', metric: 'loss' } }],
  ['another subject', { subject: 'name' }],
])('%s need a new version of the dataset', (_, change) => {
  expect(holdLevels({ ...USAGE, ...change }, settle([2, 1]), sha256)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('version 1 of dataset usage'),
    remedy: expect.stringContaining('raises its `version`'),
  });
});

test('regions are for one round', () => {
  const dataset: PlannedDataset = { ...USAGE, recoding: { mode: 'multidimensional', metric: 'loss' } };
  const search = { mode: 'multidimensional', metric: 'loss', cost: 0 } as const;
  const settled = settleLevels(dataset, { levels: [], search }, sha256);
  expect(settled.levels).toEqual([]);
  expect(holdLevels(dataset, settled, sha256)).toMatchObject({
    kind: 'refused',
    remedy: expect.stringContaining('full-domain'),
  });
});

test.each([
  { kept: undefined, may: false },
  { kept: { ...settle([2, 1]), run: 'run-1' }, may: true },
  { kept: { ...settle([2, 1]), run: 'run-2' }, may: true },
  { kept: { ...settle([2, 0]), run: 'run-1' }, may: false },
])('levels may stand beside the same ones alone, whatever run they are of: $kept', ({ kept, may }) => {
  expect(mayStand(settle([2, 1]), 'run-1', kept)).toBe(may);
});

test.each([
  { run: 'run-1', may: true },
  { run: 'run-2', may: false },
])('regions may stand beside those of the same run alone', ({ run, may }) => {
  const regions = { ...settle([2, 1]), mode: 'multidimensional', levels: [] } as const;
  expect(mayStand(regions, 'run-1', { ...regions, run })).toBe(may);
});
