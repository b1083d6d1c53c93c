import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { listBreachLetters } from '../../../lib/domain/enforcement/letters/list-breach-letters';
import { type LetterReasons, listLetters } from '../../../lib/domain/enforcement/letters/list-letters';
import { giveNotice } from '../../../lib/domain/exchange/entitlements/plan-exit';
import { addRelease, confirmErasure, planErasure } from '../../../lib/domain/exchange/erasure/plan-erasure';
import type { Conduct } from '../../../lib/domain/registry/conduct';
import type { BreachRecord } from '../../../lib/domain/registry/conduct-records';
import { breachOf, conductOf, releaseOf, roundOf } from '../../fixtures/conduct';
import { attestationOf, confirmationOf } from '../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

const PLAN = { ...TELCO_RETAIL_PLAN, legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, every: 'P1M' })) };
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const plan = planForSide(PLAN, { kind: 'hosted' });
const NONE: LetterReasons = { erasures: [], refusals: [], problems: [], history: [] };
const list = (conduct: Conduct, now: string, reasons: Partial<LetterReasons> = {}) =>
  listLetters({ plan, conduct }, { ...NONE, ...reasons }, now);
const ids = (...args: Parameters<typeof list>) => list(...args).map(({ id }) => id);
const quiet = conductOf(PLAN, ['2026-03-01']);

