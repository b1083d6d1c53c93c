import * as fc from 'fast-check';
import { erasureSchema } from '../../../lib/domain/enforcement/registry/registry-records';
import {
  addRelease,
  confirmErasure,
  judgeErasures,
  listErased,
  listTokenVersions,
  listUnconfirmed,
  nameErasure,
  planErasure,
} from '../../../lib/domain/exchange/plan-erasure';
import { conductOf, releaseOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';

const USAGE = PLAN.legs[0]!.id;
const TOKEN = 'cd'.repeat(16);
const REQUEST = {
  dataset: 'usage',
  subject: 'ab'.repeat(32),
  key: 'arn:aws:kms:eu-central-1:111122223333:key/1',
  tokens: { [USAGE]: [TOKEN] },
  at: '2026-01-31T10:00:00Z',
};
const OUT = conductOf(PLAN, ['2026-01-01', '2026-01-08']);
const waiting = releaseOf(PLAN, USAGE, '2026-01-15', { state: 'prepared' });
const ERASURE = planErasure(PLAN, { releases: [...OUT.releases, waiting] }, REQUEST);
const days = (...args: Parameters<typeof listUnconfirmed>) => listUnconfirmed(...args).map(({ releases }) => releases);

test('an erasure finds every release of every receiver, those that wait too, and nothing of other datasets', () => {
  expect(erasureSchema.parse(ERASURE)).toEqual(ERASURE);
  expect(ERASURE).toMatchObject({
    id: `erasure-usage-${'ab'.repeat(8)}`,
    deadline: '2026-02-28T10:00:00.000Z',
    receivers: [{ leg: USAGE, party: 'retail', tokens: [TOKEN], releases: ['2026-01-01', '2026-01-08', '2026-01-15'] }],
  });
});

test('a receiver has to confirm what has left the escrow, within the month', () => {
  expect(listUnconfirmed([ERASURE], OUT, '2026-02-01T00:00:00Z')).toEqual([
    {
      erasure: ERASURE.id,
      party: 'retail',
      leg: USAGE,
      releases: ['2026-01-01', '2026-01-08'],
      deadline: '2026-02-28T10:00:00.000Z',
      overdue: false,
    },
  ]);
  expect(listUnconfirmed([ERASURE], OUT, '2026-02-28T10:00:00Z')).toMatchObject([{ overdue: true }]);
  expect(judgeErasures(PLAN, [ERASURE], OUT, '2026-02-28T10:00:00Z').overdue).toMatchObject([
    { report: `not-erased:${ERASURE.id}:${USAGE}`, party: 'retail', since: '2026-02-28T10:00:00.000Z' },
  ]);
});

test('a release that comes out after the confirmation is to be confirmed too, within a month of that', () => {
  const confirmed = confirmErasure(ERASURE, USAGE, OUT, '2026-02-02T00:00:00Z')!;
  expect(days([confirmed], OUT, '2026-03-01T00:00:00Z')).toEqual([]);
  expect(judgeErasures(PLAN, [confirmed], OUT, '2026-03-01T00:00:00Z').confirmed).toEqual([
    { report: `not-erased:${ERASURE.id}:${USAGE}`, at: '2026-02-02T00:00:00Z' },
  ]);
  const later = { releases: [...OUT.releases, { ...waiting, state: 'final' as const, at: '2026-03-10T00:00:00Z' }] };
  expect(listUnconfirmed([confirmed], later, '2026-03-11T00:00:00Z')).toMatchObject([
    { releases: ['2026-01-15'], deadline: '2026-04-10T00:00:00.000Z', overdue: false },
  ]);
  expect(judgeErasures(PLAN, [confirmed], later, '2026-03-11T00:00:00Z')).toEqual({ overdue: [], confirmed: [] });
  const all = confirmErasure(confirmed, USAGE, later, '2026-03-12T00:00:00Z')!;
  expect(all.receivers[0]).toMatchObject({ confirmed: ['2026-01-01', '2026-01-08', '2026-01-15'] });
  expect(confirmErasure(all, USAGE, later, '2026-03-13T00:00:00Z')).toBeUndefined();
});

test('a release that was made meanwhile is added once, to its own leg', () => {
  const added = addRelease(ERASURE, USAGE, '2026-01-22')!;
  expect(added.receivers[0]?.releases.at(-1)).toBe('2026-01-22');
  expect(addRelease(added, USAGE, '2026-01-22')).toBeUndefined();
  expect(addRelease(added, PLAN.legs[1]!.id, '2026-01-22')).toBeUndefined();
});

test('tokens are those of every version of the dataset that went out', () => {
  const release = (datasetVersion: number) => releaseOf(PLAN, USAGE, `2026-01-0${datasetVersion}`, { datasetVersion });
  const releases = [release(1), release(3), release(1), releaseOf(PLAN, PLAN.legs[1]!.id, '2026-01-01')];
  expect(listTokenVersions({ version: 4 }, USAGE, { releases })).toEqual([4, 3, 1]);
  expect(listTokenVersions({ version: 3 }, USAGE, { releases })).toEqual([3, 1]);
});

test('digests go by the key that they hang on', () => {
  const other = { ...ERASURE, key: 'arn:other', subject: 'ef'.repeat(32) };
  const { key: _, ...own } = { ...ERASURE, subject: '01'.repeat(32) };
  expect(listErased([ERASURE, other, own, { ...ERASURE, dataset: 'purchases' }], 'usage')).toEqual([
    { key: REQUEST.key, digests: [REQUEST.subject] },
    { key: 'arn:other', digests: [other.subject] },
    { digests: [own.subject] },
  ]);
  expect(nameErasure(own)).not.toBe(nameErasure(ERASURE));
});

test('however releases come out and receivers confirm, nothing out is forgotten and nothing waiting is asked for', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('certify' as const), day: fc.integer({ min: 1, max: 28 }) }),
    fc.record({ kind: fc.constant('publish' as const), day: fc.integer({ min: 1, max: 28 }) }),
    fc.record({ kind: fc.constant('confirm' as const) }),
  );
  const dayOf = (day: number) => `2026-02-${String(day).padStart(2, '0')}`;
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      let erasure = planErasure(PLAN, { releases: [] }, REQUEST);
      let releases = OUT.releases.slice(0, 0);
      const told = new Set<string>();
      for (const each of acts) {
        const now = '2026-02-28T00:00:00Z';
        if (each.kind === 'confirm') {
          for (const [first = []] of [days([erasure], { releases }, now)]) for (const day of first) told.add(day);
          erasure = confirmErasure(erasure, USAGE, { releases }, now) ?? erasure;
        } else if (each.kind === 'certify' && !releases.some(({ round }) => round === dayOf(each.day))) {
          releases = [...releases, releaseOf(PLAN, USAGE, dayOf(each.day), { state: 'prepared' })];
          erasure = addRelease(erasure, USAGE, dayOf(each.day)) ?? erasure;
        } else if (each.kind === 'publish')
          releases = releases.map((one) => (one.round === dayOf(each.day) ? { ...one, state: 'final' as const } : one));
        const out = releases.filter(({ state }) => state === 'final').map(({ round }) => round);
        const [open = []] = days([erasure], { releases }, now);
        expect([...open, ...told].sort()).toEqual([...out].sort());
      }
    }),
    { seed: 7 },
  );
});
