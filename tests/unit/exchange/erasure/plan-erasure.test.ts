import * as fc from 'fast-check';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { recordBreach } from '../../../../lib/domain/enforcement/breaches/record-breach';
import {
  addRelease,
  confirmErasure,
  dropRelease,
  judgeErasures,
  listErased,
  listTokenVersions,
  listUnconfirmed,
  nameErasure,
  planErasure,
} from '../../../../lib/domain/exchange/erasure/plan-erasure';
import { NO_GRANTS_SEEN } from '../../../../lib/domain/exchange/peers/find-granted';
import { judgeConduct } from '../../../../lib/domain/exchange/report/judge-conduct';
import { type BreachRecord, type ErasureRecord, erasureSchema } from '../../../../lib/domain/registry/conduct-records';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import type { ReleaseRecord } from '../../../../lib/domain/registry/round-records';
import { breachOf, conductOf, releaseOf } from '../../../fixtures/conduct';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { confirmationOf } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

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
const outAre = (releases: readonly ReleaseRecord[]) => ({ releases, attestations: [], releaseAttestations: [] });
const waiting = releaseOf(PLAN, USAGE, '2026-01-15', { state: 'prepared' });
const ERASURE = planErasure(PLAN, { releases: [...OUT.releases, waiting], earlier: [] }, REQUEST);
const days = (...args: Parameters<typeof listUnconfirmed>) => listUnconfirmed(...args).map(({ releases }) => releases);

/** What the receiver signs: all that it has had and not confirmed, or these. */
function confirm(
  erasure: ErasureRecord,
  released: Parameters<typeof listUnconfirmed>[1],
  now: string,
  releases = listUnconfirmed([erasure], released, now)[0]?.releases ?? [],
) {
  return confirmErasure(erasure, USAGE, confirmationOf(PLAN, USAGE, erasure.id, releases), released, now);
}

test('an erasure finds every release of every receiver, those that wait too, and nothing of other datasets', () => {
  expect(erasureSchema.parse(ERASURE)).toEqual(ERASURE);
  expect(ERASURE).toMatchObject({
    id: `erasure-usage-${'ab'.repeat(8)}`,
    deadline: '2026-02-28T00:00:00.000Z',
    receivers: [{ leg: USAGE, party: 'retail', tokens: [TOKEN], releases: ['2026-01-01', '2026-01-08', '2026-01-15'] }],
  });
});

test('a receiver says nothing of what it has not had', () => {
  const now = '2026-02-01T00:00:00Z';
  expect(confirm(ERASURE, OUT, now, ['2026-01-01', '2026-01-15'])).toBeUndefined();
  expect(confirm(ERASURE, OUT, now, ['2026-01-01'])?.receivers[0]?.confirmations).toHaveLength(1);
});

test('a receiver has to confirm what has left the escrow, within the month', () => {
  expect(listUnconfirmed([ERASURE], OUT, '2026-02-01T00:00:00Z')).toEqual([
    {
      erasure: ERASURE.id,
      party: 'retail',
      leg: USAGE,
      releases: ['2026-01-01', '2026-01-08'],
      deadline: '2026-02-28T00:00:00.000Z',
      overdue: false,
    },
  ]);
  expect(listUnconfirmed([ERASURE], OUT, '2026-02-28T10:00:00Z')).toMatchObject([{ overdue: true }]);
  expect(judgeErasures(PLAN, [ERASURE], OUT, '2026-02-28T10:00:00Z').overdue).toMatchObject([
    { report: `not-erased:${ERASURE.id}:${USAGE}`, party: 'retail', since: '2026-02-28T00:00:00.000Z' },
  ]);
});

test('a release that comes out after the confirmation is to be confirmed too, within a month of that', () => {
  const confirmed = confirm(ERASURE, OUT, '2026-02-02T00:00:00Z')!;
  expect(days([confirmed], OUT, '2026-03-01T00:00:00Z')).toEqual([]);
  expect(judgeErasures(PLAN, [confirmed], OUT, '2026-03-01T00:00:00Z')).toEqual({ overdue: [], confirmed: [] });
  const later = outAre([...OUT.releases, { ...waiting, state: 'final' as const, at: '2026-03-10T00:00:00Z' }]);
  expect(listUnconfirmed([confirmed], later, '2026-03-11T00:00:00Z')).toMatchObject([
    { releases: ['2026-01-15'], deadline: '2026-04-10T00:00:00.000Z', overdue: false },
  ]);
  const judged = judgeErasures(PLAN, [confirmed], { ...later, breaches: [] }, '2026-03-11T00:00:00Z');
  expect(judged).toEqual({ overdue: [], confirmed: [] });
  const all = confirm(confirmed, later, '2026-03-12T00:00:00Z')!;
  expect(all.receivers[0]?.confirmations.map(({ releases }) => releases)).toEqual([
    ['2026-01-01', '2026-01-08'],
    ['2026-01-15'],
  ]);
  expect(confirm(all, later, '2026-03-13T00:00:00Z', ['2026-01-01'])).toBeUndefined();
});

