import { hearPeer } from '../../../../lambda/hear-peer/hear-peer';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import { sha256 } from '../../../../lib/audit/node-crypto';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { draftCommitment } from '../../../../lib/domain/exchange/peers/commitment';
import type { RecordStore } from '../../../../lib/domain/registry/record-store';
import { openRegistry, type Registry } from '../../../../lib/domain/registry/registry';
import type { Commitment } from '../../../../lib/domain/registry/round-records';
import { breakStore } from '../../../fixtures/break-store';
import { releaseOf, roundOf } from '../../../fixtures/conduct';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { recordLog } from '../../../fixtures/recorded-log';
import { believe, EARLY, NOTHING_MADE, signatureOf } from '../../../fixtures/registered';
import { makeRingPlan } from '../../../fixtures/sample-plan';

/* Each gives to the next. The clinic's room hears of the retailer what the telco has promised and granted to that one, and of the telco nothing. */

const DAY = '2026-03-01';
const ring = makeRingPlan();
const PLAN: Plan = { ...ring, legs: ring.legs.map((leg) => ({ ...leg, every: 'P1M' })) };
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const clinic = planForSide(PLAN, { kind: 'peer', party: 'clinic' });
const AGREEMENT = PLAN.agreement.id;
const NOW = `${DAY}T12:00:00.000Z`;

async function openRoom() {
  const { store } = openMemoryStore();
  const registry = openRegistry(store);
  await registerAgreement(registry, { hash: 'f'.repeat(64), plan: clinic, provisioned: NOTHING_MADE }, EARLY);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(PLAN, id), believe);
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  await registry.rounds(AGREEMENT).create(roundOf(PLAN, DAY, { state: 'open' }));
  return store;
}

const wordOf = (leg: string, says: Commitment['says'] = 'committed'): Commitment => {
  const draft = draftCommitment({ plan: clinic }, releaseOf(PLAN, leg, DAY, { value: 1 }), says, NOW);
  const { algorithm, publicKey, signature } = signatureOf(PLAN, draft.from);
  return { ...draft, algorithm, publicKey, signature };
};

async function hear(registry: Registry): Promise<void> {
  await hearPeer(
    {
      id: 'e-1',
      account: PLAN.parties.find(({ id }) => id === 'retail')?.account,
      source: 'barter.peer',
      'detail-type': 'Release Commitment',
      detail: { commitment: wordOf(PURCHASES), asks: false, heard: [wordOf(USAGE), wordOf(USAGE, 'granted')] },
    },
    {
      ...{ registry, record: openDoorRecorder(), verify: believe, sha256, log: recordLog().log },
      tell: async () => undefined,
      tellOfBreach: async () => undefined,
      now: () => NOW,
    },
  );
}

const last = async (store: RecordStore) => {
  const registry = openRegistry(store);
  const own = ({ leg }: { readonly leg?: string }) => leg === USAGE;
  return {
    words: (await registry.commitments(AGREEMENT).list())
      .filter(own)
      .map(({ says, acceptedAt = 'not accepted' }) => `${says} ${acceptedAt}`),
    decisions: (await registry.decisions(AGREEMENT).list()).filter(own).map(({ operation }) => operation),
    releases: (await registry.releases(AGREEMENT).list()).filter(own).map(({ state }) => state),
  };
};

test('what is passed on is kept whole, wherever the call that keeps it is broken off', async () => {
  const { broken: whole, count } = breakStore(await openRoom(), Number.POSITIVE_INFINITY, 'after');
  await hear(openRegistry(whole));
  const said = ['committed', 'granted'];
  const kept = {
    words: [`committed ${NOW}`, 'granted not accepted'],
    decisions: said.map((says) => `hear that a release is ${says}`),
    releases: ['final'],
  };
  expect(await last(whole)).toEqual(kept);
  const calls = count();
  expect(calls).toBeGreaterThan(10);
  for (let at = 1; at <= calls; at += 1)
    for (const when of ['before', 'after'] as const) {
      const store = await openRoom();
      await hear(openRegistry(breakStore(store, at, when).broken)).catch(() => undefined);
      await hear(openRegistry(store));
      expect({ at, when, ...(await last(store)) }).toEqual({ at, when, ...kept });
    }
});
