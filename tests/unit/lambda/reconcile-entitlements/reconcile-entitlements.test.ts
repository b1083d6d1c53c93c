import type { EntitlementService } from '../../../../lambda/reconcile-entitlements/entitlement-service';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import { MOST_LETTERS } from '../../../../lambda/reconcile-entitlements/send-letters';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { listRecordedDecisions } from '../../../../lib/domain/audit/attribution/list-recorded-decisions';
import { findDecision, indexDecisions } from '../../../../lib/domain/audit/attribution/recorded-decision';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import { breachOf, conductOf } from '../../../fixtures/conduct';
import { holdRoles } from '../../../fixtures/hold-roles';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { believe, EARLY, NOTHING_MADE, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';

const DAY = '2026-01-01';
const NOW = '2026-01-01T12:00:00Z';
const { roles } = holdRoles();
const retire = async () => 0;
const send = async () => {};
const notify = async () => {};
const seeGrants = async () => [];
/** What is the same in every run here. */
const REST = { roles, retire, send, notify, seeGrants };

const SNOWFLAKE = {
  kind: 'snowflake',
  storageAwsIamUserArn: 'arn:aws:iam::444455556666:user/of-snowflake',
  externalId: 'RETAIL_SFCRole=2_abc',
} as const;
const WAREHOUSE: Plan = {
  ...PLAN,
  legs: PLAN.legs.map((leg, at) => ({ ...leg, via: at === 0 ? SNOWFLAKE : { kind: 'data-grant' } })),
};

/** A service that holds what it is told to, and says no to some. */
function holdGrants(refused: readonly string[] = []) {
  const held = new Map<string, readonly string[]>();
  /** By leg: what tells a grant that was given anew from the first. */
  const given = new Map<string, string>();
  const depths: string[] = [];
  const service: EntitlementService = {
    kinds: ['data-grant'],
    list: async (on, recorded) => {
      depths.push(recorded.releasesOf(PLAN.legs[0]!.id) === undefined ? 'full' : 'quick');
      return [...held].map(([leg, releases]) => {
        const to = PLAN.legs.find(({ id }) => id === leg)!.to;
        const account = on.plan.parties.find(({ id }) => id === to)!.account;
        return { kind: 'data-grant', leg, account, releases, reference: `grant-${leg}${given.get(leg) ?? ''}` };
      });
    },
    apply: async (_, step, releases) => {
      if (refused.includes(step.account)) throw new Error('Rate exceeded');
      if (step.do === 'revoke') held.delete(step.leg!);
      else held.set(step.leg!, releases);
      return `grant-${step.leg}${given.get(step.leg!) ?? ''}`;
    },
  };
  return { service, held, depths, given };
}

async function signedAndPublished(plan = PLAN) {
  const { registry, agreement } = await registerSigned(plan);
  const { rounds, releases } = conductOf(plan, [DAY]);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  for (const round of rounds) await registry.rounds(agreement).create(round);
  for (const release of releases) await registry.releases(agreement).create(release);
  return { registry, agreement };
}

test('what is agreed is granted, with its clause on record, and granted once', async () => {
  const { registry, agreement } = await signedAndPublished();
  const { service, held } = holdGrants();
  const { log, lines } = recordLog();
  const run = () =>
    reconcileEntitlements({ cause: 'schedule' }, { registry, services: [service], ...REST, now: () => NOW, log });
  await run();
  expect(Object.fromEntries(held)).toEqual(Object.fromEntries(PLAN.legs.map(({ id }) => [id, [DAY]])));
  const records = await registry.entitlements(agreement).list();
  expect(records.map(({ leg, state, clause, reference }) => [leg, state, clause, reference])).toEqual(
    PLAN.legs.map(({ id }) => [id, 'granted', `legs.${id}`, `grant-${id}`]).sort(),
  );
  lines.length = 0;
  await run();
  expect(lines.at(-1)?.[2]).toEqual({ cause: 'schedule', agreements: 1, changes: 0 });
});

test('what a service lets through by itself was decided, and is explained: from when it was granted until it is taken back', async () => {
  const { registry, agreement } = await signedAndPublished();
  const { service } = holdGrants();
  const { log } = recordLog();
  const run = (now: string) =>
    reconcileEntitlements({}, { registry, services: [service], ...REST, now: () => now, log }).then(() =>
      registry.standing(agreement).list(),
    );
  const [first] = PLAN.legs;
  await run(NOW);
  const once = await run('2026-01-01T13:00:00Z');
  expect(once.map(({ effect, leg }) => `${effect} ${leg}`).sort()).toEqual(
    PLAN.legs.map(({ id }) => `permit ${id}`).sort(),
  );
  const after = listRecordedDecisions(PLAN, await run('2027-01-01T00:05:00Z'));
  const subject = { agreement: { id: agreement, version: 1 }, party: first!.to, leg: first!.id };
  const effectAt = (at: string) => findDecision(indexDecisions(after), subject, at)?.effect;
  expect(['2026-01-01T11:59:59Z', '2026-06-01T00:00:00Z', '2027-01-02T00:00:00Z'].map(effectAt)).toEqual([
    undefined,
    'permit',
    'forbid',
  ]);
});

test("one party's failure leaves the other's entitlement as it should be, and is told", async () => {
  const { registry } = await signedAndPublished();
  const { service, held } = holdGrants(['444455556666']);
  const { log } = recordLog();
  const run = reconcileEntitlements({}, { registry, services: [service], ...REST, now: () => NOW, log });
  await expect(run).rejects.toMatchObject({ name: 'NotReconciled', message: 'Not reconciled: telco-retail-2026.' });
  expect([...held.keys()]).toEqual(PLAN.legs.filter(({ to }) => to === 'telco').map(({ id }) => id));
});

test.each([
  [{ cause: 'term' }, 'full'],
  [{ cause: 'schedule' }, 'quick'],
  [{ source: 'barter.room', detail: { agreement: 'telco-retail-2026' } }, 'quick'],
  [undefined, 'quick'],
])('%j is a reason to look, %s', async (event, depth) => {
  const { registry } = await signedAndPublished();
  const { service, depths } = holdGrants();
  await reconcileEntitlements(event, {
    registry,
    services: [service],
    ...REST,
    now: () => NOW,
    log: recordLog().log,
  });
  expect(depths).toEqual([depth]);
});

test('what somebody did by hand is put back, and on record with its clause, once a day, and with what it is called now', async () => {
  const { registry, agreement } = await signedAndPublished();
  const { service, held, given } = holdGrants();
  const { log } = recordLog();
  const run = (now: string) =>
    reconcileEntitlements({}, { registry, services: [service], ...REST, now: () => now, log });
  await run(NOW);
  expect(await registry.drifts(agreement).list()).toEqual([]);
  const [gone, changed] = PLAN.legs.map(({ id }) => id) as [string, string];
  for (const minute of ['15', '30']) {
    held.delete(gone);
    held.set(changed, [DAY, '2025-12-01']);
    given.set(gone, `-${minute}`);
    await run(`2026-01-01T12:${minute}:00Z`);
  }
  expect([held.has(gone), held.get(changed)]).toEqual([true, [DAY]]);
  const drifts = await registry.drifts(agreement).list();
  const common = { agreement, day: DAY, reason: 'agreed', at: '2026-01-01T12:15:00Z' };
  expect(drifts).toHaveLength(2);
  expect(drifts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...common, leg: gone, did: 'removed', clause: `legs.${gone}` }),
      expect.objectContaining({ ...common, leg: changed, did: 'changed', clause: `legs.${changed}` }),
    ]),
  );
  expect(await registry.entitlements(agreement).read(gone)).toMatchObject({
    state: 'granted',
    reference: `grant-${gone}-30`,
  });
  expect(await registry.standing(agreement).list()).toHaveLength(PLAN.legs.length);
});

