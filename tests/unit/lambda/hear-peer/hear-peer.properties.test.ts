import { createHash } from 'node:crypto';
import { hearPeer } from '../../../../lambda/hear-peer/hear-peer';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { draftCommitment } from '../../../../lib/domain/exchange/peers/commitment';
import { whenGiven } from '../../../../lib/domain/exchange/rounds/list-missed';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import type { Commitment } from '../../../../lib/domain/registry/round-records';
import { releaseOf, roundOf } from '../../../fixtures/conduct';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { believe, EARLY, NOTHING_MADE, signatureOf } from '../../../fixtures/registered';
import { makeStoredRelease } from '../../../fixtures/stored-release';

const DAY = '2026-02-26';
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const RETAIL = PLAN.parties.find(({ id }) => id === 'retail')!.account;
const plan = planForSide(PLAN, { kind: 'peer', party: 'telco' });

async function openRoom() {
  const { store, items } = openMemoryStore();
  const registry = openRegistry(store);
  await registerAgreement(registry, { hash: 'f'.repeat(64), plan, provisioned: NOTHING_MADE }, EARLY);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(PLAN, id), believe);
  const { log, lines } = recordLog();
  const told: unknown[] = [];
  let second = 0;
  const hearing = {
    registry,
    record: openDoorRecorder(),
    verify: believe,
    sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
    tell: async (heard: unknown) => {
      told.push(heard);
    },
    tellOfBreach: async () => undefined,
    now: () => new Date(Date.parse('2026-03-01T10:00:00Z') + 100 * second++).toISOString(),
    log,
  };
  return { registry, items, lines, told, hear: (event: unknown) => hearPeer(event, hearing) };
}

async function openRound() {
  const room = await openRoom();
  const { registry } = room;
  await registry.current(PLAN.agreement.id).change([], (current) => ({ ...current, state: 'active' }));
  await registry.rounds(PLAN.agreement.id).create(roundOf(PLAN, DAY, { state: 'open' }));
  return room;
}

/** Its round is open, and retail has committed to its release. */
async function openCommitted() {
  const room = await openRound();
  await room.registry.commitments(PLAN.agreement.id).create({ ...wordOf('committed'), heardAt: `${DAY}T10:00:00Z` });
  return room;
}

const wordOf = (says: Commitment['says'], changed: Partial<Commitment> = {}): Commitment => {
  const { algorithm, publicKey, signature } = signatureOf(PLAN, 'retail');
  const draft = draftCommitment({ plan }, releaseOf(PLAN, PURCHASES, DAY), says, `${DAY}T10:00:00Z`);
  return { ...draft, algorithm, publicKey, signature, ...changed };
};
const said = (commitment: Commitment, heard: readonly Commitment[] = []) => ({
  id: 'e-1',
  account: RETAIL,
  source: 'barter.peer',
  'detail-type': 'Release Commitment',
  detail: { commitment, asks: false, heard },
});

test.each([
  ['prepared', 'final'],
  ['revoked', 'revoked'],
] as const)('a release that is %s is %s when its giver says that it is granted', async (before, after) => {
  const { registry, hear } = await openCommitted();
  const releases = registry.releases(PLAN.agreement.id);
  await releases.create(releaseOf(PLAN, PURCHASES, DAY, { state: before }));
  await hear(said(wordOf('granted')));
  expect(await releases.list()).toMatchObject([{ leg: PURCHASES, state: after }]);
  expect(await registry.decisions(PLAN.agreement.id).list()).toMatchObject([{ reason: 'agreed', leg: PURCHASES }]);
});

test('a release was given when it was first spoken of, however late it is granted', async () => {
  const { registry, hear } = await openRound();
  const { record, objects, value } = makeStoredRelease(PLAN, PLAN.legs.find(({ id }) => id === PURCHASES)!, DAY);
  const certificate: unknown = JSON.parse([...objects.values()].at(-1) ?? '');
  const tell = (says: Commitment['says']) => {
    const event = said(wordOf(says, draftCommitment({ plan }, { ...record, value }, says, `${DAY}T10:00:00Z`)));
    return hear({ ...event, detail: { ...event.detail, certificate } });
  };
  const given = async () => whenGiven(await registry.releases(PLAN.agreement.id).list(), PURCHASES, DAY);
  await tell('committed');
  const first = await given();
  expect(first).toBe((await registry.commitments(PLAN.agreement.id).read(DAY, PURCHASES, 'committed'))?.heardAt);
  await tell('granted');
  expect(await registry.releases(PLAN.agreement.id).list()).toMatchObject([{ state: 'final' }]);
  expect(await given()).toBe(first);
});

test('that a giver has said two things is told, once, whether what it says now is refused or was heard before', async () => {
  const other = wordOf('committed', { sha256: 'f'.repeat(64) });
  for (const event of [said(other), said(wordOf('granted'), [other])]) {
    const { registry, told, hear } = await openCommitted();
    await registry.commitments(PLAN.agreement.id).create({ ...wordOf('granted'), heardAt: `${DAY}T10:00:00Z` });
    await hear(event);
    await hear(event);
    expect(told).toEqual([{ agreement: PLAN.agreement.id, round: DAY }]);
    expect(await registry.equivocations(PLAN.agreement.id).list()).toHaveLength(1);
  }
});

/** Retail's account says that telco has committed to what telco gives. */
const forged = (id: string) => {
  const { algorithm, publicKey, signature } = signatureOf(PLAN, 'telco');
  const draft = draftCommitment({ plan }, releaseOf(PLAN, USAGE, '2026-03-01'), 'committed', '2026-03-01T10:00:00Z');
  return {
    id,
    account: RETAIL,
    source: 'barter.peer',
    'detail-type': 'Release Commitment',
    detail: { commitment: { ...draft, algorithm, publicKey, signature }, asks: false },
  };
};

test('what is refused is the refusal of whose account said it, whatever name it says it in', async () => {
  const { registry, lines, hear } = await openRoom();
  await hear(forged('e-1'));
  expect(await registry.decisions(PLAN.agreement.id).list()).toMatchObject([
    { effect: 'forbid', party: 'retail', leg: USAGE, reason: 'other-account' },
  ]);
  expect(JSON.stringify(lines)).toContain('"party":"retail"');
});

test('an account of no party is nobody', async () => {
  const { registry, hear } = await openRoom();
  await hear({ ...forged('e-1'), account: '888888888888' });
  const [decision] = await registry.decisions(PLAN.agreement.id).list();
  expect(decision).toMatchObject({ effect: 'forbid', reason: 'other-account' });
  expect(decision).not.toHaveProperty('party');
});

test('a partner that says what is refused again and again makes no record for each time', async () => {
  const { registry, items, hear } = await openRoom();
  const before = items.size;
  for (let time = 0; time < 1000; time += 1) await hear(forged(`e-${time}`));
  expect(items.size - before).toBe(101);
  expect(await registry.knocks(PLAN.agreement.id).list()).toMatchObject([{ slot: 'retail:other-account' }]);
});
