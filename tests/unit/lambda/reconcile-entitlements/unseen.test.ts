import type { EntitlementService } from '../../../../lambda/reconcile-entitlements/entitlement-service';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import type { Registry } from '../../../../lib/domain/registry/registry';
import { partitionOf } from '../../../../lib/domain/registry/registry-keys';
import { conductOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';
import { standStill } from '../../../fixtures/stand-still';

/* What cannot be looked at, or read, keeps nothing else granted; and nothing of it is granted. */

const [FIRST, SECOND] = TELCO_RETAIL_PLAN.legs;
const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  legs: [
    { ...FIRST!, via: { kind: 'data-grant' } },
    { ...SECOND!, via: { kind: 'lake-formation' } },
  ],
};
const DAY = '2026-01-01';
const NOW = '2026-01-01T12:00:00Z';
const AFTER = '2027-06-01T00:05:00Z';

type Kind = EntitlementService['kinds'][number];

/** A service that holds what it is told to. @param blind when it cannot be looked at */
function holdAll(kind: Kind, blind: () => boolean = () => false) {
  const held = new Map<string, readonly string[]>();
  const service: EntitlementService = {
    kinds: [kind],
    list: async (on) => {
      if (blind()) throw Object.assign(new Error('There is no such filter.'), { name: 'EntityNotFoundException' });
      return [...held].map(([leg, releases]) => {
        const to = on.plan.legs.find(({ id }) => id === leg)!.to;
        const account = on.plan.parties.find(({ id }) => id === to)!.account;
        return { kind, leg, account, releases, reference: leg };
      });
    },
    apply: async (_, step, releases) => {
      if (step.do === 'revoke') held.delete(step.leg!);
      else held.set(step.leg!, releases);
      return step.leg!;
    },
  };
  return { service, held };
}

async function published() {
  const { registry, agreement, items } = await registerSigned(PLAN);
  const { rounds, releases } = conductOf(PLAN, [DAY]);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  for (const round of rounds) await registry.rounds(agreement).create(round);
  for (const release of releases) await registry.releases(agreement).create(release);
  return { registry, agreement, items };
}

function runOf(registry: Registry, services: readonly EntitlementService[]) {
  const { log, lines } = recordLog();
  const rest = {
    ...standStill(),
    log,
  };
  const run = (now: string, cause = 'schedule') =>
    reconcileEntitlements({ cause }, { registry, services, ...rest, now: () => now });
  return { run, lines };
}

test.each(['schedule', 'term'])(
  'by %s: what one service does not tell keeps nothing of another’s after the term, and what is on record of it is taken back',
  async (cause) => {
    const { registry, agreement } = await published();
    let isBlind = false;
    const grants = holdAll('data-grant');
    const lake = holdAll('lake-formation', () => isBlind);
    const { run, lines } = runOf(registry, [grants.service, lake.service]);
    await run(NOW);
    expect([grants.held.size, lake.held.size]).toEqual([1, 1]);
    isBlind = true;
    await expect(run(AFTER, cause)).rejects.toThrow(`Not reconciled: ${agreement}.`);
    expect([grants.held.size, lake.held.size]).toEqual([0, 0]);
    expect((await registry.entitlements(agreement).list()).map(({ state }) => state)).toEqual(['revoked', 'revoked']);
    expect((await registry.current(agreement).read())?.state).toBe('ended');
    expect(lines.map(([, line]) => line)).toContain('What is granted could not be looked at');
    // As long as nobody can look, it is told.
    await expect(run('2027-06-01T00:20:00Z', cause)).rejects.toThrow(`Not reconciled: ${agreement}.`);
    isBlind = false;
    await run('2027-06-01T00:35:00Z', cause);
  },
);