describe('an erasure that is overdue', () => {
  const NAME = `not-erased:${ERASURE.id}:${USAGE}`;
  const DUE = '2026-02-28T00:00:00.000Z';
  const breach = (changed: Partial<BreachRecord> = {}) =>
    breachOf(PLAN, { kind: 'overdue-destruction', report: NAME, party: 'retail', leg: USAGE, since: DUE, ...changed });
  const overruled = { by: 'A. Human', at: '2026-03-01T00:00:00Z', reason: 'told by telephone' };
  const late = confirm(ERASURE, OUT, '2026-03-05T00:00:00Z')!;
  const early = confirm(ERASURE, OUT, '2026-02-02T00:00:00Z')!;
  const then = { ...waiting, state: 'final' as const, at: '2026-03-10T00:00:00Z' };
  const both = [...OUT.releases, then];
  const over = breach({ resolvedAt: '2026-03-05T00:00:00Z' });
  const again = breach({ report: `${NAME}:again-2`, since: '2026-04-10T00:00:00.000Z' });
  const twice = confirm(late, outAre(both), '2026-04-12T00:00:00Z')!;

  test.each<
    [string, ErasureRecord, readonly ReleaseRecord[], BreachRecord[], string, readonly string[], readonly string[]]
  >([
    ['is reported', ERASURE, OUT.releases, [], DUE, [NAME], []],
    ['is reported under the same name while it lasts', ERASURE, both, [breach()], '2026-03-20T00:00:00Z', [NAME], []],
    ['is over when it is confirmed', late, OUT.releases, [breach()], '2026-03-06T00:00:00Z', [], [NAME]],
    ['is over though another release is out since', late, both, [breach()], '2026-03-11T00:00:00Z', [], [NAME]],
    ['is not overdue again while there is time', late, both, [over], '2026-04-09T00:00:00Z', [], []],
    ['is overdue again with another release', late, both, [over], '2026-04-10T00:00:00Z', [again.report], []],
    ['and once more over', twice, both, [over, again], '2026-04-12T00:00:00Z', [], [again.report]],
    ['was confirmed too early to be over', early, both, [again, over], '2026-04-11T00:00:00Z', [again.report], []],
    ['that was overruled stays so', ERASURE, OUT.releases, [breach({ overruled })], DUE, [NAME], []],
  ])('%s', (_, erasure, releases, breaches, now, begun, ended) => {
    const { overdue, confirmed } = judgeErasures(PLAN, [erasure], { ...outAre(releases), breaches }, now);
    expect(overdue.map(({ report }) => report)).toEqual(begun);
    expect(confirmed.map(({ report }) => report)).toEqual(ended);
  });

  const [first, second] = OUT.releases.filter(({ leg }) => leg === USAGE);
  /** A receiver's word that releases are destroyed: of these, or of all that came by the leg. */
  const destroyed = (at: string, ...of: readonly (ReleaseRecord | undefined)[]) => {
    const { releases: _, ...signed } = confirmationOf(PLAN, USAGE, ERASURE.id, []);
    const common = { ...signed, agreement: PLAN.agreement.id, leg: USAGE, party: 'retail', by: 'A. Human', at };
    const attestation = { ...common, statement: 'Wiped.' };
    const rounds = of.flatMap((release) => release?.round ?? []);
    return of.length === 0
      ? { ...OUT, attestations: [attestation] }
      : { ...OUT, releaseAttestations: rounds.map((round) => ({ ...attestation, round, releases: rounds })) };
  };

  test.each([
    ['all of it, each', destroyed('2026-02-01T00:00:00Z', first, second)],
    ['the leg', destroyed('2026-02-01T00:00:00Z')],
    ['before it was asked', destroyed('2026-01-20T00:00:00Z', first, second)],
  ])('is none of who has attested that it destroyed %s', (_, conduct) => {
    expect(listUnconfirmed([ERASURE], conduct, DUE)).toEqual([]);
    expect(judgeErasures(PLAN, [ERASURE], conduct, DUE)).toEqual({ overdue: [], confirmed: [] });
  });

  test('is of what is not destroyed, and over when the last of it is', () => {
    const part = destroyed('2026-02-01T00:00:00Z', second);
    expect(days([ERASURE], part, DUE)).toEqual([[first?.round]]);
    expect(judgeErasures(PLAN, [ERASURE], part, DUE).overdue).toMatchObject([{ report: NAME, since: DUE }]);
    const all = { ...destroyed('2026-03-07T00:00:00Z', first, second), breaches: [breach()] };
    const { overdue, confirmed } = judgeErasures(PLAN, [ERASURE], all, '2026-03-08T00:00:00Z');
    expect([overdue, confirmed]).toEqual([[], [{ report: NAME, at: '2026-03-07T00:00:00Z' }]]);
  });

  test('again is on record as a breach of its own, once', async () => {
    const registry = openRegistry(openMemoryStore().store);
    const agreement = PLAN.agreement.id;
    const list = () => registry.breaches(agreement).list();
    const judge = async (erasure: ErasureRecord, releases: readonly ReleaseRecord[], now: string) => {
      const on = { plan: planForSide(PLAN, { kind: 'hosted' }), conduct: { ...OUT, releases, breaches: await list() } };
      const { begun, ended } = judgeConduct(
        on,
        { commitments: [], equivocations: [], grants: NO_GRANTS_SEEN, erasures: [erasure], receipts: [] },
        now,
      );
      const erasing = ({ report }: { readonly report: string }) => report.startsWith('not-erased');
      for (const report of begun.filter(erasing)) await recordBreach(registry, report);
      for (const { report, at } of ended.filter(erasing))
        await registry.breaches(agreement).change([report], (each) => ({ ...each, resolvedAt: at }));
    };
    for (const now of [DUE, '2026-03-01T00:00:00Z']) await judge(ERASURE, OUT.releases, now);
    await judge(late, OUT.releases, '2026-03-06T00:00:00Z');
    for (const now of ['2026-04-10T00:00:00Z', '2026-04-11T00:00:00Z']) await judge(late, both, now);
    await judge(twice, both, '2026-04-12T01:00:00Z');
    const found = (await list()).map(({ report, since, resolvedAt }) => [report, since, resolvedAt]);
    expect(found).toEqual([
      [NAME, DUE, '2026-03-05T00:00:00Z'],
      [again.report, again.since, '2026-04-12T00:00:00Z'],
    ]);
  });
});

