import type { EntitlementService } from '../../../../lambda/reconcile-entitlements/entitlement-service';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import { LISTING, partitionOf } from '../../../../lib/domain/registry/registry-keys';
import { conductOf } from '../../../fixtures/conduct';
import { holdRoles } from '../../../fixtures/hold-roles';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

const DAY = '2026-01-01';
const NOW = '2026-01-01T12:00:00Z';
const IN_TERM = '2026-01-02T12:00:00Z';
const AFTER = '2027-03-01T00:00:00Z';
const LOST = 'Not reconciled: telco-retail-2026.';

/**
 * An agreement with everything granted, of whose records some are gone since. Like Data Exchange, the service looks for what was
 * made for the agreement, and takes back what it is called.
 */
async function losing(...names: readonly string[]) {
  const { registry, agreement, items } = await registerSigned(PLAN);
  const { rounds, releases } = conductOf(PLAN, [DAY]);
  const dataSets = Object.fromEntries(PLAN.legs.map(({ id }) => [id, `set-${id}`]));
  await registry
    .current(agreement)
    .change([], (current) => ({ ...current, state: 'active', provisioned: { ...current.provisioned, dataSets } }));
  for (const round of rounds) await registry.rounds(agreement).create(round);
  for (const release of releases) await registry.releases(agreement).create(release);
  const held = new Map<string, string>();
  const service: EntitlementService = {
    kinds: ['data-grant'],
    list: async (on) =>
      PLAN.legs.flatMap(({ id: leg, to }) => {
        const reference = `grant-${on.current.provisioned.dataSets[leg]}`;
        const account = PLAN.parties.find(({ id }) => id === to)!.account;
        return held.has(reference) ? [{ kind: 'data-grant' as const, leg, account, releases: [DAY], reference }] : [];
      }),
    apply: async (on, step) => {
      const reference = step.reference ?? `grant-${on.current.provisioned.dataSets[step.leg!]}`;
      if (step.do === 'revoke') held.delete(reference);
      else held.set(reference, step.account);
      return reference;
    },
  };
  const { log, lines } = recordLog();
  const nothing = async () => {};
  const rest = { retire: async () => 0, send: nothing, notify: nothing, seeGrants: async () => [], log };
  const run = (event: unknown, now: string) =>
    reconcileEntitlements(event, { registry, services: [service], roles: holdRoles().roles, ...rest, now: () => now });
  await run({ cause: 'schedule' }, NOW);
  expect(held.size).toBe(PLAN.legs.length);
  for (const name of names) expect(items.delete(name)).toBe(true);
  return { registry, agreement, held, run, lines };
}

const ID = PLAN.agreement.id;
const ITS_PLACE_ON_THE_LIST = `${LISTING} agreement#${ID}`;
const CURRENT = `${partitionOf(ID)} current`;
const VERSION = `${partitionOf(ID)} version#0000000001`;
const DEPLOYED = { source: 'barter.room', detail: { agreement: ID } };

test('an agreement that is not on the list is missed within a day, and looked at again as all others are', async () => {
  const { registry, held, run, lines } = await losing(ITS_PLACE_ON_THE_LIST);
  await expect(run(DEPLOYED, IN_TERM)).rejects.toThrow(LOST);
  expect(lines.map(([, line]) => line)).toContain('Agreement not on the list of agreements');
  expect(await registry.listAgreements()).toEqual([ID]);
  expect(held.size).toBe(PLAN.legs.length);
  await run({ cause: 'term' }, AFTER);
  expect(held.size).toBe(0);
});

test('where its end is the first that is told of it, all is taken back by that', async () => {
  const { held, run } = await losing(ITS_PLACE_ON_THE_LIST);
  await expect(run(DEPLOYED, AFTER)).rejects.toThrow(LOST);
  expect(held.size).toBe(0);
});

test.each([
  ['where it stands', [CURRENT]],
  ['that too', [CURRENT, ITS_PLACE_ON_THE_LIST]],
])('where it is not known %s, it is as it is in its term, and all is taken back after it', async (_, names) => {
  const { registry, agreement, held, run } = await losing(...names);
  await expect(run(DEPLOYED, IN_TERM)).rejects.toThrow(LOST);
  await expect(run({ cause: 'schedule' }, IN_TERM)).rejects.toThrow(LOST);
  expect(held.size).toBe(PLAN.legs.length);
  await expect(run({ cause: 'schedule' }, AFTER)).rejects.toThrow(LOST);
  expect(held.size).toBe(0);
  const after = await registry.entitlements(agreement).list();
  expect(new Set(after.map(({ state, reason }) => `${state} ${reason}`))).toEqual(new Set(['revoked after-term']));
  // It is still missed, by what the stack says every day.
  await expect(run(DEPLOYED, AFTER)).rejects.toThrow(LOST);
});

test('a deployed agreement of which nothing is on record is missed', async () => {
  const { run, lines } = await losing(ITS_PLACE_ON_THE_LIST, CURRENT, VERSION);
  const other = { source: 'barter.room', detail: { agreement: 'of-nobody' } };
  await expect(run(other, IN_TERM)).rejects.toThrow('Not reconciled: of-nobody.');
  expect(lines.map(([, line]) => line)).toContain('Agreement not on record');
  await expect(run(DEPLOYED, AFTER)).rejects.toThrow(LOST);
});
