import { createHash } from 'node:crypto';
import { hearPeer } from '../../../../lambda/hear-peer/hear-peer';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { draftCommitment, writeCommitment } from '../../../../lib/domain/exchange/peers/commitment';
import { findEquivocation, judgeEquivocations } from '../../../../lib/domain/exchange/peers/find-equivocation';
import { NO_GRANTS_SEEN } from '../../../../lib/domain/exchange/peers/find-granted';
import { judgePeerRounds } from '../../../../lib/domain/exchange/peers/judge-peer-rounds';
import { listHeard } from '../../../../lib/domain/exchange/peers/list-heard';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import type { Commitment } from '../../../../lib/domain/registry/round-records';
import { verifySignature } from '../../../../lib/registry/verify-signature';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../../fixtures/conduct';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { signerOf } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { EARLY, NOTHING_MADE, signatureOf } from '../../../fixtures/registered';
import { makeParty } from '../../../fixtures/sample-plan';

/* Three rooms: the bank gives to the telco alone, and the retailer is a bystander of that leg. */

const DAY = '2026-03-01';
const bank = makeParty('bank', 'Bank', 7);
const [toRetail, toTelco] = TELCO_RETAIL_PLAN.legs as [Plan['legs'][number], Plan['legs'][number]];
const FROM_BANK = { ...toTelco, id: 'bank-telco-loans', from: 'bank', dataset: 'loans' };
const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  parties: [...TELCO_RETAIL_PLAN.parties, bank],
  legs: [toRetail, toTelco, FROM_BANK].map((leg) => ({ ...leg, every: 'P1M' })),
};
const telco = planForSide(PLAN, { kind: 'peer', party: 'telco' });
const conduct = conductOf(PLAN, [], { rounds: [roundOf(PLAN, DAY, { state: 'open' })] });

function say(value: number, changed: Partial<Commitment> = {}, leg = FROM_BANK.id, signer = 'bank'): Commitment {
  const draft = draftCommitment({ plan: telco }, releaseOf(PLAN, leg, DAY, { value }), 'committed', `${DAY}T10:00:00Z`);
  const { algorithm, publicKey, sign } = signerOf(signer);
  const said = { ...draft, ...changed, algorithm, publicKey, signature: '' };
  return { ...said, signature: sign(writeCommitment(said)) };
}
const forged = { ...say(1), value: 2 };

test('two words under two versions, each signed with the key that was held under it', () => {
  const KEY = 'the bank’s new key';
  const named = telco.parties.map((party) =>
    party.id === 'bank' ? { ...party, signingKey: signerOf(KEY).publicKey } : party,
  );
  const [version, content] = [PLAN.agreement.version + 1, 'c'.repeat(64)];
  const next = { ...telco, parties: named, agreement: { ...PLAN.agreement, version, content } };
  const from = `${DAY}T06:00:00.000Z`;
  const versions = [placedFor(PLAN, { to: from }), placedFor(next, { from })];
  const amended = conductOf(next, [], { versions, signatures: conductOf(PLAN).signatures });
  const find = (word: Commitment, known: Commitment) =>
    findEquivocation({ plan: next, conduct: amended }, word, [known], verifySignature);
  const under = (value: number, changed: Partial<Commitment> = {}) =>
    say(value, { version, content, ...changed }, FROM_BANK.id, KEY);
  const [before, after] = [say(100), under(100)];
  expect(find(before, after)?.words).toEqual([after, before]);
  expect(find(after, before)?.words).toEqual([before, after]);
  // What was promised may be granted under a later version; nothing else may.
  expect(find(under(100, { says: 'granted' }), before)).toBeUndefined();
  expect(find(under(1, { says: 'granted' }), before)).toBeDefined();
  expect(find(say(1, { version, content }), before)).toBeUndefined();
});

test.each<[string, Commitment, readonly Commitment[], boolean]>([
  ['another worth', say(1), [say(100)], true],
  ['another release', say(100, { sha256: 'f'.repeat(64) }), [say(100)], true],
  ['another certificate', say(100, { certificate: 'f'.repeat(64) }), [say(100)], true],
  ['a grant of something else', say(1, { says: 'granted' }), [say(100)], true],
  ['the same', say(100), [say(100)], false],
  ['the same, said at another time', say(100, { at: `${DAY}T11:00:00Z` }), [say(100)], false],
  ['a grant of what was committed', say(100, { says: 'granted' }), [say(100)], false],
  ['of another round', say(1, { round: '2026-04-01' }), [say(100)], false],
  ['of another leg', say(1, {}, toTelco.id, 'retail'), [say(100)], false],
  ['under another version', say(1, { version: 9 }), [say(100)], false],
  ['under other terms', say(1, { content: '0'.repeat(64) }), [say(100)], false],
  ['changed by whoever carried it', forged, [say(100)], false],
  ['signed by whoever carried it', say(1, {}, FROM_BANK.id, 'retail'), [say(100)], false],
  ['in the giver’s name, of a leg that it does not give', say(1, { leg: toTelco.id, from: 'bank' }), [say(100)], false],
  ['against one that was changed itself', say(1), [forged], false],
  ['where nothing is known', say(1), [], false],
])('two words: %s', (_, word, known, found) => {
  const equivocation = findEquivocation({ plan: telco, conduct }, word, known, verifySignature);
  expect(equivocation).toEqual(
    found
      ? { agreement: PLAN.agreement.id, round: DAY, leg: FROM_BANK.id, from: 'bank', words: [known[0], word] }
      : undefined,
  );
});