test('a release that was made meanwhile is added once, to its own leg', () => {
  const added = addRelease(ERASURE, USAGE, '2026-01-22')!;
  expect(added.receivers[0]?.releases.at(-1)).toBe('2026-01-22');
  expect(addRelease(added, USAGE, '2026-01-22')).toBeUndefined();
  expect(addRelease(added, PLAN.legs[1]!.id, '2026-01-22')).toBeUndefined();
});

test('a release in whose place another came without the subject is taken off, of its own leg', () => {
  const added = addRelease(ERASURE, USAGE, '2026-01-22')!;
  expect(dropRelease(added, USAGE, '2026-01-22')).toEqual(ERASURE);
  expect(dropRelease(ERASURE, USAGE, '2026-01-22')).toBeUndefined();
  expect(dropRelease(added, PLAN.legs[1]!.id, '2026-01-22')).toBeUndefined();
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
      let erasure = planErasure(PLAN, { releases: [], earlier: [] }, REQUEST);
      let releases = OUT.releases.slice(0, 0);
      const told = new Set<string>();
      for (const each of acts) {
        const now = '2026-02-28T00:00:00Z';
        if (each.kind === 'confirm') {
          for (const [first = []] of [days([erasure], outAre(releases), now)]) for (const day of first) told.add(day);
          erasure = confirm(erasure, outAre(releases), now) ?? erasure;
        } else if (each.kind === 'certify' && !releases.some(({ round }) => round === dayOf(each.day))) {
          releases = [...releases, releaseOf(PLAN, USAGE, dayOf(each.day), { state: 'prepared' })];
          erasure = addRelease(erasure, USAGE, dayOf(each.day)) ?? erasure;
        } else if (each.kind === 'publish')
          releases = releases.map((one) => (one.round === dayOf(each.day) ? { ...one, state: 'final' as const } : one));
        const out = releases.filter(({ state }) => state === 'final').map(({ round }) => round);
        const [open = []] = days([erasure], outAre(releases), now);
        expect([...open, ...told].sort()).toEqual([...out].sort());
      }
    }),
    { seed: 7 },
  );
});
