import picocolors from 'picocolors';
import { sha256 } from '../../../lib/audit/node-crypto';
import { describeRoomStatus } from '../../../lib/cli/describe/describe-room-status';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { showAgreement } from '../../../lib/domain/enforcement/api/answers/show-agreement';
import { statusSchema } from '../../../lib/domain/enforcement/api/api-schemas';
import { overruleBreach } from '../../../lib/domain/enforcement/breaches/overrule-breach';
import { listLetters } from '../../../lib/domain/enforcement/letters/list-letters';
import { pauseAgreement } from '../../../lib/domain/enforcement/words/pause-agreement';
import { entitlementsAt } from '../../../lib/domain/exchange/entitlements/entitlements-at';
import { NO_GRANTS_SEEN } from '../../../lib/domain/exchange/peers/find-granted';
import { judgePeerRounds } from '../../../lib/domain/exchange/peers/judge-peer-rounds';
import { writeToldBreach } from '../../../lib/domain/exchange/peers/told-breach';
import { judgeDeliveries } from '../../../lib/domain/exchange/rounds/judge-deliveries';
import type { BreachRecord, ToldBreach } from '../../../lib/domain/registry/conduct-records';
import type { CommitmentRecord } from '../../../lib/domain/registry/round-records';
import { breachOf, releaseOf, roundOf } from '../../fixtures/conduct';
import { signerOf } from '../../fixtures/party-keys';
import { openPeerRegistries, type PeerRegistries, putAs } from '../../fixtures/peer-registries';
import { planSwaps } from '../../fixtures/swaps-of-four';

/*
 * pamber's room finds that pbirch has reshared what pamber gave. pcedar swaps with both, and pdelta gives to pamber alone and gets
 * from pbirch: a ring with the two.
 */

const DAY = '2026-01-01';
const FOUND = '2026-01-03T10:00:00.000Z';
const TOLD = '2026-01-03T10:15:00.000Z';
const LATER = '2026-01-04T12:00:00.000Z';
const PAIRS = [
  [0, 1],
  [1, 0],
  [0, 2],
  [2, 0],
  [1, 2],
  [2, 1],
  [3, 0],
  [1, 3],
] as const;
const swaps = planSwaps(PAIRS);
const PLAN: Plan = {
  ...swaps,
  term: { ...swaps.term, starts: DAY, ends: '2026-12-31' },
  legs: swaps.legs.map((leg) => ({ ...leg, via: { kind: 'sftp' }, every: 'P1Y', retain: 'P1Y' })),
  remedies: [
    { on: 'resharing', do: 'suspend-party' },
    { on: 'resharing', after: 'P2D', do: 'terminate' },
    { on: 'late-delivery', do: 'suspend-party' },
    { on: 'forbidden-access', do: 'warn' },
  ],
};
const AGREEMENT = PLAN.agreement.id;
const legOf = (from: string, to: string) => PLAN.legs.find((leg) => leg.from === from && leg.to === to)!.id;
const accountOf = (party: string) => PLAN.parties.find(({ id }) => id === party)!.account;

const RESHARED = breachOf(PLAN, {
  report: 'resharing:pbirch:1',
  kind: 'resharing',
  trigger: 'resharing',
  party: 'pbirch',
  leg: legOf('pamber', 'pbirch'),
  since: FOUND,
});
const took = (...measures: readonly BreachRecord['taken'][number]['do'][]): BreachRecord => ({
  ...RESHARED,
  taken: measures.map((measure) => ({ do: measure, party: 'pbirch', clause: 'remedies[0]', at: FOUND })),
});

let rooms: PeerRegistries;
beforeEach(async () => {
  rooms = await openPeerRegistries(PLAN);
});

const find = (breach: BreachRecord, party = 'pamber') => rooms.of(party).registry.breaches(AGREEMENT).create(breach);
/** As every quarter of an hour. */
async function pass(now = TOLD, ...tellers: readonly string[]) {
  for (const party of tellers.length === 0 ? ['pamber'] : tellers) await rooms.of(party).tell(now);
  await rooms.deliver(now);
}