test('a release is not put where another may still read: not before the role of the version before is closed', async () => {
  const { registry, agreement } = await registerSigned(WAREHOUSE);
  const { rounds, releases } = conductOf(WAREHOUSE, [DAY]);
  for (const round of rounds) await registry.rounds(agreement).create(round);
  for (const release of releases) await registry.releases(agreement).create(release);
  const [leg, other] = WAREHOUSE.legs;
  const via = { ...SNOWFLAKE, externalId: 'another' };
  const next = {
    ...WAREHOUSE,
    agreement: { ...PLAN.agreement, version: 2, content: 'e2'.repeat(32) },
    legs: [{ ...leg!, via }, other!],
  };
  await registerAgreement(registry, { ...versionOf(next), provisioned: { ...NOTHING_MADE, version: 1 } }, NOW);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(next, id), believe);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  const { service, held } = holdGrants();
  const both = { ...service, kinds: ['data-grant', 'snowflake'] as const };
  const run = (doors: typeof roles, now: string) =>
    reconcileEntitlements(
      {},
      { registry, services: [both], ...REST, roles: doors, now: () => now, log: recordLog().log },
    );
  const stuck = { ...roles, close: () => Promise.reject(new Error('AccessDenied')) };
  await expect(run(stuck, NOW)).rejects.toThrow(`Not reconciled: ${agreement}.`);
  expect([...held.keys()]).toEqual([other!.id]);
  await run(holdRoles().roles, '2026-01-01T12:15:00Z');
  expect([...held.keys()].sort()).toEqual([leg!.id, other!.id].sort());
});

