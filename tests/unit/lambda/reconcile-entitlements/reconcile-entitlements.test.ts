import type { EntitlementService } from '../../../../lambda/reconcile-entitlements/entitlement-service';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import { listRecordedDecisions } from '../../../../lib/domain/audit/attribution/list-recorded-decisions';
import { findDecision, indexDecisions } from '../../../../lib/domain/audit/attribution/recorded-decision';
import { registerAgreement } from '../../../../lib/domain/enforcement/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/sign-version';
import { conductOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { believe, EARLY, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';

const DAY = '2026-01-01';
const NOW = '2026-01-01T12:00:00Z';
const retire = async () => 0;
const send = async () => {};
const notify = async () => {};

/** A service that holds what it is told to, and says no to some. */
function holdGrants(refused: readonly string[] = []) {
  const held = new Map<string, readonly string[]>();
  const depths: string[] = [];
  const service: EntitlementService = {
    kinds: ['data-grant'],
    list: async (on, _, depth) => {
      depths.push(depth);
      return [...held].map(([leg, releases]) => {
        const to = PLAN.legs.find(({ id }) => id === leg)!.to;
        const account = on.plan.parties.find(({ id }) => id === to)!.account;
        return { kind: 'data-grant', leg, account, releases, reference: leg };
      });
    },
    apply: async (_, step, releases) => {
      if (refused.includes(step.account)) throw new Error('Rate exceeded');
      if (step.do === 'revoke') held.delete(step.leg!);
      else held.set(step.leg!, releases);
      return `grant-${step.leg}`;
    },
  };
  return { service, held, depths };
}

async function signedAndPublished() {
  const { registry, agreement } = await registerSigned(PLAN);
  const { rounds, releases } = conductOf(PLAN, [DAY]);
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
    reconcileEntitlements(
      { cause: 'schedule' },
      { registry, services: [service], retire, send, notify, now: () => NOW, log },
    );
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
    reconcileEntitlements({}, { registry, services: [service], retire, send, notify, now: () => now, log }).then(() =>
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
  const run = reconcileEntitlements({}, { registry, services: [service], retire, send, notify, now: () => NOW, log });
  await expect(run).rejects.toMatchObject({ name: 'NotReconciled', message: 'Not reconciled: telco-retail-2026.' });
  expect([...held.keys()]).toEqual(PLAN.legs.filter(({ to }) => to === 'telco').map(({ id }) => id));
});

test.each([
  [{ cause: 'term' }, 'full'],
  [{ cause: 'interlock' }, 'quick'],
  [{ source: 'barter.room', detail: { agreement: 'telco-retail-2026' } }, 'quick'],
  [{ source: 'partner', detail: { agreement: 'of-somebody-else' } }, 'quick'],
  [undefined, 'quick'],
])('%j is a reason to look, %s', async (event, depth) => {
  const { registry } = await signedAndPublished();
  const { service, depths } = holdGrants();
  await reconcileEntitlements(event, {
    registry,
    services: [service],
    retire,
    send,
    notify,
    now: () => NOW,
    log: recordLog().log,
  });
  expect(depths).toEqual([depth]);
});

test('what an amendment leaves out is taken back, and on record as granted no more', async () => {
  const { registry, agreement } = await signedAndPublished();
  const { service, held } = holdGrants();
  const run = (now: string) =>
    reconcileEntitlements(
      {},
      { registry, services: [service], retire, send, notify, now: () => now, log: recordLog().log },
    );
  await run(NOW);
  const [gone, ...legs] = PLAN.legs;
  const next = { ...PLAN, legs, agreement: { ...PLAN.agreement, version: 2, content: 'a9'.repeat(32) } };
  await registerAgreement(registry, versionOf(next), EARLY);
  for (const { id } of next.parties) await signVersion(registry, signatureOf(next, id, { at: NOW }), believe);
  await run('2026-01-01T12:05:00Z');
  await run('2026-01-01T12:10:00Z');
  expect([...held.keys()]).not.toContain(gone!.id);
  expect(await registry.entitlements(agreement).read(gone!.id)).toMatchObject({
    state: 'revoked',
    version: 2,
    releases: [],
  });
  const standing = (await registry.standing(agreement).list()).filter(({ leg }) => leg === gone!.id);
  expect(standing.map(({ effect }) => effect).sort()).toEqual(['forbid', 'permit']);
});