/** All have promised what the round has, and all have given it out in their own rooms, as far as they let it. */
async function promise(party: string): Promise<readonly CommitmentRecord[]> {
  const { registry } = rooms.of(party);
  await registry.rounds(AGREEMENT).create(roundOf(PLAN, DAY));
  for (const { id } of PLAN.legs) await registry.releases(AGREEMENT).create(releaseOf(PLAN, id, DAY));
  const { algorithm, publicKey, sign } = signerOf(party);
  return PLAN.legs.map(({ id: leg, from }) => ({
    ...{
      agreement: AGREEMENT,
      version: PLAN.agreement.version,
      content: PLAN.agreement.content,
      round: DAY,
      leg,
      from,
    },
    ...{ says: 'committed' as const, sha256: 'a1'.repeat(32), certificate: 'b2'.repeat(32), value: 1 },
    ...{
      algorithm,
      publicKey,
      signature: sign(new Uint8Array()),
      at: `${DAY}T12:00:00.000Z`,
      heardAt: `${DAY}T12:00:00.000Z`,
    },
    acceptedAt: `${DAY}T12:00:00.000Z`,
  }));
}

/** Whom a room finds to owe a grant, where nothing came but what these have granted. */
async function accused(party: string, now: string) {
  const commitments = await promise(party);
  const { broken } = judgePeerRounds(
    await rooms.of(party).on(),
    { commitments, equivocations: [] },
    NO_GRANTS_SEEN,
    now,
  );
  return broken.map(({ party: of, leg }) => `${of} ${leg}`).sort();
}

async function granted(party: string, now: string) {
  await promise(party);
  const { plan, conduct } = await rooms.of(party).on();
  return entitlementsAt(plan, conduct, now).map(({ leg, effect, reason, clause }) => [leg, effect, reason, clause]);
}
const agreed = (from: string, to: string) => {
  const leg = legOf(from, to);
  return [leg, 'grant', 'agreed', `legs.${leg}`];
};
const held = (from: string, to: string) => [legOf(from, to), 'withhold', 'party-suspended', 'remedies[0]'];