test('where the record cannot be written, what ends by the clock is taken back all the same, and nothing is granted', async () => {
  const { registry, agreement } = await signedAndPublished();
  const full = async () => {
    throw new Error('Item size has exceeded the maximum allowed size');
  };
  const stuck = {
    ...registry,
    current: (of: string) => ({ ...registry.current(of), change: full }),
    breaches: (of: string) => ({ ...registry.breaches(of), create: full }),
  };
  const { service, held } = holdGrants();
  const { log, lines } = recordLog();
  const run = (on: typeof registry, now: string) =>
    reconcileEntitlements({}, { registry: on, services: [service], ...REST, now: () => now, log });
  // A delivery is late, and that cannot be written: what would be granted is not, until it can.
  await expect(run(stuck, '2026-03-01T12:00:00Z')).rejects.toThrow('Not reconciled: telco-retail-2026.');
  expect([...held]).toEqual([]);
  await run(registry, NOW);
  expect([...held.keys()].sort()).toEqual(PLAN.legs.map(({ id }) => id).sort());
  await expect(run(stuck, '2027-01-05T00:00:00Z')).rejects.toThrow('Not reconciled: telco-retail-2026.');
  expect([...held]).toEqual([]);
  const after = await registry.entitlements(agreement).list();
  expect(new Set(after.map(({ state, reason }) => `${state} ${reason}`))).toEqual(new Set(['revoked after-term']));
  expect(JSON.stringify(lines)).toContain('What follows from the terms was not put on record');
  expect((await registry.current(agreement).read())?.state).toBe('active');
  await run(registry, '2027-01-05T00:01:00Z');
  expect((await registry.current(agreement).read())?.state).toBe('ended');
});

test('whoever has the agreement ended by a breach destroys what it received by then, and not by the end of the term', async () => {
  const plan: Plan = { ...PLAN, remedies: [{ on: 'resharing', do: 'terminate' }] };
  const { registry, agreement } = await signedAndPublished(plan);
  const provisioned = { ...NOTHING_MADE, letters: 'arn:aws:sns:eu-central-1:999900001111:Letters' };
  await registry.current(agreement).change([], (current) => ({ ...current, provisioned }));
  const told: string[] = [];
  const sending = { ...REST, send: async (_: string, { text }: { readonly text: string }) => void told.push(text) };
  const { service, held } = holdGrants();
  const run = (now: string) =>
    reconcileEntitlements({}, { registry, services: [service], ...sending, now: () => now, log: recordLog().log });
  await run(NOW);
  expect(held.size).toBe(2);
  await registry
    .breaches(agreement)
    .create(
      breachOf(plan, { kind: 'resharing', trigger: 'resharing', party: 'retail', since: '2026-01-05T10:00:00Z' }),
    );
  await run('2026-01-05T10:05:00Z');
  expect(held.size).toBe(0);
  expect(told.filter((text) => text.includes('Destroy what you received'))).toHaveLength(2);
  expect(told.every((text) => !text.includes('Destroy what') || text.includes('attest it by 2026-02-05'))).toBe(true);
  const overdue = async () =>
    (await registry.breaches(agreement).list()).filter(({ kind }) => kind === 'overdue-destruction').length;
  await run('2026-02-04T23:59:00Z');
  expect(await overdue()).toBe(0);
  await run('2026-02-05T00:01:00Z');
  expect(await overdue()).toBe(2);
});

