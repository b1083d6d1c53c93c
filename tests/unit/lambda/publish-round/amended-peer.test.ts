import type { Publisher } from '../../../../lambda/publish-round/publish-round';
import { publishRounds } from '../../../../lambda/publish-round/publish-rounds';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { draftCommitment } from '../../../../lib/domain/exchange/peers/commitment';
import { openRegistry, type Registry } from '../../../../lib/domain/registry/registry';
import { barePublisher } from '../../../fixtures/bare-publisher';
import { releaseOf, roundOf } from '../../../fixtures/conduct';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { believe, EARLY, NOTHING_MADE, signatureOf } from '../../../fixtures/registered';
import { makeRingPlan } from '../../../fixtures/sample-plan';

/* The telco's own room, in which an amendment comes into force while a round is open. */

const DAY = '2026-01-01';
const NOW = `${DAY}T12:00:00Z`;
const AGREEMENT = PLAN.agreement.id;
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
/** Worth twice as much to one as to the other: by the first version that goes out, by the second it does not. */
const WORTH = { [USAGE]: 100, [PURCHASES]: 50 };
const NEXT: Plan = {
  ...PLAN,
  agreement: { ...PLAN.agreement, version: PLAN.agreement.version + 1, content: 'c'.repeat(64) },
  fairness: { ...PLAN.fairness, outside: 'withhold' },
};
async function openAmended(next: Plan, promised: readonly string[], isApart: boolean, reason: string) {
  const registry = openRegistry(openMemoryStore().store);
  for (const version of [PLAN, next]) {
    const plan = planForSide(version, { kind: 'peer', party: 'telco' });
    await registerAgreement(registry, { hash: 'f'.repeat(64), plan, provisioned: NOTHING_MADE }, EARLY);
    for (const { id } of PLAN.parties)
      await signVersion(registry, signatureOf(version, id, version === PLAN ? {} : { at: NOW }), believe);
    if (version === PLAN) await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  }
  await registry.rounds(AGREEMENT).create(roundOf(PLAN, DAY, { state: 'open', ...(reason === '' ? {} : { reason }) }));
  for (const leg of [USAGE, ...promised]) {
    const own = leg === USAGE ? { sealed: NOW, place: '_escrow/a/' } : { place: '' };
    const by = isApart && leg === PURCHASES ? next : PLAN;
    const release = releaseOf(by, leg, DAY, { state: 'prepared', value: WORTH[leg] ?? 0, ...own });
    await registry.releases(AGREEMENT).create(release);
    if (!promised.includes(leg)) continue;
    const { algorithm, publicKey, signature } = signatureOf(PLAN, 'telco');
    const said = draftCommitment({ plan: planForSide(by, { kind: 'hosted' }) }, release, 'committed', NOW);
    await registry.commitments(AGREEMENT).create({ ...said, algorithm, publicKey, signature });
  }
  return registry;
}

async function amendedRoom(promised: readonly string[], isApart = false, reason = '') {
  const registry = await openAmended(NEXT, promised, isApart, reason);
  const known = await publish(registry, AGREEMENT);
  return {
    known,
    round: await registry.rounds(AGREEMENT).read(DAY),
    release: await registry.releases(AGREEMENT).read(DAY, USAGE),
  };
}

/** Answers why the round does not go out, as it is on record when a release of it is taken back. */
async function publish(
  registry: Registry,
  agreement: string,
  { now = NOW, broken }: { readonly now?: string; readonly broken?: Error } = {},
): Promise<readonly (string | undefined)[]> {
  const peers: Publisher['peers'] = {
    signer: () => Promise.reject(new Error('It is not there.')),
    send: async () => undefined,
    tellBreach: async () => undefined,
  };
  const publisher = barePublisher(registry, peers, () => now);
  const known: (string | undefined)[] = [];
  const revoke = async () => {
    if (broken) throw broken;
    known.push((await registry.rounds(agreement).read(DAY))?.reason);
    return true;
  };
  const channel = { ...publisher.place, revoke };
  await publishRounds({ detail: { agreement } }, { ...publisher, place: channel, exchange: channel });
  return known;
}