describe('a breach that one room finds', () => {
  test('is on record in every other as its word, once, and is no breach there', async () => {
    await find(took('suspend-party'));
    for (let time = 0; time < 3; time += 1) await pass();
    for (const party of ['pbirch', 'pcedar', 'pdelta']) {
      const { registry, looks } = rooms.of(party);
      expect(await registry.toldBreaches(AGREEMENT).list()).toMatchObject([
        {
          from: 'pamber',
          party: 'pbirch',
          kind: 'resharing',
          measures: ['suspend-party'],
          state: 'stands',
          heardAt: TOLD,
        },
      ]);
      expect(await registry.breaches(AGREEMENT).list()).toEqual([]);
      expect(looks).toEqual([AGREEMENT]);
      expect(await registry.decisions(AGREEMENT).list()).toMatchObject([
        { effect: 'permit', operation: 'hear of a breach', party: 'pamber', reason: 'agreed' },
      ]);
    }
  });

  test('is told to the party of each other room by letter, with who says so, and what follows', async () => {
    await find(took('suspend-party'));
    await pass();
    const letters = async (party: string) => {
      const on = await rooms.of(party).on();
      const reasons = { erasures: [], refusals: [], problems: [], history: [] };
      return listLetters(on, reasons, TOLD).filter(({ id }) => id.startsWith('told:'));
    };
    const [toAccused, ...others] = await letters('pbirch');
    expect(others).toEqual([]);
    expect(toAccused?.to.every((each) => each.startsWith('pbirch:'))).toBe(true);
    expect(toAccused?.subject).toContain('pamber says: resharing by pbirch');
    expect(toAccused?.text).toContain('pamber and pbirch give each other nothing');
    const [toOther] = await letters('pcedar');
    expect(toOther?.text).toContain('There it led to: suspend-party.');
    expect(await letters('pamber')).toEqual([]);
    // Who has it on record has a letter about that.
    await find({ ...RESHARED, report: 'told-by-pamber' }, 'pcedar');
    expect(await letters('pcedar')).toEqual([]);
    // One that was answered here says nothing of what follows by the other's word.
    const overruled = { by: 'pdelta', at: LATER, reason: 'it was another' };
    await rooms
      .of('pcedar')
      .registry.breaches(AGREEMENT)
      .change(['told-by-pamber'], (each) => ({ ...each, overruled }));
    expect(await letters('pcedar')).toHaveLength(1);
  });

  test('is told by the room to its own party, to who says it and whom it is about, and to nobody else', async () => {
    await find(took('suspend-party'));
    await pass();
    const on = await rooms.of('pcedar').on();
    const { registry } = rooms.of('pcedar');
    const show = (party: string) =>
      showAgreement({ ...on, agreement: AGREEMENT, own: new Set(), party, parts: { registry, sha256 }, now: TOLD });
    const counts = await Promise.all(PLAN.parties.map(async ({ id }) => (await show(id)).told?.length));
    expect(counts).toEqual([1, 1, 1, 0]);
    const shown = await show('pcedar');
    const comparison = { version: 1, isInForce: true, differing: [] };
    const text = describeRoomStatus(statusSchema.parse(shown), comparison, picocolors.createColors(false));
    expect(text).toContain(
      `pamber says: resharing by pbirch (${RESHARED.leg}) since 2026-01-03T10:00Z, in its room stands: suspend-party`,
    );
  });

  test('and withholds something for, is a word that both keep to: neither gets what the other gives, neither is late', async () => {
    const inVain = ['pamber', 'pcedar'].map((from) => `${from} ${legOf(from, 'pbirch')}`);
    expect(await accused('pbirch', LATER)).toEqual(inVain);
    await find(took('suspend-party'));
    await pass();
    expect(await accused('pbirch', LATER)).toEqual([inVain[1]]);
    expect(await granted('pbirch', LATER)).toEqual([
      held('pbirch', 'pamber'),
      agreed('pbirch', 'pcedar'),
      agreed('pbirch', 'pdelta'),
    ]);
    // Who stands by gives to both.
    expect(await granted('pcedar', LATER)).toEqual([agreed('pcedar', 'pamber'), agreed('pcedar', 'pbirch')]);
    expect(await accused('pamber', LATER)).toEqual(
      ['pcedar', 'pdelta'].map((from) => `${from} ${legOf(from, 'pamber')}`),
    );
  });

  test('until it is overruled there, which is told too', async () => {
    await find(took('suspend-party'));
    await pass('2026-01-02T06:00:00.000Z');
    const { registry } = rooms.of('pamber');
    await overruleBreach(registry, AGREEMENT, RESHARED.report, { by: 'pamber', at: LATER, reason: 'a test bucket' });
    await pass(LATER);
    const [word] = await rooms.of('pbirch').registry.toldBreaches(AGREEMENT).list();
    expect([word?.state, word?.heardAt]).toEqual(['overruled', LATER]);
    // A quarter of an hour longer: else a second word would begin after a while in which something was given.
    const end = Date.parse(LATER) + 15 * 60_000;
    const before = new Date(end - 1).toISOString();
    expect((await granted('pbirch', before))[0]).toEqual(held('pbirch', 'pamber'));
    expect(await accused('pamber', before)).not.toContain(`pbirch ${legOf('pbirch', 'pamber')}`);
    expect((await granted('pbirch', new Date(end).toISOString()))[0]).toEqual(agreed('pbirch', 'pamber'));
    // Whoever withheld has what was left of its day: six hours.
    const [inVain, dayAfter] = [`pamber ${legOf('pamber', 'pbirch')}`, '2026-01-04T18:15:00.000Z'];
    expect(await accused('pbirch', '2026-01-04T18:14:59.000Z')).not.toContain(inVain);
    expect(await accused('pbirch', dayAfter)).toContain(inVain);
    const back = `pbirch ${legOf('pbirch', 'pamber')}`;
    expect(await accused('pamber', '2026-01-04T18:14:59.000Z')).not.toContain(back);
    expect(await accused('pamber', dayAfter)).toContain(back);
  });

  test('and was overruled is no reason there to withhold, though that was not told yet', async () => {
    await find(took('suspend-party'));
    await pass();
    expect((await granted('pamber', LATER))[0]).toEqual(held('pamber', 'pbirch'));
    const { registry } = rooms.of('pamber');
    await overruleBreach(registry, AGREEMENT, RESHARED.report, { by: 'pamber', at: LATER, reason: 'a test bucket' });
    expect((await granted('pamber', LATER))[0]).toEqual(agreed('pamber', 'pbirch'));
    expect(await accused('pamber', LATER)).not.toContain(`pbirch ${legOf('pbirch', 'pamber')}`);
  });

  test('until the other has it on record itself: then it gives, and gets nothing, as the agreement says', async () => {
    await find(took('suspend-party'));
    await pass();
    const { leg: _, ...ofNoLeg } = RESHARED;
    await find({ ...ofNoLeg, report: 'of-another', party: 'pcedar' }, 'pbirch');
    expect((await granted('pbirch', LATER))[0]).toEqual(held('pbirch', 'pamber'));
    await find({ ...ofNoLeg, report: 'told-by-pamber' }, 'pbirch');
    expect((await granted('pbirch', LATER))[0]).toEqual(agreed('pbirch', 'pamber'));
    expect(await accused('pbirch', LATER)).toEqual([]);
    const overruled = { by: 'pdelta', at: LATER, reason: 'it was another' };
    await rooms
      .of('pbirch')
      .registry.breaches(AGREEMENT)
      .change(['told-by-pamber'], (each) => ({ ...each, overruled }));
    expect((await granted('pbirch', LATER))[0]).toEqual(held('pbirch', 'pamber'));
  });

  test('holds nothing before a remedy has followed there', async () => {
    await find(RESHARED);
    await pass();
    expect((await rooms.of('pbirch').registry.toldBreaches(AGREEMENT).list())[0]?.measures).toEqual([]);
    expect((await granted('pbirch', LATER))[0]).toEqual(agreed('pbirch', 'pamber'));
  });

  test('holds nothing where the other gives the accuser nothing, nor where the breach ends by giving', async () => {
    const accuse = (kind: BreachRecord['kind'], trigger: BreachRecord['trigger'], party: string, leg: string) =>
      find({ ...took('suspend-party'), report: `${kind}:${party}`, kind, trigger, party, leg });
    // pdelta gets from pbirch, and gives it nothing.
    await rooms
      .of('pbirch')
      .registry.breaches(AGREEMENT)
      .create({
        ...took('suspend-party'),
        party: 'pdelta',
        leg: legOf('pbirch', 'pdelta'),
      });
    await accuse('late-delivery', 'late-delivery', 'pcedar', legOf('pcedar', 'pamber'));
    await pass(TOLD, 'pamber', 'pbirch');
    expect((await rooms.of('pdelta').registry.toldBreaches(AGREEMENT).list()).map(({ from }) => from)).toEqual([
      'pamber',
      'pbirch',
    ]);
    expect(await accused('pdelta', LATER)).toEqual([`pbirch ${legOf('pbirch', 'pdelta')}`]);
    expect(await granted('pdelta', LATER)).toEqual([agreed('pdelta', 'pamber')]);
    expect(await granted('pcedar', LATER)).toEqual([agreed('pcedar', 'pamber'), agreed('pcedar', 'pbirch')]);
    expect(await accused('pcedar', LATER)).toContain(`pamber ${legOf('pamber', 'pcedar')}`);
  });

  test('holds where it is an act, as two words are, though remedies take it for a late delivery', async () => {
    const [kind, trigger, leg] = ['equivocation', 'late-delivery', legOf('pbirch', 'pamber')] as const;
    await find({ ...took('suspend-party'), kind, trigger, leg });
    await pass();
    const [first] = await granted('pbirch', LATER);
    expect(first?.slice(0, 3)).toEqual([leg, 'withhold', 'party-suspended']);
  });

  test('that has ended the agreement there has it stand still in the others by that party alone, once', async () => {
    await find(took('suspend-party'));
    await pass();
    await rooms
      .of('pamber')
      .registry.breaches(AGREEMENT)
      .change([RESHARED.report], () => took('suspend-party', 'terminate'));
    await pass(LATER);
    for (const party of ['pbirch', 'pcedar', 'pdelta']) {
      const on = await rooms.of(party).on();
      expect([on.current.state, on.conduct.holders]).toEqual(['suspended', ['pamber']]);
      expect(on.current.history.at(-1)).toMatchObject({ by: 'pamber', act: 'suspend', at: LATER });
      expect(on.current.history.at(-1)?.reason).toContain(
        'a remedy has ended it in the room of pamber: resharing by pbirch',
      );
      // pamber gives nothing any more, and is not late for it.
      expect(judgeDeliveries(on.plan, on.conduct, '2026-01-09T00:00:00Z').overdue).toEqual([]);
    }
    const { current } = rooms.of('pcedar').registry;
    await current(AGREEMENT).change([], (each) => ({ ...each, state: 'active' }));
    await pass('2026-01-06T12:00:00.000Z');
    expect((await rooms.of('pcedar').on()).current.state).toBe('active');
    // Nor by what else is said of the same breach.
    const { registry } = rooms.of('pamber');
    const at = '2026-01-06T13:00:00.000Z';
    await overruleBreach(registry, AGREEMENT, RESHARED.report, { by: 'pamber', at, reason: 'a test bucket' });
    await pass(at);
    expect((await rooms.of('pcedar').registry.toldBreaches(AGREEMENT).list())[0]?.state).toBe('overruled');
    expect((await rooms.of('pcedar').on()).current.state).toBe('active');
  });
});

