import * as fc from 'fast-check';
import type { EntitlementService } from '../../../../lambda/reconcile-entitlements/entitlement-service';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { planErasure } from '../../../../lib/domain/exchange/erasure/plan-erasure';
import type { RecordStore } from '../../../../lib/domain/registry/record-store';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import { conductOf, releaseOf } from '../../../fixtures/conduct';
import { holdRoles } from '../../../fixtures/hold-roles';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { believe, EARLY, signatureOf, versionOf } from '../../../fixtures/registered';

/*
 * The same schedule or event comes to several executions at once, whose clocks differ, and whose calls of the record and of the
 * services come in any order: once that is over, the room is as if one had come after the other.
 */

const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, every: 'P1Y', retain: 'P1Y' })),
  remedies: [
    { on: 'late-delivery', do: 'warn' },
    { on: 'late-delivery', after: 'P3D', do: 'suspend-counterpart' },
    { on: 'overdue-destruction', do: 'warn' },
  ],
};
const AGREEMENT = PLAN.agreement.id;
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const DAY = PLAN.term.starts;

/** What happens, and at what time the room looks after it. */
const MOMENTS: readonly { readonly now: string; readonly happens?: (store: RecordStore) => Promise<unknown> }[] = [
  { now: `${DAY}T00:00:02.000Z` },
  // Deliveries are due, then late, then so late that a remedy follows.
  { now: `${DAY}T12:00:01.000Z` },
  { now: '2026-01-02T00:00:01.000Z' },
  { now: '2026-01-05T00:00:01.000Z' },
  // They come; somebody is to be erased, and is not in time; the term ends, and nobody attests.
  {
    now: '2026-01-06T12:00:00.000Z',
    happens: async (store) => {
      const registry = openRegistry(store);
      const { rounds } = conductOf(PLAN, [DAY]);
      for (const { id } of PLAN.legs)
        await registry.releases(AGREEMENT).create(releaseOf(PLAN, id, DAY, { at: '2026-01-06T11:00:00Z' }));
      for (const round of rounds) await registry.rounds(AGREEMENT).create(round);
      const releases = await registry.releases(AGREEMENT).list();
      const request = {
        dataset: 'usage',
        subject: 'ab'.repeat(32),
        key: 'arn:key',
        tokens: {},
        at: '2026-01-06T11:30:00.000Z',
      };
      await registry.erasures(AGREEMENT).create(planErasure(PLAN, { releases, earlier: [] }, request));
    },
  },
  { now: '2026-01-31T11:30:00.000Z' },
  { now: '2026-02-06T11:30:01.000Z' },
  { now: '2027-01-01T00:00:01.000Z' },
  { now: '2027-01-25T00:00:01.000Z' },
  { now: '2027-01-31T00:00:01.000Z' },
];

interface World {
  readonly store: RecordStore;
  readonly held: Map<string, readonly string[]>;
  readonly sent: Set<string>;
}

async function openWorld(): Promise<World> {
  const { store } = openMemoryStore();
  const registry = openRegistry(store);
  await registerAgreement(registry, versionOf(PLAN), EARLY);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(PLAN, id), believe);
  await registry
    .current(AGREEMENT)
    .change([], (current) => ({ ...current, provisioned: { ...current.provisioned, letters: 'arn:topic' } }));
  return { store, held: new Map(), sent: new Set() };
}