describe('letters', () => {
  test('none where nothing is due', () => {
    expect(list(quiet, '2026-03-10T12:00:00Z')).toEqual([]);
  });

  test('of a delivery on its day, to its giver alone, while it has not come', () => {
    expect(ids(quiet, '2026-04-01T11:59:00Z')).toEqual([]);
    const letters = list(quiet, '2026-04-01T12:00:00Z');
    expect(letters.map(({ id, to }) => [id, to])).toEqual([
      [`due:${USAGE}:2026-04-01`, ['telco:exchange']],
      [`due:${PURCHASES}:2026-04-01`, ['retail:exchange']],
    ]);
    const one = { ...quiet, releases: [...quiet.releases, releaseOf(PLAN, USAGE, '2026-04-01')] };
    expect(ids(one, '2026-04-01T12:00:00Z')).toEqual([`due:${PURCHASES}:2026-04-01`]);
  });

  test('of what the access ledger has come to, one for all contacts of all parties, once a month', () => {
    const checkpoint = { month: '2026-03', origin: 'barter-room/999900001111', size: 4711, root: 'cm9vdA==' };
    const [letter, ...more] = list(quiet, '2026-03-10T12:00:00Z', { checkpoint });
    expect(more).toEqual([]);
    expect(letter?.id).toBe('ledger:2026-03');
    expect(letter?.to).toEqual(['telco', 'retail'].flatMap((id) => [`${id}:exchange`, `${id}:privacy`]));
    for (const told of ['4711 entries', 'cm9vdA==', 'checkpoints/4711', 'barter verify'])
      expect(letter?.text).toContain(told);
    expect(ids({ ...quiet, state: 'settled' }, '2026-03-10T12:00:00Z', { checkpoint })).not.toContain('ledger:2026-03');
  });

  test('of a round that is withheld, to all who have a leg in it, with the reason, for a week', () => {
    const withheld = roundOf(PLAN, '2026-03-01', {
      state: 'withheld',
      at: '2026-03-02T09:00:00Z',
      reason: 'it was missed',
    });
    const conduct = { ...quiet, rounds: [withheld] };
    const [letter] = list(conduct, '2026-03-02T09:05:00Z');
    expect(letter).toMatchObject({ id: 'withheld:2026-03-01', to: ['telco:exchange', 'retail:exchange'] });
    expect(letter?.text).toContain('is withheld: it was missed.');
    expect(ids(conduct, '2026-03-10T09:05:00Z')).toEqual([]);
  });

  test('of a breach: when it is known, when something is done, when it is over or overruled', () => {
    const breach = breachOf(PLAN, { party: 'retail', leg: PURCHASES });
    const taken = [{ do: 'warn' as const, party: 'retail', clause: '7.1', at: breach.since }];
    const stages = [breach, { ...breach, taken }, { ...breach, resolvedAt: '2026-03-05T00:00:00Z' }].map((each) =>
      ids({ ...quiet, breaches: [each] }, '2026-03-10T12:00:00Z'),
    );
    expect(stages).toEqual([['breach:report-1:0'], ['breach:report-1:1'], ['breach:report-1:over']]);
    const overruled = { by: 'A. Human', at: '2026-03-06T00:00:00Z', reason: 'agreed by telephone' };
    const [letter] = list({ ...quiet, breaches: [{ ...breach, overruled }] }, '2026-03-10T12:00:00Z');
    expect(letter?.id).toBe('breach:report-1:overruled');
    expect(letter?.text).toContain('agreed by telephone');
  });

  test('of what was overruled, or is over, says what nobody can undo', () => {
    const legs = plan.legs.map((leg) =>
      leg.id === PURCHASES ? { ...leg, via: { kind: 'product', productId: 'prod-abc123' } as const } : leg,
    );
    const breach = breachOf(PLAN, { party: 'telco', leg: USAGE });
    const answers = [
      { overruled: { by: 'A. Human', at: '2026-03-06T00:00:00Z', reason: 'agreed by telephone' } },
      { resolvedAt: '2026-03-06T00:00:00Z' },
    ];
    const lasting = (...measures: readonly BreachRecord['taken'][number]['do'][]) =>
      answers.map((answer) => {
        const taken = measures.map((measure) => ({ do: measure, party: 'telco', clause: '7.1', at: breach.since }));
        const [letter] = listBreachLetters({ ...plan, legs }, { ...breach, ...answer, taken });
        return letter?.text.split('\n').filter((line) => line.includes('stays'));
      });
    const ended = 'It has ended the agreement (7.1), which stays ended: destroy what you received all the same.';
    const revoked = `What a product showed of ${PURCHASES} stays revoked.`;
    expect(lasting('warn')).toEqual([[], []]);
    expect(lasting('warn', 'suspend-party')).toEqual([[revoked], [revoked]]);
    expect(lasting('warn', 'terminate')).toEqual([
      [ended, revoked],
      [ended, revoked],
    ]);
  });

  test('of an end before its day: to all, also whom its breach does not concern; of none that was told before', () => {
    const bystander = { ...plan.parties[0]!, id: 'bank', account: '555566667777' };
    const withBank = { ...plan, parties: [...plan.parties, bystander] };
    const step = { act: 'end', from: 'active', to: 'ended', by: 'room', clause: '7.1' } as const;
    const endedAt = (at: string): Conduct => ({
      ...quiet,
      state: 'ended',
      ended: { ...step, at, reason: 'resharing by retail' },
    });
    const of = (conduct: Conduct) =>
      listLetters({ plan: withBank, conduct }, NONE, '2026-03-10T12:00:00Z').filter(({ id }) => id === 'exit:ended');
    const early = endedAt('2026-03-06T10:00:00.000Z');
    const [letter, ...more] = of(early);
    expect(more).toEqual([]);
    expect(letter?.to).toEqual(['telco', 'retail', 'bank'].flatMap((id) => [`${id}:exchange`, `${id}:privacy`]));
    expect(letter?.text).toContain('ended at 2026-03-06T10:00:00.000Z (7.1): resharing by retail');
    expect(of({ ...early, state: 'settled' })).toEqual([letter]);
    const ending = giveNotice(PLAN, 'telco', 'a better offer', '2026-03-02T09:00:00Z');
    expect(of({ ...early, ending })).toHaveLength(1);
    expect(of({ ...endedAt(`${ending.lastDay}T23:59:00Z`), ending })).toHaveLength(1);
    expect(of({ ...endedAt('2026-04-02T00:05:00Z'), ending })).toEqual([]);
    expect(of(endedAt('2027-01-01T00:05:00Z'))).toEqual([]);
  });

  test('of the way out: notice to all, destruction to each receiver that has not attested, settlement', () => {
    const ending = giveNotice(PLAN, 'telco', 'a better offer', '2026-03-02T09:00:00Z');
    expect(ids({ ...quiet, ending }, '2026-03-10T12:00:00Z')).toEqual(['exit:notice:2026-04-01']);
    const attested = attestationOf(plan, USAGE, '2026-04-03T00:00:00Z');
    const ended: Conduct = { ...quiet, ending, state: 'ended', attestations: [attested] };
    const [, ask] = list(ended, '2026-04-03T12:00:00Z');
    expect(ask).toMatchObject({ id: `exit:destroy:${PURCHASES}`, to: ['telco:exchange', 'telco:privacy'] });
    expect(ask?.text).toContain('attest it by 2026-05-02');
    expect(ids(ended, '2026-04-25T00:00:00Z')).toContain(`exit:remind:${PURCHASES}`);
    const settled = list({ ...ended, state: 'settled' }, '2026-05-02T00:00:00Z').at(-1);
    expect(settled?.id).toBe('exit:settled');
    expect(settled?.text).toContain('Everybody has attested destruction.');
    expect(settled?.text).toContain('telco gave 0.0 and got 0.0 in worth: nothing is owed.');
    const nothing = list({ ...quiet, ending, state: 'settled', releases: [] }, '2026-05-02T00:00:00Z').at(-1);
    expect(nothing?.text).toContain('Nothing was received from here: nothing is to be destroyed.');
    expect(nothing?.text).not.toContain('attested destruction');
  });

  test('of a suspension and of what ended it: to all, once each, who and why', () => {
    const step = { by: 'operator', clause: 'term' };
    const history = [
      { ...step, act: 'begin', from: 'signed', to: 'active', at: '2026-03-01T00:00:00Z', reason: 'its term begins' },
      { ...step, act: 'suspend', from: 'active', to: 'suspended', at: '2026-03-02T09:00:00Z', reason: 'a leak' },
      { ...step, act: 'resume', from: 'suspended', to: 'active', at: '2026-03-03T09:00:00Z', reason: 'it was none' },
    ] as const;
    const letters = list(quiet, '2026-03-10T12:00:00Z', { history: [...history] });
    expect(letters.map(({ id, subject }) => [id, subject])).toEqual([
      ['suspend:2026-03-02T09:00:00Z', 'telco-retail-2026: suspended'],
      ['resume:2026-03-03T09:00:00Z', 'telco-retail-2026: resumed'],
    ]);
    expect(letters[0]?.to).toEqual(['telco:exchange', 'telco:privacy', 'retail:exchange', 'retail:privacy']);
    expect(letters[0]?.text).toContain('suspended by operator at 2026-03-02T09:00:00Z, and is suspended since: a leak');
    expect(letters[1]?.text).toContain('resumed by operator at 2026-03-03T09:00:00Z, and is active since: it was none');
  });

  test.each([
    ['of a leg: to its other party', PURCHASES, ['telco:exchange', 'telco:privacy']],
    ['of no leg: to all others', undefined, ['telco:exchange', 'telco:privacy']],
  ])('of a problem that a party reports, %s', (_, leg, to) => {
    const problem = {
      ...{ id: 'request-7', agreement: plan.agreement.id, party: 'retail', at: '2026-03-03T09:00:00Z' },
      ...{ ...(leg === undefined ? {} : { leg }), text: 'the column\u001b[2J is empty\nSubject: x' },
    };
    const [letter, ...more] = list(quiet, '2026-03-10T12:00:00Z', { problems: [problem] });
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      id: 'problem:request-7',
      to,
      subject: 'telco-retail-2026: retail reports a problem',
    });
    expect(letter?.text).toContain(`at 2026-03-03T09:00:00Z: the column [2J is empty Subject: x\n`);
    expect(letter?.text.includes(`leg ${PURCHASES}`)).toBe(leg !== undefined);
  });

  test('of an erasure: to whoever has not confirmed, again a week before its deadline, never with a token', () => {
    const token = 'cd'.repeat(16);
    const request = {
      dataset: 'usage',
      subject: 'ab'.repeat(32),
      tokens: { [USAGE]: [token] },
      at: '2026-03-10T00:00:00Z',
    };
    const erasure = planErasure(PLAN, quiet, request);
    const [letter, ...more] = list(quiet, '2026-03-10T12:00:00Z', { erasures: [erasure] });
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      id: `erasure:ask:${erasure.id}:${USAGE}:2026-03-01`,
      to: ['retail:privacy', 'retail:exchange'],
    });
    expect(letter?.text).toContain('2026-04-10');
    expect(letter?.text).toContain('this person included: 1 of 2026-03-01.');
    expect(JSON.stringify(letter)).not.toContain(token);
    expect(ids(quiet, '2026-04-04T00:00:00Z', { erasures: [erasure] })).toContain(
      `erasure:remind:${erasure.id}:${USAGE}:2026-03-01`,
    );
    const days = quiet.releases.flatMap(({ leg, round }) => (leg === USAGE ? [round] : []));
    const confirmed = confirmErasure(erasure, USAGE, confirmationOf(plan, USAGE, erasure.id, days), quiet, request.at)!;
    expect(list(quiet, '2026-04-04T00:00:00Z', { erasures: [confirmed] })).toEqual([]);
    const release = releaseOf(PLAN, USAGE, '2026-04-01', { at: '2026-04-02T00:00:00Z' });
    const later = { ...quiet, releases: [...quiet.releases, release] };
    const late = addRelease(confirmed, USAGE, '2026-04-01')!;
    expect(ids(later, '2026-04-04T00:00:00Z', { erasures: [late] })).toContain(
      `erasure:ask:${erasure.id}:${USAGE}:2026-04-01`,
    );
  });

  test.each([
    ['the delivery was refused: outside-term', 'the agreement does not run on that day'],
    ['the delivery was refused: unreadable', 'not as the agreement describes the dataset'],
    ['the delivery was refused: brand-new', 'It was refused: brand new.'],
    ['the release is withheld at the gate privacy', 'it fails at the gate privacy'],
    ['GateNotPassed', 'cannot be certified. Correct it'],
    ['Glue.JobFailed', 'A step of the room broke off'],
    ['the delivery was refused: <b>row 7: Alice</b>', 'A step of the room broke off'],
  ])('of a delivery that ends with %j, to its giver alone, without what it ends with by itself', (error, said) => {
    const refusal = {
      id: 'run-1',
      agreement: plan.agreement.id,
      dataset: 'usage',
      file: 'a"b\n\u202eSubject: x\u{1f4a5}'.padEnd(400, 'z'),
      error,
      at: '2026-03-10T09:00:00Z',
    };
    const [letter, ...more] = list(quiet, '2026-03-10T12:00:00Z', { refusals: [refusal] });
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ id: 'refused:run-1', to: ['telco:exchange'] });
    expect(letter?.text).toContain(said);
    expect(letter?.text).toContain('"a\\"b??Subject: x??zzz');
    expect(letter?.text).not.toMatch(/Alice|z{201}|\u202e/);
    expect(letter?.text.split('\n')).toHaveLength(5);
  });

  test('of a delivery that goes no further, with what is wrong, where that is on record', () => {
    const problems = ['column "age" is missing.', '2 in columns whose names the agreement does not have.'];
    const refusal = {
      ...{ id: 'run-1', agreement: plan.agreement.id, dataset: 'usage', file: 'march.csv', problems },
      ...{ error: 'the delivery was refused: unreadable', at: '2026-03-10T09:00:00Z' },
    };
    const [letter] = list(quiet, '2026-03-10T12:00:00Z', { refusals: [refusal] });
    expect(letter?.text.split('\n').slice(2, 4)).toEqual(problems);
  });

  test('not of a draft, and with a subject that e-mail takes', () => {
    const strange = planForSide(
      { ...PLAN, agreement: { ...PLAN.agreement, id: `ä${'x'.repeat(200)}` } },
      { kind: 'hosted' },
    );
    const conduct = { ...quiet, breaches: [breachOf(PLAN, { party: 'retail' })] };
    expect(listLetters({ plan, conduct: { ...conduct, state: 'draft' } }, NONE, '2026-03-10T12:00:00Z')).toEqual([]);
    for (const { subject } of listLetters({ plan: strange, conduct }, NONE, '2026-03-10T12:00:00Z'))
      expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  test('whoever hands in rubbish without end is written to ten times a day, and told how many more there were', () => {
    const refusals = Array.from({ length: 25 }, (_, run) => ({
      ...{ id: `run-${run}`, agreement: plan.agreement.id, dataset: 'usage', file: 'march.csv', error: 'unreadable' },
      at: `2026-03-10T09:00:${String(run).padStart(2, '0')}Z`,
    }));
    const refused = (now: string) => ids(quiet, now, { refusals }).filter((id) => id.startsWith('refused'));
    const first = Array.from({ length: 10 }, (_, run) => `refused:run-${run}`);
    expect(refused('2026-03-10T23:00:00Z')).toEqual(first);
    expect(refused('2026-03-11T00:05:00Z')).toEqual([...first, 'refused-more:telco:2026-03-10']);
    const [more] = list(quiet, '2026-03-11T00:05:00Z', { refusals }).filter(({ id }) => id.startsWith('refused-more'));
    expect(more).toMatchObject({ to: ['telco:exchange'] });
    expect(more?.text).toContain('15 more deliveries that came in on 2026-03-10');
  });
});