test('that has ended it there has it stand still, though that party has used up its words of the day here', async () => {
  const { registry } = rooms.of('pbirch');
  for (let hour = 0; hour < 10; hour += 1) {
    const word = { act: hour % 2 === 0 ? 'suspend' : 'resume', by: 'pamber', reason: 'a leak' } as const;
    await pauseAgreement(registry, AGREEMENT, { ...word, at: `2026-01-04T0${hour}:00:00.000Z` });
  }
  await find(took('suspend-party', 'terminate'));
  await pass(LATER);
  const { current, conduct } = await rooms.of('pbirch').on();
  expect([current.state, conduct.holders]).toEqual(['suspended', ['pamber']]);
  await expect(
    pauseAgreement(registry, AGREEMENT, {
      act: 'resume',
      by: 'pamber',
      reason: 'sealed',
      at: '2026-01-04T13:00:00.000Z',
    }),
  ).rejects.toThrow('10 times on that day');
});

describe('what is told', () => {
  const sent = () => rooms.waiting.splice(0).map(({ to }) => to);
  const toAll = ['pbirch', 'pcedar', 'pdelta'];

  test('has the other rooms look at what they grant once, however often it is said', async () => {
    await find(took('suspend-party'));
    await pass(TOLD);
    for (const hour of ['11', '12', '13']) await pass(`2026-01-03T${hour}:15:00.000Z`);
    await pass(LATER);
    for (const party of toAll) expect(rooms.of(party).looks).toEqual([AGREEMENT]);
  });

  test('has them look again where the call that kept it may have ended before it told the room', async () => {
    await find(took('suspend-party'));
    await rooms.of('pamber').tell(TOLD);
    rooms.waiting.push(...rooms.waiting);
    await rooms.deliver(TOLD);
    for (const party of toAll) expect(rooms.of(party).looks).toEqual([AGREEMENT, AGREEMENT]);
  });

  test('is told again each hour for a day, then each day while it stands, and for a week after it is over', async () => {
    await find(took('suspend-party'));
    const tellAt = async (now: string) => {
      await rooms.of('pamber').tell(now);
      return sent();
    };
    expect(await tellAt('2026-01-03T10:15:00.000Z')).toEqual(toAll);
    expect(await tellAt('2026-01-03T11:14:00.000Z')).toEqual([]);
    expect(await tellAt('2026-01-03T11:15:00.000Z')).toEqual(toAll);
    expect(await tellAt('2026-01-04T10:14:59.000Z')).toEqual(toAll);
    expect(await tellAt('2026-01-05T10:14:00.000Z')).toEqual([]);
    expect(await tellAt('2026-01-05T10:15:00.000Z')).toEqual(toAll);
    expect(await tellAt('2026-02-04T10:15:00.000Z')).toEqual(toAll);
    await rooms
      .of('pamber')
      .registry.breaches(AGREEMENT)
      .change([RESHARED.report], (each) => ({
        ...each,
        resolvedAt: '2026-02-05T10:00:00.000Z',
      }));
    expect(await tellAt('2026-02-05T10:00:00.000Z')).toEqual(toAll);
    expect(await tellAt('2026-02-05T11:00:00.000Z')).toEqual(toAll);
    expect(await tellAt('2026-02-11T10:00:00.000Z')).toEqual(toAll);
    expect(await tellAt('2026-02-12T10:00:00.000Z')).toEqual([]);
  });

  test('waits for a bus that does not take it, and goes to the others', async () => {
    await find(took('suspend-party'));
    rooms.deaf.add('pbirch');
    await expect(rooms.of('pamber').tell(TOLD)).rejects.toThrow('Not told of a breach: pbirch.');
    expect(sent()).toEqual(['pcedar', 'pdelta']);
    rooms.deaf.clear();
    await rooms.of('pamber').tell(TOLD);
    expect(sent()).toEqual(toAll);
    await rooms.of('pamber').tell(TOLD);
    expect(sent()).toEqual([]);
  });

  test('that stands goes out before one that is over', async () => {
    await find({ ...took('suspend-party'), report: 'a' });
    await rooms.of('pamber').tell(TOLD);
    sent();
    await find({ ...took('suspend-party'), report: 'b' });
    await overruleBreach(rooms.of('pamber').registry, AGREEMENT, 'a', { by: 'pamber', at: TOLD, reason: 'the other' });
    await rooms.of('pamber').tell(LATER);
    const said = rooms.waiting.splice(0).map(({ event }) => `${event.detail.report} ${event.detail.state}`);
    expect([...new Set(said)]).toEqual(['b stands', 'a overruled']);
  });

  test('is nothing of its own party, of nobody, or of what was answered before', async () => {
    await find({ ...RESHARED, report: 'own', party: 'pamber' });
    const { party: _, ...nobody } = RESHARED;
    await find({ ...nobody, report: 'nobody' });
    await find({ ...RESHARED, report: 'former', party: 'peast' });
    await find({ ...RESHARED, report: 'over', resolvedAt: FOUND });
    await find({ ...RESHARED, report: 'overruled', overruled: { by: 'pamber', at: FOUND, reason: 'none' } });
    await rooms.of('pamber').tell(TOLD);
    expect(sent()).toEqual([]);
  });
});