test('what an amendment leaves out is taken back, and on record as granted no more, once it is', async () => {
  const { registry, agreement } = await signedAndPublished();
  const refused: string[] = [];
  const { service, held } = holdGrants(refused);
  const run = (now: string) =>
    reconcileEntitlements({}, { registry, services: [service], ...REST, now: () => now, log: recordLog().log });
  await run(NOW);
  const [gone, ...legs] = PLAN.legs;
  const next = { ...PLAN, legs, agreement: { ...PLAN.agreement, version: 2, content: 'a9'.repeat(32) } };
  await registerAgreement(registry, versionOf(next), EARLY);
  for (const { id } of next.parties) await signVersion(registry, signatureOf(next, id, { at: NOW }), believe);
  refused.push(next.parties.find(({ id }) => id === gone!.to)!.account);
  await expect(run('2026-01-01T12:05:00Z')).rejects.toThrow(`Not reconciled: ${agreement}.`);
  expect([...held.keys()]).toContain(gone!.id);
  expect(await registry.entitlements(agreement).read(gone!.id)).toMatchObject({ state: 'granted', version: 1 });
  refused.length = 0;
  await run('2026-01-01T12:06:00Z');
  await run('2026-01-01T12:10:00Z');
  expect([...held.keys()]).not.toContain(gone!.id);
  expect(await registry.entitlements(agreement).read(gone!.id)).toMatchObject({
    state: 'revoked',
    version: 2,
    releases: [],
  });
  const standing = (await registry.standing(agreement).list()).filter(({ leg }) => leg === gone!.id);
  expect(standing.map(({ effect }) => effect).sort()).toEqual(['forbid', 'permit']);
  // What stays as it was is permitted by the new version too: a read of it is explained by the version in force.
  const kept = (await registry.standing(agreement).list()).filter(({ leg }) => leg === legs[0]!.id);
  expect(kept.map((each) => `${each.effect} ${each.agreement.version}`).sort()).toEqual(['permit 1', 'permit 2']);
});

test.each([
  { source: 'aws.s3', detail: { agreement: 'telco-retail-2026' } },
  { source: 'aws.dataexchange', detail: {} },
])('%j is no reason to look at anything', async (event) => {
  const { registry } = await signedAndPublished();
  const { service, depths } = holdGrants();
  const { log } = recordLog();
  await reconcileEntitlements(event, {
    registry,
    services: [service],
    ...REST,
    now: () => NOW,
    log,
  });
  expect(depths).toEqual([]);
});