test('of what was being given when a run broke off nothing is forgotten while nobody can look', async () => {
  const plan: Plan = { ...PLAN, legs: [{ ...FIRST!, via: { kind: 'sftp' } }, SECOND!] };
  const { registry, agreement } = await registerSigned(plan);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'suspended' }));
  const [party, account] = [FIRST!.to, plan.parties.find(({ id }) => id === FIRST!.to)!.account];
  const nothing = { version: 1, clause: 'legs', reason: 'agreed', releases: [], at: NOW };
  const giving = { kind: 'sftp', state: 'revoked', giving: true } as const;
  const noted = { ...nothing, ...giving, agreement, leg: FIRST!.id, party };
  await registry.entitlements(agreement).create(noted);
  let [isBlind, lies] = [true, [DAY]];
  // As inboxes are: what lies there is looked at where the record may not tell all of it.
  const inbox: EntitlementService = {
    kinds: ['sftp'],
    list: async (_, recorded) => {
      if (isBlind) throw Object.assign(new Error('Please reduce your request rate.'), { name: 'SlowDown' });
      const releases = recorded.releasesOf(FIRST!.id) ?? lies;
      return releases.length === 0 ? [] : [{ kind: 'sftp', leg: FIRST!.id, account, releases, reference: 'inbox' }];
    },
    apply: async () => {
      lies = [];
      return 'inbox';
    },
  };
  // Another that nobody can look at keeps nothing of it.
  const { run } = runOf(registry, [inbox, holdAll('lake-formation', () => true).service]);
  const withheld = async () => (await registry.standing(agreement).list()).filter(({ leg }) => leg === FIRST!.id);
  await expect(run(NOW)).rejects.toThrow(`Not reconciled: ${agreement}.`);
  expect(await registry.entitlements(agreement).read(FIRST!.id)).toEqual(noted);
  expect(await withheld()).toEqual([]);
  isBlind = false;
  await expect(run('2026-01-01T12:15:00Z')).rejects.toThrow(`Not reconciled: ${agreement}.`);
  expect(lies).toEqual([]);
  const after = await registry.entitlements(agreement).read(FIRST!.id);
  expect([after?.state, after?.reason, after?.giving]).toEqual(['revoked', 'suspended', undefined]);
  expect(await withheld()).toMatchObject([{ effect: 'forbid', reason: 'suspended' }]);
  expect(await registry.drifts(agreement).list()).toEqual([]);
});

test('what cannot be looked at is not granted, nor put on record as granted, until it can', async () => {
  const { registry, agreement } = await published();
  let isBlind = true;
  const grants = holdAll('data-grant');
  const lake = holdAll('lake-formation', () => isBlind);
  const { run } = runOf(registry, [grants.service, lake.service]);
  await expect(run(NOW)).rejects.toThrow(`Not reconciled: ${agreement}.`);
  expect([[...grants.held.keys()], [...lake.held.keys()]]).toEqual([[FIRST!.id], []]);
  expect((await registry.entitlements(agreement).list()).map(({ leg }) => leg)).toEqual([FIRST!.id]);
  isBlind = false;
  await run('2026-01-01T12:15:00Z');
  expect([...lake.held.keys()]).toEqual([SECOND!.id]);
});

describe.each(['breach#report-9', 'release#2026-02-01#x', 'erasure#9', 'closure#some-role', 'entitlement#gone'])(
  'a record that cannot be read: %s',
  (sk) => {
    async function withUnreadable() {
      const { registry, agreement, items } = await published();
      const grants = holdAll('data-grant');
      const lake = holdAll('lake-formation');
      const { run, lines } = runOf(registry, [grants.service, lake.service]);
      await run(NOW);
      const [kind] = sk.split('#');
      const pk = kind === 'erasure' ? `erasures#${agreement}` : partitionOf(agreement);
      items.set(`${pk} ${sk}`, { sk, revision: 1, record: { agreement, of: 'newer software' } });
      return { registry, agreement, held: () => [grants.held.size, lake.held.size], run, lines };
    }

    test('leaves the agreement as it is while it is not over', async () => {
      const { run, held } = await withUnreadable();
      await expect(run('2026-01-01T12:15:00Z')).rejects.toThrow('Not reconciled');
      expect(held()).toEqual([1, 1]);
    });

    test('keeps nothing granted after the term', async () => {
      const { registry, agreement, run, held } = await withUnreadable();
      await expect(run(AFTER)).rejects.toThrow('Not reconciled');
      expect(held()).toEqual([0, 0]);
      const after = await registry.entitlements(agreement).listReadable();
      expect(after.map(({ state, releases }) => [state, releases])).toEqual(Array(2).fill(['revoked', []]));
    });
  },
);

describe('a version in force that is gone, or holds another plan than its own', () => {
  async function withLost() {
    const { registry, agreement } = await published();
    const grants = holdAll('data-grant');
    const lake = holdAll('lake-formation');
    const { run, lines } = runOf(registry, [grants.service, lake.service]);
    await run(NOW);
    await registry.current(agreement).change([], (current) => ({ ...current, version: 2 }));
    return { held: () => [grants.held.size, lake.held.size], run, lines };
  }

  test('is told, and leaves the agreement as it is while the version before it is not over', async () => {
    const { run, held } = await withLost();
    await expect(run('2026-01-01T12:15:00Z')).rejects.toThrow('Not reconciled');
    expect(held()).toEqual([1, 1]);
  });

  test('keeps nothing granted after the term of the version before it', async () => {
    const { run, held } = await withLost();
    await expect(run(AFTER)).rejects.toThrow('Not reconciled');
    expect(held()).toEqual([0, 0]);
  });
});