test('a room does not accuse its own party', () => {
  const own = planForSide(PLAN, { kind: 'peer', party: 'bank' });
  expect(findEquivocation({ plan: own, conduct }, say(1), [say(100)], verifySignature)).toBeUndefined();
});

describe('the giver is in breach, and an honest bystander is not', () => {
  const at = `${DAY}T12:00:00Z`;
  const equivocation = { agreement: PLAN.agreement.id, round: DAY, leg: FROM_BANK.id, from: 'bank', words: [], at };
  const said = [say(100), say(7, {}, toTelco.id, 'retail'), say(7, {}, toRetail.id, 'telco')];
  const LATE = '2026-03-03T00:00:00Z';

  test('for the two words', () => {
    expect(judgeEquivocations([equivocation], LATE)).toMatchObject([
      { breach: 'equivocation', party: 'bank', leg: FROM_BANK.id, round: DAY, since: at },
    ]);
  });

  test('nobody is accused of not granting in that round, and who was is cleared', () => {
    const judge = (equivocations: readonly (typeof equivocation)[], breaches = conduct.breaches) =>
      judgePeerRounds(
        { plan: telco, conduct: { ...conduct, breaches } },
        { commitments: said, equivocations },
        NO_GRANTS_SEEN,
        LATE,
      );
    const accused = judge([]).broken;
    expect(accused.map(({ party }) => party)).toEqual(['retail', 'bank']);
    expect(judge([equivocation])).toEqual({ broken: [], mended: [] });
    const [{ report } = { report: '' }] = accused;
    const known = [breachOf(PLAN, { kind: 'committed-not-granted', report, party: 'retail', round: DAY })];
    expect(judge([equivocation], known)).toEqual({ broken: [], mended: [{ report, at }] });
  });
});