/** An execution, each of whose calls waits for its turn. */
async function look(world: World, now: string, wait: () => Promise<void>): Promise<void> {
  const { store, held, sent } = world;
  const inTurn =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await wait();
      return act(...args);
    };
  const service: EntitlementService = {
    kinds: PLAN.legs.map(({ via }) => via.kind),
    list: inTurn(async (on) =>
      [...held].map(([leg, releases]) => {
        const { to, via } = on.plan.legs.find(({ id }) => id === leg)!;
        const account = on.plan.parties.find(({ id }) => id === to)!.account;
        return { kind: via.kind, leg, account, releases, reference: leg };
      }),
    ),
    apply: inTurn(async (_, step, releases) => {
      if (step.do === 'revoke') held.delete(step.leg!);
      else held.set(step.leg!, releases);
      return `grant-${step.leg}`;
    }),
  };
  const registry = openRegistry({
    read: inTurn(store.read),
    list: inTurn(store.list),
    create: inTurn(store.create),
    replace: inTurn(store.replace),
  });
  const parts = {
    registry,
    services: [service],
    roles: holdRoles().roles,
    retire: async () => 0,
    send: inTurn(async (_: string, { id }: { readonly id: string }) => void sent.add(id)),
    notify: async () => {},
    seeGrants: async () => [],
    now: () => now,
    log: recordLog().log,
  };
  await reconcileEntitlements({ cause: 'term' }, parts);
}

/** One execution may tell of a breach before another has taken its remedy, which is told too: a letter more, none else and none less. */
function leaveOutEarly(told: readonly string[], wanted: readonly string[]): readonly string[] {
  const isEarly = (id: string) => id.endsWith(':0') && wanted.includes(`${id.slice(0, -1)}1`);
  return told.filter((id) => wanted.includes(id) || !isEarly(id));
}

/** All that counts, but for whose clock it has. */
async function seen({ store, held, sent }: World) {
  const registry = openRegistry(store);
  const current = (await registry.current(AGREEMENT).read())!;
  const breaches = await registry.breaches(AGREEMENT).list();
  const entitlements = await registry.entitlements(AGREEMENT).list();
  return {
    state: current.state,
    history: current.history.map(({ act, from, to, clause }) => [act, from, to, clause]),
    breaches: breaches.map(({ report, kind, since, resolvedAt, taken }) => [
      report,
      kind,
      since,
      resolvedAt,
      taken.map((each) => [each.do, each.party]),
    ]),
    entitlements: entitlements.map(({ leg, state, releases, clause, reason }) => [
      leg,
      state,
      releases,
      clause,
      reason,
    ]),
    letters: (await registry.letters(AGREEMENT).list()).map(({ id }) => id),
    sent: [...sent].sort(),
    held: [...held].sort(),
  };
}

const atOnce = async () => {};

test('however several at once get in each other’s way, and whatever their clocks say, the end is the same', async () => {
  const alone = await openWorld();
  const expected: Awaited<ReturnType<typeof seen>>[] = [];
  for (const { now, happens } of MOMENTS) {
    await happens?.(alone.store);
    await look(alone, now, atOnce);
    expected.push(await seen(alone));
  }
  expect(expected.map(({ state }) => state)).toEqual([...Array(7).fill('active'), ...Array(3).fill('ended')]);
  expect(expected[4]?.held).toEqual(
    [
      [PURCHASES, [DAY]],
      [USAGE, [DAY]],
    ].sort(),
  );
  expect(expected.at(-1)?.breaches.map(([, kind]) => kind)).toEqual(
    expect.arrayContaining(['late-delivery', 'overdue-destruction']),
  );
  let executions = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 2, maxLength: 3 }),
      async (scheduler, skews) => {
        const world = await openWorld();
        for (const [turn, { now, happens }] of MOMENTS.entries()) {
          await happens?.(world.store);
          const clocks = skews.map((skew) => new Date(Date.parse(now) + skew).toISOString());
          const running = clocks.map((clock) => look(world, clock, () => scheduler.schedule(Promise.resolve())));
          executions += running.length;
          await scheduler.waitFor(Promise.all(running));
          // What comes by schedule a little later.
          await look(world, new Date(Date.parse(now) + 5000).toISOString(), atOnce);
          const wanted = expected[turn]!;
          const { letters, sent, ...others } = await seen(world);
          const told = { letters: leaveOutEarly(letters, wanted.letters), sent: leaveOutEarly(sent, wanted.sent) };
          expect({ turn, ...others, ...told }).toEqual({ turn, ...wanted });
        }
      },
    ),
    { seed: 3, numRuns: 6 },
  );
  console.info(`${executions} executions at once, clocks up to 5 s apart from the true one`);
});