describe('of several agreements', () => {
  const IDS = ['bank-shop-2026', 'telco-retail-2026', 'telco-press-2026'];

  /** Each with a problem on record, which its parties are to be told. */
  async function registerAll() {
    const { store } = openMemoryStore();
    const registry = openRegistry(store);
    for (const id of IDS) {
      const plan = { ...PLAN, agreement: { ...PLAN.agreement, id } };
      await registerAgreement(registry, versionOf(plan), EARLY);
      for (const party of plan.parties) await signVersion(registry, signatureOf(plan, party.id), believe);
      await registry
        .current(id)
        .change([], (on) => ({ ...on, provisioned: { ...on.provisioned, letters: `arn:${id}` } }));
      const told = { id: 'p1', agreement: id, party: 'telco', text: 'Column missing.', at: '2026-05-01T11:00:00Z' };
      await registry.problems(id).create(told);
    }
    return registry;
  }

  /** In order: what was looked at, and to whose topic was written. */
  async function watch(event: unknown, refused: readonly string[] = []) {
    const registry = await registerAll();
    const steps: string[] = [];
    const service: EntitlementService = {
      kinds: ['data-grant'],
      list: async (on) => {
        steps.push(`look ${on.current.agreement}`);
        return [];
      },
      apply: async (_, step) => step.leg ?? '',
    };
    const write = async (topic: string) => {
      if (refused.includes(topic)) throw new Error('Rate exceeded');
      steps.push(`write ${topic}`);
    };
    const now = () => '2026-06-01T12:00:00Z';
    const { log } = recordLog();
    const run = reconcileEntitlements(event, {
      registry,
      services: [service],
      roles,
      retire,
      send: write,
      notify,
      seeGrants,
      now,
      log,
    });
    const error = await run.then(
      () => undefined,
      (thrown: Error) => thrown.message,
    );
    return { steps: [...new Set(steps)], count: steps.filter((step) => step.startsWith('write')).length, error };
  }

  test('what is granted is put right in all before anybody is written to', async () => {
    const { steps, error } = await watch({ cause: 'schedule' });
    expect(steps.map((step) => step.split(' ')[0])).toEqual(['look', 'look', 'look', 'write', 'write', 'write']);
    expect(error).toBeUndefined();
  });

  test('an event has the one looked at that it is about', async () => {
    const { steps } = await watch({ source: 'barter.room', detail: { agreement: IDS[0] } });
    expect(steps).toEqual([`look ${IDS[0]}`, `write arn:${IDS[0]}`]);
  });

  test('a letter of one that does not go out keeps nobody else from theirs', async () => {
    const { steps, error } = await watch({ cause: 'schedule' }, [`arn:${IDS[1]}`]);
    expect(steps.filter((step) => step.startsWith('write')).sort()).toEqual(
      [IDS[0], IDS[2]].map((id) => `write arn:${id}`).sort(),
    );
    expect(error).toBe(`Not reconciled: ${IDS[1]}.`);
  });

  test('each is looked at first in its turn', async () => {
    const registry = await registerAll();
    const first = new Set<string>();
    for (const minute of ['00', '15', '30']) {
      const looked: string[] = [];
      const list: EntitlementService['list'] = async (on) => {
        looked.push(on.current.agreement);
        return [];
      };
      const service: EntitlementService = { kinds: ['data-grant'], list, apply: async () => '' };
      const now = () => `2026-06-01T12:${minute}:00Z`;
      const { log } = recordLog();
      const parts = { registry, services: [service], ...REST, now, log };
      await reconcileEntitlements({ cause: 'schedule' }, parts);
      first.add(looked[0] ?? 'none');
    }
    expect([...first].sort()).toEqual([...IDS].sort());
  });
});

test('an agreement with very much to tell has a run’s number of letters sent, and the rest by the next', async () => {
  const { registry, agreement } = await signedAndPublished();
  const change = registry.current(agreement).change;
  await change([], (current) => ({ ...current, provisioned: { ...current.provisioned, letters: 'arn:topic' } }));
  for (let index = 0; index < 130; index += 1)
    await registry.problems(agreement).create({
      id: `p${index}`,
      agreement,
      party: 'telco',
      text: 'Column missing.',
      at: '2026-01-01T11:00:00Z',
    });
  const sent = new Set<string>();
  const { service } = holdGrants();
  const { log, lines } = recordLog();
  const post = async (_: string, { id }: { readonly id: string }) => {
    sent.add(id);
  };
  const run = () =>
    reconcileEntitlements(
      {},
      { registry, services: [service], roles, retire, send: post, notify, seeGrants, now: () => NOW, log },
    );
  await run();
  expect(sent.size).toBe(MOST_LETTERS);
  expect(lines.at(-1)?.[2]).toMatchObject({ agreement, left: expect.any(Number) });
  await run();
  expect([...sent].filter((id) => id.includes('problem'))).toHaveLength(130);
  lines.length = 0;
  await run();
  expect(lines.map(([, line]) => line)).not.toContain('The parties were written to');
});
