import { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import { MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog';
import { openProducts } from '../../../../lambda/reconcile-entitlements/products';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan, PlannedLeg } from '../../../../lib/domain/agreement/plan';
import { registerAgreement } from '../../../../lib/domain/enforcement/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/sign-version';
import { nameRelease } from '../../../../lib/domain/exchange/name-release';
import { conductOf, releaseOf, roundOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { believe, NOTHING_MADE, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';
import { standStill } from '../../../fixtures/stand-still';

const LEG: PlannedLeg = { ...TELCO_RETAIL_PLAN.legs[0]!, via: { kind: 'product', productId: 'prod-1' } };
const OTHER: PlannedLeg = { ...TELCO_RETAIL_PLAN.legs[1]!, via: { kind: 'api' } };
const PLAN: Plan = { ...TELCO_RETAIL_PLAN, legs: [LEG, OTHER], remedies: [] };
const AGREEMENT = PLAN.agreement.id;
const DAY = '2026-01-01';
const PROVISIONED = { ...NOTHING_MADE, dataSets: { [LEG.id]: 'ds-1' } };

/** A room with a round published, a product, and a catalogue that has put the data set into it at the next look. */
async function openRoom() {
  const { registry } = await registerSigned(PLAN);
  await registry
    .current(AGREEMENT)
    .change([], (current) => ({ ...current, state: 'active', provisioned: PROVISIONED }));
  const { rounds, releases } = conductOf(PLAN, [DAY]);
  for (const round of rounds) await registry.rounds(AGREEMENT).create(round);
  for (const release of releases) await registry.releases(AGREEMENT).create(release);
  const catalogue: { Status: string }[] = [];
  const revisions: { Id: string; Comment: string; Finalized: boolean; Revoked: boolean }[] = [];
  const finalise = (day: string) =>
    revisions.push({ Id: day, Comment: nameRelease(AGREEMENT, LEG.id, day), Finalized: true, Revoked: false });
  finalise(DAY);
  const catalog = Object.assign(new MarketplaceCatalogClient({}), {
    send: async ({ input }: { readonly input: object }) => {
      if ('ChangeSet' in input) catalogue.push({ Status: 'SUCCEEDED' });
      return { ChangeSetSummaryList: catalogue };
    },
  });
  const exchange = Object.assign(new DataExchangeClient({}), {
    send: async ({ input }: { readonly input: { readonly RevisionId?: string } }) => {
      for (const each of revisions) if (each.Id === input.RevisionId) each.Revoked = true;
      return { Revisions: revisions };
    },
  });
  const run = (now: string, event: unknown = { cause: 'schedule' }) => {
    const services = [openProducts({ catalog, exchange, registry, arnOf: (id) => id })];
    const { log } = recordLog();
    return reconcileEntitlements(event, { registry, services, ...standStill(), now: () => now, log });
  };
  /** As far as it takes until the data set is in its product. */
  const give = async () => {
    await expect(run('2026-01-01T13:00:00Z')).rejects.toThrow('Not reconciled');
    await run('2026-01-01T13:15:00Z');
  };
  return {
    registry,
    catalogue,
    finalise,
    run,
    give,
    shown: () => revisions.flatMap(({ Id, Revoked }) => (Revoked ? [] : [Id])),
    stateOf: async (day: string) => (await registry.releases(AGREEMENT).read(day, LEG.id))?.state,
    drifts: async () => (await registry.drifts(AGREEMENT).list()).map(({ did }) => did),
  };
}

const FULL = { cause: 'term' };
const QUICK = { cause: 'schedule' };

test('a data set is put into its product once, and that is on record', async () => {
  const { registry, catalogue, give, run, shown } = await openRoom();
  await give();
  await run('2026-01-02T00:05:00Z', FULL);
  expect(catalogue).toHaveLength(1);
  expect(shown()).toEqual([DAY]);
  expect(await registry.entitlements(AGREEMENT).read(LEG.id)).toMatchObject({ state: 'granted', releases: [DAY] });
});

test.each([QUICK, FULL])(
  'the catalogue has forgotten the change by the end: all is revoked all the same: %j',
  async (event) => {
    const { registry, catalogue, give, run, shown, drifts } = await openRoom();
    await give();
    catalogue.length = 0;
    await run('2026-03-20T00:05:00Z', event);
    expect(shown()).toEqual([DAY]);
    expect(catalogue).toEqual([]);
    await run('2027-01-01T00:05:00Z', event);
    expect(shown()).toEqual([]);
    expect(await registry.entitlements(AGREEMENT).read(LEG.id)).toMatchObject({ state: 'revoked' });
    expect(await drifts()).toEqual([]);
  },
);

test('what somebody finalised by hand in the data set of a product is revoked', async () => {
  const { finalise, give, run, shown } = await openRoom();
  await give();
  finalise('not-a-day');
  await run('2026-01-02T00:05:00Z', FULL);
  expect(shown()).toEqual([DAY]);
});

test('what is published while it is withheld is revoked, though the catalogue has forgotten', async () => {
  const { registry, catalogue, finalise, give, run, shown, drifts } = await openRoom();
  await give();
  catalogue.length = 0;
  const suspended = (state: 'active' | 'suspended') =>
    registry.current(AGREEMENT).change([], (current) => ({ ...current, state }));
  await suspended('suspended');
  await run('2026-06-01T00:05:00Z');
  expect(shown()).toEqual([]);
  const late = '2026-06-01';
  finalise(late);
  await registry.rounds(AGREEMENT).create(roundOf(PLAN, late));
  for (const { id } of PLAN.legs) await registry.releases(AGREEMENT).create(releaseOf(PLAN, id, late));
  await run('2026-06-01T12:05:00Z');
  expect(shown()).toEqual([]);
  expect(await drifts()).toEqual([]);
});

test('what was never given is not revoked while it is withheld: it is given afterwards', async () => {
  const { registry, run, give, shown } = await openRoom();
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'suspended' }));
  await run('2026-01-01T12:30:00Z', FULL);
  expect(shown()).toEqual([DAY]);
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  await give();
  expect(shown()).toEqual([DAY]);
});