describe('what rooms pass on', () => {
  async function openRoom(plan = telco, known: readonly Commitment[] = [say(100)]) {
    const registry = openRegistry(openMemoryStore().store);
    await registerAgreement(registry, { hash: 'f'.repeat(64), plan, provisioned: NOTHING_MADE }, EARLY);
    for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(PLAN, id), verifySignature);
    await registry.current(PLAN.agreement.id).change([], (current) => ({ ...current, state: 'active' }));
    expect((await readConduct(registry, PLAN.agreement.id))?.conduct.state).toBe('active');
    const told: unknown[] = [];
    const hear = (commitment: Commitment, account: string, heard: readonly Commitment[]) =>
      hearPeer(
        {
          id: `e-${told.length}-${heard.length}`,
          account,
          source: 'barter.peer',
          'detail-type': 'Release Commitment',
          detail: { commitment, asks: false, heard },
        },
        {
          registry,
          record: openDoorRecorder(),
          verify: verifySignature,
          sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
          tell: async (heardOf) => void told.push(heardOf),
          tellOfBreach: async () => undefined,
          now: () => `${DAY}T12:00:00.000Z`,
          log: recordLog().log,
        },
      );
    for (const word of known) await registry.commitments(PLAN.agreement.id).create(word);
    return { registry, hear, told };
  }
  const retail = PLAN.parties.find(({ id }) => id === 'retail')!.account;
  const bystander = say(7, {}, toTelco.id, 'retail');

  test('a bystander’s word with what the giver said to it is evidence, kept once', async () => {
    const { registry, hear, told } = await openRoom();
    for (let time = 0; time < 3; time += 1) await hear(bystander, retail, [say(1), say(2)]);
    const kept = await registry.equivocations(PLAN.agreement.id).list();
    expect(kept).toMatchObject([{ from: 'bank', words: [{ value: 100 }, { value: 1 }] }]);
    expect(told.length).toBe(1);
  });

  test.each([
    ['the true word alone', [say(100)]],
    ['the lie alone', [say(1)]],
    ['neither', []],
  ])('a bystander that has heard both passes both on, and who has heard %s finds out', async (_, known) => {
    const between = await openRoom(planForSide(PLAN, { kind: 'peer', party: 'retail' }));
    // The true word is on record already; the lie is refused, and kept beside it.
    await between.hear(say(1), bank.account, []);
    const [said, twice] = await Promise.all([
      between.registry.commitments(PLAN.agreement.id).list(),
      between.registry.equivocations(PLAN.agreement.id).list(),
    ]);
    const retailer = planForSide(PLAN, { kind: 'peer', party: 'retail' });
    expect(listHeard(retailer, said, [], DAY).map(({ value }) => value)).toEqual([100]);
    // What it gives itself it says itself.
    expect(listHeard(retailer, [...said, { ...said[0]!, leg: toTelco.id }], [], DAY)).toHaveLength(1);
    const passed = listHeard(retailer, said, twice, DAY);
    expect(passed).toEqual([say(100), say(1)]);
    expect(listHeard(retailer, said, twice, '2026-04-01')).toEqual([]);
    const { registry, hear } = await openRoom(telco, known);
    await hear(bystander, retail, passed);
    const [found] = await registry.equivocations(PLAN.agreement.id).list();
    expect(found).toMatchObject({ from: 'bank', leg: FROM_BANK.id });
    expect(found?.words.map(({ value }) => value).sort()).toEqual([1, 100]);
  });

  test('that its receiver stands behind a word is told, though it was heard before, and once', async () => {
    const granted = say(3, { says: 'granted' }, toRetail.id, 'telco');
    const known = [say(100), say(3, {}, toRetail.id, 'telco'), granted];
    const { registry, hear, told } = await openRoom(planForSide(PLAN, { kind: 'peer', party: 'retail' }), known);
    const account = PLAN.parties.find(({ id }) => id === 'telco')!.account;
    await hear(granted, account, []);
    expect(told).toEqual([]);
    for (let time = 0; time < 2; time += 1) await hear(granted, account, [say(100)]);
    expect(told).toEqual([{ agreement: PLAN.agreement.id, round: DAY }]);
    const kept = await registry.commitments(PLAN.agreement.id).read(DAY, FROM_BANK.id, 'committed');
    expect(kept?.acceptedAt).toBe(`${DAY}T12:00:00.000Z`);
    expect((await registry.decisions(PLAN.agreement.id).list()).map(({ reason }) => reason)).toEqual([]);
  });

  test('that a leg is granted too; of who has said two things no more than both', () => {
    const retailer = planForSide(PLAN, { kind: 'peer', party: 'retail' });
    const said = [say(100), say(100, { says: 'granted' })];
    expect(listHeard(retailer, said, [], DAY)).toEqual(said);
    const twice = { round: DAY, leg: FROM_BANK.id, words: [say(100), say(1)] };
    expect(listHeard(retailer, said, [twice], DAY)).toEqual(twice.words);
  });

  const GRANTED = { says: 'granted' } as const;

  /* Of what the bank grants to the telco, and says to the telco alone, the retailer’s room hears by whoever carries it. */
  test.each<[string, Commitment, string, readonly Commitment[], boolean]>([
    ['its receiver', say(100, GRANTED), 'telco', [say(100)], true],
    ['who gave it', say(100, GRANTED), 'bank', [say(100)], true],
    ['its receiver, with what was promised', say(100, GRANTED), 'telco', [], true],
    ['its receiver, otherwise than it was promised', say(1, GRANTED), 'telco', [say(100)], false],
    [
      'its receiver, changed on the way',
      { ...say(100, GRANTED), at: `${DAY}T11:00:00.000Z` },
      'telco',
      [say(100)],
      false,
    ],
    ['its receiver, in its own name', say(100, GRANTED, FROM_BANK.id, 'telco'), 'telco', [say(100)], false],
    ['its receiver, of another round', say(100, { ...GRANTED, round: '2026-02-01' }), 'telco', [say(100)], false],
    ['its receiver, of a leg to whom it is told', say(7, GRANTED, toRetail.id, 'telco'), 'telco', [say(100)], false],
  ])('a grant is known by %s', async (_, granted, by, known, isKept) => {
    const { registry, hear } = await openRoom(planForSide(PLAN, { kind: 'peer', party: 'retail' }), known);
    const { account } = PLAN.parties.find(({ id }) => id === by)!;
    const own = by === 'bank' ? say(100) : say(3, {}, toRetail.id, 'telco');
    await hear(own, account, [...(known.length === 0 ? [say(100)] : []), granted]);
    const words = await registry.commitments(PLAN.agreement.id).list();
    expect(words.some(({ says, leg }) => says === 'granted' && leg === granted.leg)).toBe(isKept);
  });

  test('what it passes on is no commitment here: that its giver says itself', async () => {
    const { registry, hear } = await openRoom();
    const of = async () => (await registry.commitments(PLAN.agreement.id).list()).map(({ leg }) => leg);
    await hear(bystander, retail, [say(100), bystander]);
    expect(await of()).toEqual([FROM_BANK.id]);
    expect(await registry.equivocations(PLAN.agreement.id).list()).toEqual([]);
  });
});