test('what it had sealed and never promised can be replaced again', async () => {
  const { round, release } = await amendedRoom([]);
  expect(round?.state).toBe('open');
  expect(release).toMatchObject({ state: 'prepared' });
  expect(release).not.toHaveProperty('sealed');
});

test('why it was to be taken back is gone where it is not any more, and it waits', async () => {
  const { round } = await amendedRoom([USAGE], false, `it was missed: version 2 has ${PURCHASES} no more`);
  expect(round?.state).toBe('open');
  expect(round).not.toHaveProperty('reason');
});

test('what all have promised goes out, and is fair or not by the version that they promised it under', async () => {
  const { round, release } = await amendedRoom([USAGE, PURCHASES]);
  expect([round?.state, round?.reason]).toEqual(['published', undefined]);
  expect(release).toMatchObject({ state: 'final', sealed: NOW, version: PLAN.agreement.version });
});

test('what was promised under two versions is taken back for that, which is on record before anything is', async () => {
  const { round, release, known } = await amendedRoom([USAGE, PURCHASES], true);
  const reason = `an amendment came between the promises: ${PURCHASES} under version 2, ${USAGE} under version 1`;
  expect([round?.state, release?.state, known]).toEqual(['withheld', 'revoked', [reason]]);
  expect(round?.reason).toBe(reason);
});

test('a leg that has fallen out and cannot be taken back keeps the round from nobody, however long', async () => {
  const without = { ...NEXT, fairness: PLAN.fairness, legs: PLAN.legs.filter(({ id }) => id !== USAGE) };
  const registry = await openAmended(without, [USAGE, PURCHASES], false, '');
  const look = async () => [
    (await registry.rounds(AGREEMENT).read(DAY))?.state,
    (await registry.rounds(AGREEMENT).read(DAY))?.reason,
    (await registry.releases(AGREEMENT).read(DAY, USAGE))?.state,
  ];
  const broken = Object.assign(new Error('There is no such revision.'), { $metadata: { httpStatusCode: 404 } });
  for (const now of [NOW, '2026-01-04T12:00:00Z']) {
    await expect(publish(registry, AGREEMENT, { now, broken })).rejects.toThrow();
    expect(await look()).toEqual(['publishing', undefined, 'prepared']);
  }
  await publish(registry, AGREEMENT, { now: '2026-01-04T13:00:00Z' });
  expect(await look()).toEqual(['published', undefined, 'revoked']);
});

test('where two others swap, it waits until the receiver there stands behind what was promised to it', async () => {
  const ring = makeRingPlan();
  const agreement = ring.agreement.id;
  const side = planForSide(ring, { kind: 'peer', party: 'telco' });
  const registry = openRegistry(openMemoryStore().store);
  await registerAgreement(registry, { hash: 'f'.repeat(64), plan: side, provisioned: NOTHING_MADE }, EARLY);
  for (const { id } of ring.parties) await signVersion(registry, signatureOf(ring, id), believe);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  await registry.rounds(agreement).create(roundOf(ring, DAY, { state: 'open' }));
  for (const { id, from } of ring.legs) {
    const release = releaseOf(ring, id, DAY, { state: 'prepared', value: 1 });
    await registry.releases(agreement).create(release);
    const { algorithm, publicKey, signature } = signatureOf(ring, from);
    const said = draftCommitment({ plan: side }, release, 'committed', NOW);
    await registry.commitments(agreement).create({ ...said, algorithm, publicKey, signature });
  }
  const stateOnce = async () => {
    await publish(registry, agreement);
    return (await registry.rounds(agreement).read(DAY))?.state;
  };
  expect(await stateOnce()).toBe('open');
  const between = side.elsewhere.map(({ id }) => id);
  expect(between).toHaveLength(1);
  await registry
    .commitments(agreement)
    .change([DAY, between[0]!, 'committed'], (word) => ({ ...word, acceptedAt: NOW }));
  expect(await stateOnce()).toBe('published');
});
