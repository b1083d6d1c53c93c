import { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import {
  type ListChangeSetsCommandInput,
  MarketplaceCatalogClient,
  type StartChangeSetCommandInput,
} from '@aws-sdk/client-marketplace-catalog';
import { openProducts } from '../../../../lambda/reconcile-entitlements/products';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan, PlannedLeg } from '../../../../lib/domain/agreement/plan/plan';
import { proposeVersion } from '../../../../lib/domain/enforcement/registration/propose-version';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { nameRelease } from '../../../../lib/domain/exchange/rounds/name-release';
import type { Provisioned } from '../../../../lib/domain/registry/registered-agreement';
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
  const catalogue: { Status: string; ChangeSetName?: string | undefined }[] = [];
  const added: string[] = [];
  const revisions: { Id: string; Comment: string; Finalized: boolean; Revoked: boolean }[] = [];
  const finalise = (day: string) =>
    revisions.push({ Id: day, Comment: nameRelease(AGREEMENT, LEG.id, day), Finalized: true, Revoked: false });
  finalise(DAY);
  const catalog = Object.assign(new MarketplaceCatalogClient({}), {
    send: async ({ input }: { readonly input: ListChangeSetsCommandInput & Partial<StartChangeSetCommandInput> }) => {
      const { ChangeSet = [], ChangeSetName, FilterList = [] } = input;
      for (const { Details = '' } of ChangeSet) {
        catalogue.push({ Status: 'SUCCEEDED', ChangeSetName });
        added.push(JSON.parse(Details).DataSets[0].Arn);
      }
      const named = FilterList.find(({ Name }) => Name === 'ChangeSetName')?.ValueList ?? [];
      return { ChangeSetSummaryList: catalogue.filter(({ ChangeSetName: name }) => named.includes(name ?? named[0]!)) };
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
    added,
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

const next = (legs: readonly PlannedLeg[], version = 2): Plan => ({
  ...PLAN,
  legs,
  agreement: { ...PLAN.agreement, version, content: `b${version}`.repeat(32) },
});
const PROD_3 = { kind: 'product', productId: 'prod-3' } as const;
const IN_OTHER: PlannedLeg = { ...LEG, via: { kind: 'product', productId: 'prod-2' } };
const IN_OTHER_OTHER: PlannedLeg = { ...OTHER, via: IN_OTHER.via };
type Room = Awaited<ReturnType<typeof openRoom>>;

test.each<[string, readonly PlannedLeg[], string]>([
  ['leaves out', [OTHER], 'revoked'],
  // It is shown the other way.
  ['delivers another way', [{ ...LEG, via: { kind: 'api' } }, OTHER], 'final'],
])('what a product shows of a leg that an amendment %s is revoked', async (_, legs, left) => {
  const { registry, give, run, shown, stateOf, drifts } = await openRoom();
  await give();
  const plan = next(legs);
  await registerAgreement(registry, { ...versionOf(plan), provisioned: NOTHING_MADE }, '2026-01-02T09:00:00.000Z');
  for (const { id } of plan.parties)
    await signVersion(registry, signatureOf(plan, id, { at: '2026-01-02T09:00:00.000Z' }), believe);
  await run('2026-01-02T09:05:00Z');
  expect(shown()).toEqual([]);
  expect(await stateOf(DAY)).toBe(left);
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

function propose(registry: Room['registry'], proposed: Plan, at: string) {
  const { plan, hash } = versionOf(proposed);
  return proposeVersion(registry, plan, hash, at);
}

/** Puts a version on record and in force. */
async function bringIntoForce({ registry }: Pick<Room, 'registry'>, plan: Plan, provisioned: Provisioned, at: string) {
  await registerAgreement(registry, { ...versionOf(plan), provisioned }, at);
  for (const { id } of plan.parties) await signVersion(registry, signatureOf(plan, id, { at }), believe);
}

test('nor one that puts it into another product after a version that all signed has had it another way', async () => {
  const room = await openRoom();
  await room.give();
  const [second, third] = [next([{ ...LEG, via: { kind: 'sftp' } }, OTHER]), next([IN_OTHER, OTHER], 3)];
  await propose(room.registry, second, '2026-01-02T09:00:00.000Z');
  for (const { id } of PLAN.parties)
    await signVersion(room.registry, signatureOf(second, id, { at: '2026-01-02T10:00:00.000Z' }), believe);
  await expect(bringIntoForce(room, third, PROVISIONED, '2026-01-03T09:00:00.000Z')).rejects.toMatchObject({
    name: 'MovedProduct',
    message: expect.stringContaining('by version 1 it is in the product prod-1'),
  });
});

test('nor one that replaces another product’s version which all have signed, and which waits for its term', async () => {
  const { registry } = await openRoom();
  const from = '2026-12-01';
  const waiting: Plan = { ...next([LEG, IN_OTHER_OTHER]), term: { ...PLAN.term, starts: from } };
  const after: Plan = { ...next([LEG, { ...IN_OTHER_OTHER, via: PROD_3 }], 3), term: waiting.term };
  await propose(registry, waiting, '2026-01-02T09:00:00.000Z');
  for (const { id } of PLAN.parties)
    await signVersion(registry, signatureOf(waiting, id, { at: '2026-01-02T10:00:00.000Z' }), believe);
  expect(await registry.current(AGREEMENT).read()).toMatchObject({ version: 1, waiting: 2 });
  await expect(propose(registry, after, '2026-01-03T09:00:00.000Z')).rejects.toMatchObject({
    message: expect.stringContaining('by version 2 it is in the product prod-2'),
  });
});

test('what nobody is bound to yet may name another product', async () => {
  const { registry } = await openRoom();
  const [mistaken, right] = [next([LEG, IN_OTHER_OTHER]), next([LEG, { ...IN_OTHER_OTHER, via: PROD_3 }], 3)];
  for (const each of [mistaken, right]) await propose(registry, each, '2026-01-02T09:00:00.000Z');
  expect(await registry.current(AGREEMENT).read()).toMatchObject({ version: 1, proposed: 3 });
});

test('nor one that gives another receiver the product of the first', async () => {
  const { registry } = await openRoom();
  const shared = next([{ ...OTHER, via: LEG.via }]);
  expect(OTHER.to).not.toBe(LEG.to);
  await expect(propose(registry, shared, '2026-01-02T09:00:00.000Z')).rejects.toMatchObject({
    message: expect.stringContaining(`the product prod-1 is for ${LEG.to}`),
  });
});

test('an amendment that keeps a leg in its product takes nothing from it', async () => {
  const room = await openRoom();
  await room.give();
  await bringIntoForce(room, next([LEG, OTHER]), PROVISIONED, '2026-01-02T09:00:00.000Z');
  await room.run('2026-01-02T09:05:00Z');
  await room.run('2026-01-02T09:10:00Z', FULL);
  expect(room.shown()).toEqual([DAY]);
});

test('a leg that was left out and is put back is added to its product with its new data set, and shows what is new', async () => {
  const room = await openRoom();
  const { registry, added } = room;
  await room.give();
  await bringIntoForce(room, next([OTHER]), NOTHING_MADE, '2026-01-02T09:00:00.000Z');
  await room.run('2026-01-02T09:05:00Z', FULL);
  const back = next([LEG, OTHER], 3);
  const made = { ...NOTHING_MADE, dataSets: { [LEG.id]: 'ds-2' } };
  await bringIntoForce(room, back, made, '2026-01-03T09:00:00.000Z');
  const late = '2026-01-08';
  await registry.rounds(AGREEMENT).create(roundOf(back, late));
  for (const { id } of back.legs) await registry.releases(AGREEMENT).create(releaseOf(back, id, late));
  await expect(room.run('2026-01-08T12:05:00Z')).rejects.toThrow('Not reconciled');
  expect(added).toEqual(['ds-1', 'ds-2']);
  await room.run('2026-01-08T12:15:00Z');
  expect(await registry.entitlements(AGREEMENT).read(LEG.id)).toMatchObject({ state: 'granted', releases: [late] });
});
