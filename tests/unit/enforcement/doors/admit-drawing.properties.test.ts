import fc from 'fast-check';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { admitDrawing } from '../../../../lib/domain/enforcement/doors/admit-drawing';
import { comparePrincipals } from '../../../../lib/domain/enforcement/registration/compare-principals';
import { listPrincipals } from '../../../../lib/domain/enforcement/registration/list-principals';
import { proposeVersion } from '../../../../lib/domain/enforcement/registration/propose-version';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { openRegistry, type Registry } from '../../../../lib/domain/registry/registry';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { believe, EARLY, NOTHING_MADE, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';

const ID = PLAN.agreement.id;
const ACCOUNTS = ['111122223333', '222233334444', '333344445555'];

/** A version in which telco has this account. */
const amend = (version: number, account = ACCOUNTS[0]!): Plan => ({
  ...PLAN,
  agreement: { ...PLAN.agreement, version, content: `${version}${ACCOUNTS.indexOf(account)}`.padEnd(64, 'a') },
  parties: PLAN.parties.map((party) => (party.id === 'telco' ? { ...party, account } : party)),
});
const principalsOf = (plan: Plan) => listPrincipals(planForSide(plan, { kind: 'hosted' }));

const admit = (registry: Registry, plan: Plan) => admitDrawing(registry, plan.agreement, principalsOf(plan));
const record = (registry: Registry, plan: Plan) =>
  registerAgreement(
    registry,
    { ...versionOf(plan), provisioned: { ...NOTHING_MADE, version: plan.agreement.version } },
    EARLY,
  );
const propose = (registry: Registry, plan: Plan) =>
  proposeVersion(registry, versionOf(plan).plan, versionOf(plan).hash, EARLY);

async function signAll(registry: Registry, plan: Plan) {
  for (const { id } of plan.parties) await signVersion(registry, signatureOf(plan, id), believe);
}

test('a first version and a draft may be drawn as they are', async () => {
  const registry = openRegistry(openMemoryStore().store);
  await admit(registry, PLAN);
  await record(registry, PLAN);
  await admit(registry, amend(2, ACCOUNTS[1]));
});

test('what lets in others waits until all have signed; what does not may be drawn before', async () => {
  const { registry } = await registerSigned(PLAN);
  await admit(registry, amend(2));
  const other = amend(3, ACCOUNTS[1]);
  await expect(admit(registry, other)).rejects.toThrow(
    /^Version 3 of telco-retail-2026 lets in, or shuts out, others than version 1.*: parties\.telco\.account, parties\.telco\.role\. Put the file of version 1 beside it/,
  );
  await propose(registry, other);
  await signVersion(registry, signatureOf(other, 'telco'), believe);
  await expect(admit(registry, other)).rejects.toThrow(/lets in/);
  await signVersion(registry, signatureOf(other, 'retail'), believe);
  await admit(registry, other);
});

test('an older version that let in others is not drawn again, once the newer stands', async () => {
  const { registry } = await registerSigned(PLAN, []);
  await record(registry, PLAN);
  await signAll(registry, PLAN);
  const other = amend(2, ACCOUNTS[1]);
  await propose(registry, other);
  await signAll(registry, other);
  // What stands stays, until it is drawn anew: a roll-back ends there.
  await admit(registry, PLAN);
  await admit(registry, other);
  await record(registry, other);
  await expect(admit(registry, PLAN)).rejects.toThrow(/lets in/);
});

test('nothing is proposed to amend what is not in force', async () => {
  const registry = openRegistry(openMemoryStore().store);
  await expect(propose(registry, amend(2))).rejects.toThrow(/Nothing of telco-retail-2026 is in force/);
  await record(registry, PLAN);
  await expect(propose(registry, amend(2))).rejects.toThrow(/let all sign version 1 first/);
  expect((await registry.versions(ID).list()).map(({ version }) => version)).toEqual([1]);
});

test('a proposal that is repeated, or in force by now, changes nothing', async () => {
  const { registry, items } = await registerSigned(PLAN);
  await propose(registry, amend(3));
  const once = new Map(items);
  await propose(registry, amend(3));
  await propose(registry, amend(2));
  expect((await registry.current(ID).read())?.proposed).toBe(3);
  await signAll(registry, amend(3));
  await propose(registry, amend(3));
  expect(await registry.current(ID).read()).toMatchObject({ version: 3 });
  expect((await registry.current(ID).read())?.proposed).toBeUndefined();
  expect(once.size).toBeLessThan(items.size);
});

/* Whoever deploys does so in any order, with anything; stacks fail half way and are rolled back; parties sign when they like. */
const versions = fc.integer({ min: 1, max: 3 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('deploy' as const), version: versions, fails: fc.constantFrom('never', 'drawn') }),
  fc.record({ kind: fc.constant('propose' as const), version: versions }),
  fc.record({
    kind: fc.constant('sign' as const),
    version: versions,
    party: fc.constantFrom('telco', 'all', 'all'),
  }),
);

test('nobody gets in whom no version that came into force names, whatever is deployed, fails, or is signed', async () => {
  const seen = { admitted: 0, refused: 0, amended: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...ACCOUNTS), { minLength: 3, maxLength: 3 }),
      fc.array(step, { minLength: 8, maxLength: 16 }),
      fc.boolean(),
      async (accounts, steps, isSigned) => {
        const registry = openRegistry(openMemoryStore().store);
        const plans = accounts.map((account, index) => amend(index + 1, account));
        const first = plans[0]!;
        let standing: Plan | undefined;
        if (isSigned) {
          await record(registry, first);
          await signAll(registry, first);
          standing = first;
        }
        const wereInForce = new Set<number>(isSigned ? [1] : []);
        for (const each of steps) {
          const plan = plans[each.version - 1]!;
          if (each.kind === 'sign' && each.party === 'all') await signAll(registry, plan);
          else if (each.kind === 'sign') await signVersion(registry, signatureOf(plan, each.party), believe);
          else if (each.kind === 'propose') await propose(registry, plan).catch(() => undefined);
          else {
            const before = standing;
            try {
              await admit(registry, plan);
              standing = plan;
              if (each.fails === 'drawn') throw new Error('the stack fails');
              await admit(registry, plan);
              await record(registry, plan);
              seen.admitted += 1;
            } catch {
              seen.refused += 1;
              // CloudFormation draws what stood: nothing may stop it.
              if (before !== undefined) await admit(registry, before);
              standing = before;
            }
          }
          const current = await registry.current(ID).read();
          if (current === undefined || current.state === 'draft') continue;
          if (wereInForce.size > 0 && !wereInForce.has(current.version)) seen.amended += 1;
          wereInForce.add(current.version);
          const named = [...wereInForce].some(
            (version) => comparePrincipals(principalsOf(plans[version - 1]!), principalsOf(standing!)).length === 0,
          );
          expect({ named, standing: standing?.agreement.version, inForce: current.version }).toMatchObject({
            named: true,
          });
        }
      },
    ),
    { seed: 18, numRuns: 60 },
  );
  expect(Math.min(seen.admitted, seen.refused)).toBeGreaterThan(30);
  expect(seen.amended).toBeGreaterThan(5);
});
