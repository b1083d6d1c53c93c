import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { findSigningRules } from '../../../lib/domain/agreement/signing-rules';
import { listSignedVersions } from '../../../lib/domain/audit/attribution/list-signed-versions';
import { advanceAgreement } from '../../../lib/domain/enforcement/registration/advance-agreement';
import { proposeVersion } from '../../../lib/domain/enforcement/registration/propose-version';
import { registerAgreement } from '../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../lib/domain/enforcement/registration/sign-version';
import { entitlementsAt } from '../../../lib/domain/exchange/entitlements/entitlements-at';
import { giveNotice } from '../../../lib/domain/exchange/entitlements/plan-exit';
import { listRounds } from '../../../lib/domain/exchange/rounds/list-rounds';
import { readConduct } from '../../../lib/domain/registry/read-conduct';
import type { Registry } from '../../../lib/domain/registry/registry';
import { breachOf, releaseOf, roundOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { believe, EARLY, registerSigned, signatureOf, versionOf } from '../../fixtures/registered';

const ID = PLAN.agreement.id;
const NOVEMBER = '2026-11-10T09:00:00.000Z';

const version = (number: number, term: Partial<Plan['term']>, changed: Partial<Plan> = {}): Plan => ({
  ...PLAN,
  agreement: { ...PLAN.agreement, version: number, content: `b${number}`.repeat(32) },
  term: { ...PLAN.term, ...term },
  ...changed,
});
const NEXT_YEAR = version(2, { starts: '2027-01-01', ends: '2027-12-31' });

async function propose(registry: Registry, plan: Plan, at: string) {
  await proposeVersion(registry, versionOf(plan).plan, versionOf(plan).hash, at);
  const signings = [];
  for (const { id } of plan.parties) signings.push(await signVersion(registry, signatureOf(plan, id, { at }), believe));
  return signings.at(-1);
}

/** Takes the steps that the clock asks for. */
async function tick(registry: Registry, now: string) {
  const { plan, conduct } = (await readConduct(registry, ID))!;
  await registry.current(ID).change([], (current) => advanceAgreement(plan, current, conduct, now));
  return (await readConduct(registry, ID))!;
}

/** In its term, with one round out, and a renewal signed in November. */
async function renew(renewal: Plan = NEXT_YEAR, first: Plan = PLAN) {
  const { registry } = await registerSigned(first);
  await tick(registry, '2026-01-01T00:05:00Z');
  await registry.rounds(ID).create(roundOf(PLAN, '2026-11-05'));
  for (const { id } of PLAN.legs) await registry.releases(ID).create(releaseOf(PLAN, id, '2026-11-05'));
  return { registry, signing: await propose(registry, renewal, NOVEMBER) };
}

test('a renewal that is signed ahead of time takes nothing back, makes nothing due, and comes on its day', async () => {
  const { registry, signing } = await renew();
  expect(signing).toEqual({ kind: 'signed', unsigned: [], waits: '2027-01-01' });
  const grantedAt = async (now: string) => {
    const { plan, conduct } = await tick(registry, now);
    return [plan.agreement.version, conduct.state, ...entitlementsAt(plan, conduct, now).map(({ effect }) => effect)];
  };
  expect(await grantedAt('2026-11-10T10:00:00Z')).toEqual([1, 'active', 'grant', 'grant']);
  expect(await grantedAt('2026-12-31T23:59:59Z')).toEqual([1, 'active', 'grant', 'grant']);
  expect(await grantedAt('2027-01-01T00:05:00Z')).toEqual([2, 'active', 'grant', 'grant']);
  const { current, conduct } = (await readConduct(registry, ID))!;
  expect(current.waiting).toBeUndefined();
  const days = listRounds(conduct, '2027-01-10').map(({ day }) => day);
  expect(days.slice(-4)).toEqual(['2026-12-24', '2026-12-31', '2027-01-01', '2027-01-08']);
});

test('one that begins some time after the version in force is over keeps the agreement alive until then', async () => {
  const { registry } = await renew(version(2, { starts: '2027-02-01', ends: '2027-12-31' }));
  const { plan, conduct } = await tick(registry, '2027-01-01T00:05:00Z');
  expect([plan.agreement.version, conduct.state]).toEqual([2, 'active']);
  expect(entitlementsAt(plan, conduct, '2027-01-01T00:05:00Z').map(({ reason }) => reason)).toEqual(
    PLAN.legs.map(() => 'before-term'),
  );
  expect(listRounds(conduct, '2027-02-03').at(-1)?.day).toBe('2027-02-01');
});

test('what has ended by notice is not renewed; what notice leaves time for is, until its last day', async () => {
  const noticed = async (starts: string, days = ['2026-12-10T09:00:00Z', '2026-12-21T00:05:00Z']) => {
    const { registry } = await renew(version(2, { starts, ends: '2027-12-31' }));
    await registry
      .current(ID)
      .change([], (current) => ({ ...current, ending: giveNotice(PLAN, 'telco', 'a merger', '2026-11-20T09:00:00Z') }));
    const found: unknown[] = [];
    for (const now of days) {
      const { plan, conduct } = await tick(registry, now);
      found.push([plan.agreement.version, conduct.state]);
    }
    return found;
  };
  expect(await noticed('2027-01-01')).toEqual([
    [1, 'active'],
    [1, 'ended'],
  ]);
  expect(await noticed('2026-12-01')).toEqual([
    [2, 'active'],
    [2, 'ended'],
  ]);
  // Nobody looked in between: what held on its last day is what has ended.
  expect(await noticed('2026-12-01', ['2026-12-21T00:05:00Z'])).toEqual([[2, 'ended']]);
});

test('what has ended by a remedy is not renewed', async () => {
  const { registry } = await renew(NEXT_YEAR, { ...PLAN, remedies: [{ on: 'resharing', do: 'terminate' }] });
  await registry
    .breaches(ID)
    .create(
      breachOf(PLAN, { kind: 'resharing', trigger: 'resharing', party: 'retail', since: '2026-12-31T23:00:00Z' }),
    );
  const { plan, conduct } = await tick(registry, '2027-01-01T00:05:00Z');
  expect([plan.agreement.version, conduct.state]).toEqual([1, 'ended']);
});

test.each(['ended', 'settled'] as const)('an agreement that is %s is not signed again', async (state) => {
  const { registry } = await renew();
  await registry.current(ID).change([], (current) => ({ ...current, state }));
  for (const plan of [PLAN, NEXT_YEAR])
    expect(await signVersion(registry, signatureOf(plan, 'telco', { at: NOVEMBER }), believe)).toEqual({
      kind: 'refused',
      fault: 'ended',
    });
});

test('what is signed while another waits replaces it', async () => {
  const { registry } = await renew();
  const stricter = version(3, {}, { remedies: [] });
  expect(await propose(registry, stricter, '2026-11-20T09:00:00.000Z')).toEqual({ kind: 'signed', unsigned: [] });
  const { current, conduct } = await tick(registry, '2026-11-20T09:05:00Z');
  expect([current.version, current.waiting, current.proposed]).toEqual([3, undefined, undefined]);
  expect(
    conduct.versions.filter(({ from, to }) => to === undefined || from < to).map(({ plan }) => plan.agreement.version),
  ).toEqual([1, 3]);
  expect((await tick(registry, '2027-01-01T00:05:00Z')).conduct.state).toBe('ended');
});

test('what waits is not proposed again by whoever deploys it, or deploys an older one', async () => {
  const { registry } = await renew();
  await registerAgreement(registry, versionOf(NEXT_YEAR), NOVEMBER);
  await registerAgreement(registry, versionOf(PLAN), NOVEMBER);
  await proposeVersion(registry, versionOf(NEXT_YEAR).plan, versionOf(NEXT_YEAR).hash, NOVEMBER);
  const again = await signVersion(registry, signatureOf(NEXT_YEAR, 'telco', { at: NOVEMBER }), believe);
  expect(again).toMatchObject({ kind: 'signed', unsigned: [], waits: '2027-01-01' });
  expect(await registry.current(ID).read()).toMatchObject({ version: 1, waiting: 2 });
  expect((await registry.current(ID).read())?.proposed).toBeUndefined();
});

test('a version of a term that has not begun is replaced at once, also by one that begins later', async () => {
  const { registry } = await registerSigned(PLAN);
  const later = version(2, { starts: '2026-02-01' });
  expect(await propose(registry, later, '2025-12-10T09:00:00.000Z')).toEqual({ kind: 'signed', unsigned: [] });
  const { plan, conduct } = await tick(registry, '2026-01-05T00:05:00Z');
  expect([plan.agreement.version, conduct.state]).toEqual([2, 'signed']);
  expect(listRounds(conduct, '2026-02-10').map(({ day }) => day)).toEqual(['2026-02-01', '2026-02-08']);
});

test('who is left out by a renewal that waits is asked about what comes before that', () => {
  const [telco, retail] = PLAN.parties as [Plan['parties'][0], Plan['parties'][0]];
  const bank = { ...retail, id: 'bank' };
  const first = version(1, {}, { parties: [telco, retail, bank] });
  const signatures = [first, NEXT_YEAR].flatMap((plan) =>
    first.parties.map(({ id }) => signatureOf(plan, id, { at: plan === first ? EARLY : NOVEMBER })),
  );
  const signersOf = (starts: string) =>
    findSigningRules(version(3, { starts }), [first, NEXT_YEAR], signatures).signers;
  expect(signersOf('2026-01-01')).toEqual(['telco', 'retail', 'bank']);
  expect(signersOf('2027-01-01')).toEqual(['telco', 'retail']);
  expect(listSignedVersions([], [], { history: [] })).toEqual([]);
});