describe('what is refused', () => {
  const { algorithm, publicKey, sign } = signerOf('pamber');
  const word = (changed: Partial<ToldBreach> = {}, by = { publicKey, sign }): ToldBreach => {
    const { report, kind, leg, since } = RESHARED;
    const { version, content } = PLAN.agreement;
    const about = { report, kind, party: 'pbirch', ...(leg === undefined ? {} : { leg }), since };
    const draft = { agreement: AGREEMENT, version, content, from: 'pamber', ...about, measures: [], at: TOLD };
    const said = { ...draft, state: 'stands' as const, ...changed };
    return { ...said, algorithm, publicKey: by.publicKey, signature: by.sign(writeToldBreach(said)) };
  };
  const hear = async (...words: readonly ToldBreach[]) => {
    const { registry, hear: listen } = rooms.of('pcedar');
    for (const [at, told] of words.entries()) await listen(putAs(accountOf('pamber'), told, `e-${at}`), TOLD);
    const decisions = await registry.decisions(AGREEMENT).list();
    return {
      reasons: decisions.map(({ effect, reason }) => `${effect} ${reason}`),
      kept: await registry.toldBreaches(AGREEMENT).list(),
    };
  };

  test.each<[string, string, ToldBreach]>([
    ['a word that was changed on the way', 'not-genuine', { ...word(), party: 'pdelta' }],
    ['one signed with another key', 'other-key', word({}, signerOf('pbirch'))],
    ['one in another party’s name', 'other-account', word({ from: 'pdelta' })],
    ['one of other terms', 'other-version', word({ content: '0'.repeat(64) })],
    ['one of a time to come', 'ahead-of-time', word({ at: '2026-01-03T10:31:00.000Z' })],
    ['one about nobody', 'unknown-party', word({ party: 'peast' })],
    ['one about itself', 'unknown-party', word({ party: 'pamber' })],
    ['one that takes what is not agreed', 'no-remedy', word({ measures: ['revoke'] })],
  ])('%s: %s', async (_, reason, told) => {
    expect(await hear(told)).toEqual({ reasons: [`forbid ${reason}`], kept: [] });
    expect(rooms.of('pcedar').looks).toEqual([]);
  });

  test.each([
    ['was over before it was ever heard to stand', false],
    ['stood for a minute, each day', true],
  ])('a word of what %s gives nobody another day', async (_, stood) => {
    const inVain = `pamber ${legOf('pamber', 'pbirch')}`;
    const listen = (told: ToldBreach) =>
      rooms.of('pbirch').hear(putAs(accountOf('pamber'), told, `e-${told.at}`), told.at);
    for (const day of ['2026-01-01', '2026-01-02', '2026-01-03']) {
      const said = { report: `resharing:${day}`, measures: ['suspend-party' as const] };
      if (stood) await listen(word({ ...said, at: `${day}T13:00:00.000Z` }));
      await listen(word({ ...said, state: 'over', at: `${day}T13:01:00.000Z` }));
    }
    const due = stood ? '2026-01-02T12:16:00.000Z' : '2026-01-02T12:00:00.000Z';
    expect(await accused('pbirch', new Date(Date.parse(due) - 1).toISOString())).not.toContain(inVain);
    expect(await accused('pbirch', due)).toContain(inVain);
    await listen(word({ report: 'resharing:2026-01-01', measures: ['suspend-party'], state: 'overruled', at: LATER }));
    expect(await accused('pbirch', due)).toContain(inVain);
  });

  test('of a breach that it has said was over, that it stands; and what it says otherwise than before', async () => {
    const over = word({ state: 'over', measures: ['suspend-party'] });
    const after = (changed: Partial<ToldBreach>) =>
      word({ measures: ['suspend-party'], at: '2026-01-03T10:20:00.000Z', ...changed });
    const changes: readonly Partial<ToldBreach>[] = [
      { state: 'stands' },
      { state: 'overruled', measures: [] },
      { state: 'overruled', party: 'pdelta' },
      { state: 'overruled', kind: 'over-quota', measures: [] },
      { state: 'overruled', since: EARLIER },
    ];
    const { reasons, kept } = await hear(over, ...changes.map(after), word({ at: EARLIER }));
    expect(reasons.slice(1)).toEqual(changes.map(() => 'forbid contradicts'));
    expect(kept).toMatchObject([{ state: 'over', at: TOLD }]);
  });
  const EARLIER = '2026-01-03T10:10:00.000Z';

  test('two words of one breach that are heard at once lose nothing of how long it was known to stand', async () => {
    const { registry, hear: listen } = rooms.of('pbirch');
    const said = [
      word({ measures: ['suspend-party'] }),
      word({ measures: ['suspend-party'], state: 'over', at: LATER }),
    ];
    await Promise.all(said.map((each, at) => listen(putAs(accountOf('pamber'), each, `e-${at}`), LATER)));
    const [kept] = await registry.toldBreaches(AGREEMENT).list();
    expect(kept).toMatchObject({ state: 'over', held: { from: LATER, withheldFrom: LATER, to: LATER } });
  });

  test('five hundred of one room in all, and no more', async () => {
    const kept = rooms.of('pcedar').registry.toldBreaches(AGREEMENT);
    const old = { heardAt: '2026-01-02T10:00:00.000Z' };
    for (let at = 0; at < 499; at += 1) await kept.create({ ...word({ report: `resharing:${at}` }), ...old });
    const { reasons } = await hear(word({ report: 'the-last' }), word({ report: 'one-more' }));
    expect(reasons).toEqual(['permit agreed', 'forbid too-often']);
  });

  test('a hundred a day of one room are kept, and no more', async () => {
    const { registry, hear: listen } = rooms.of('pcedar');
    const kept = registry.toldBreaches(AGREEMENT);
    for (let at = 0; at < 99; at += 1) await kept.create({ ...word({ report: `resharing:${at}` }), heardAt: TOLD });
    await kept.create({ ...word({ report: 'of-another', from: 'pbirch' }), heardAt: TOLD });
    const { reasons } = await hear(word({ report: 'the-last' }), word({ report: 'one-more' }));
    expect(reasons).toEqual(['permit agreed', 'forbid too-often']);
    await listen(putAs(accountOf('pamber'), word({ report: 'one-more' }), 'e-next'), '2026-01-04T00:00:00.000Z');
    expect((await kept.list()).map(({ report }) => report)).toContain('one-more');
  });
});