const next = (legs: readonly PlannedLeg[]): Plan => ({
  ...PLAN,
  legs,
  agreement: { ...PLAN.agreement, version: 2, content: 'b2'.repeat(32) },
});

test.each<[string, readonly PlannedLeg[]]>([
  ['leaves out', [OTHER]],
  ['delivers another way', [{ ...LEG, via: { kind: 'api' } }, OTHER]],
])('what a product shows of a leg that an amendment %s is revoked', async (_, legs) => {
  const { registry, give, run, shown, stateOf, drifts } = await openRoom();
  await give();
  const plan = next(legs);
  await registerAgreement(registry, { ...versionOf(plan), provisioned: NOTHING_MADE }, '2026-01-02T09:00:00.000Z');
  for (const { id } of plan.parties)
    await signVersion(registry, signatureOf(plan, id, { at: '2026-01-02T09:00:00.000Z' }), believe);
  await run('2026-01-02T09:05:00Z');
  expect(shown()).toEqual([]);
  // It is shown the other way.
  expect(await stateOf(DAY)).toBe('final');
  expect(await drifts()).toEqual([]);
  await run('2026-01-02T09:10:00Z', FULL);
  expect(await drifts()).toEqual([]);
});

test.each<[string, PlannedLeg['via']]>([
  ['another product', { kind: 'product', productId: 'prod-2' }],
  ['a grant', { kind: 'data-grant' }],
])('a version by which what a product shows comes by %s is not put on record', async (_, via) => {
  const { registry, run, give } = await openRoom();
  await give();
  const bring = (plan: Plan) => registerAgreement(registry, versionOf(plan), '2026-01-02T09:00:00.000Z');
  await expect(bring(next([{ ...LEG, via }, OTHER]))).rejects.toMatchObject({
    name: 'MovedProduct',
    message: expect.stringContaining(`legs.${LEG.id}.via: by version 1 it is in the product prod-1`),
  });
  expect(await registry.versions(AGREEMENT).read(2)).toBeUndefined();
  await bring(next([LEG, { ...OTHER, via: { kind: 'data-grant' } }]));
  await run('2026-01-02T09:05:00Z');
});
