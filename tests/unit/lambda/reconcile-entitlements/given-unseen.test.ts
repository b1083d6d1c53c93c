import type { EntitlementService } from '../../../../lambda/reconcile-entitlements/entitlement-service';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan, PlannedLeg } from '../../../../lib/domain/agreement/plan/plan';
import { conductOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { NOTHING_MADE, registerSigned } from '../../../fixtures/registered';
import { standStill } from '../../../fixtures/stand-still';

/* What was granted, was being added to when a run broke off, and cannot be looked at while it is to be withheld. */

const LEG: PlannedLeg = { ...TELCO_RETAIL_PLAN.legs[0]!, via: { kind: 'sftp' } };
const OTHER: PlannedLeg = { ...TELCO_RETAIL_PLAN.legs[1]!, via: { kind: 'api' } };
const PLAN: Plan = { ...TELCO_RETAIL_PLAN, legs: [LEG, OTHER], remedies: [] };
const AGREEMENT = PLAN.agreement.id;
const DAY = '2026-01-01';
const RETAIL = PLAN.parties.find(({ id }) => id === LEG.to)!.account;

async function openRoom() {
  const { registry } = await registerSigned(PLAN);
  const bring = (state: 'suspended' | 'active') =>
    registry.current(AGREEMENT).change([], (current) => ({ ...current, state, provisioned: NOTHING_MADE }));
  await bring('suspended');
  const { rounds, releases } = conductOf(PLAN, [DAY]);
  for (const round of rounds) await registry.rounds(AGREEMENT).create(round);
  for (const release of releases) await registry.releases(AGREEMENT).create(release);
  const granted = { agreement: AGREEMENT, version: 1, leg: LEG.id, party: LEG.to, kind: 'sftp', clause: 'legs' };
  const at = '2026-01-01T12:00:00Z';
  await registry
    .entitlements(AGREEMENT)
    .create({ ...granted, reason: 'agreed', releases: [DAY], at, state: 'granted', giving: true });
  const room = { inbox: [DAY], isSeen: false, did: [] as string[] };
  const service: EntitlementService = {
    kinds: ['sftp'],
    async list(_, recorded) {
      if (!room.isSeen) throw new Error('SlowDown');
      const releases = [...(recorded.releasesOf(LEG.id) ?? room.inbox)];
      return releases.length === 0
        ? []
        : [{ kind: 'sftp', leg: LEG.id, account: RETAIL, releases, reference: 'inbox' }];
    },
    async apply(_, step) {
      room.did.push(step.do);
      room.inbox = step.do === 'revoke' ? [] : [...step.releases];
      return 'inbox';
    },
  };
  const run = (now: string, cause: string, by = registry) =>
    reconcileEntitlements(
      { cause },
      { registry: by, services: [service], ...standStill(), now: () => now, log: recordLog().log },
    );
  return { registry, room, run, bring };
}

test('is taken back once, on record and decided; what may be left there stays noted, and nobody is said to have done it', async () => {
  const { registry, room, run, bring } = await openRoom();
  for (const now of ['2026-01-01T13:00:00Z', '2026-01-01T13:15:00Z'])
    await expect(run(now, 'schedule')).rejects.toThrow('Not reconciled');
  expect(room).toMatchObject({ inbox: [], did: ['revoke'] });
  expect(await registry.entitlements(AGREEMENT).read(LEG.id)).toMatchObject({ state: 'revoked', giving: true });
  const decided = (await registry.standing(AGREEMENT).list()).filter(({ leg }) => leg === LEG.id);
  expect(decided.map(({ effect }) => effect)).toEqual(['forbid']);
  await bring('active');
  room.isSeen = true;
  await run('2026-01-01T13:30:00Z', 'schedule');
  await run('2026-01-02T00:05:00Z', 'term');
  expect(room.inbox).toEqual([DAY]);
  expect(await registry.drifts(AGREEMENT).list()).toEqual([]);
});

test('what a run that broke off had permitted, and not granted, is forbidden once it is withheld', async () => {
  const { registry, room, run, bring } = await openRoom();
  await registry.entitlements(AGREEMENT).change([LEG.id], (each) => ({ ...each, state: 'revoked', releases: [] }));
  Object.assign(room, { inbox: [], isSeen: true });
  await bring('active');
  const standing = registry.standing(AGREEMENT);
  const broken = {
    ...registry,
    standing: () => ({
      ...standing,
      create: async (decision: Parameters<typeof standing.create>[0]) => {
        await standing.create(decision);
        if (decision.leg === OTHER.id) throw new Error('the run ends here');
        return true;
      },
    }),
  };
  await expect(run('2026-01-01T13:00:00Z', 'schedule', broken)).rejects.toThrow('Not reconciled');
  expect((await standing.list()).find(({ leg }) => leg === OTHER.id)).toMatchObject({ effect: 'permit' });
  await bring('suspended');
  await run('2026-01-01T13:15:00Z', 'schedule');
  const last = (await standing.list()).toSorted((one, other) => (one.at < other.at ? -1 : 1));
  expect(last.findLast(({ leg }) => leg === OTHER.id)).toMatchObject({ effect: 'forbid' });
  expect((await registry.entitlements(AGREEMENT).read(OTHER.id))?.giving).toBeUndefined();
});
