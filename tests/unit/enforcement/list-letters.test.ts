import { planForSide } from '../../../lib/domain/agreement/plan-for-side';
import { listLetters } from '../../../lib/domain/enforcement/letters/list-letters';
import type { Conduct } from '../../../lib/domain/exchange/conduct';
import { addRelease, confirmErasure, planErasure } from '../../../lib/domain/exchange/plan-erasure';
import { giveNotice } from '../../../lib/domain/exchange/plan-exit';
import { breachOf, conductOf, releaseOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

const PLAN = { ...TELCO_RETAIL_PLAN, legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, every: 'P1M' })) };
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const plan = planForSide(PLAN, { kind: 'hosted' });
const list = (conduct: Conduct, now: string, erasures: Parameters<typeof listLetters>[1] = []) =>
  listLetters({ plan, conduct }, erasures, now);
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

  test('of the way out: notice to all, destruction to each receiver that has not attested, settlement', () => {
    const ending = giveNotice(PLAN, 'telco', 'a better offer', '2026-03-02T09:00:00Z');
    expect(ids({ ...quiet, ending }, '2026-03-10T12:00:00Z')).toEqual(['exit:notice:2026-04-01']);
    const attested = {
      agreement: plan.agreement.id,
      leg: USAGE,
      party: 'retail',
      statement: 'Shredded.',
      by: 'A. K.',
      at: '2026-04-03T00:00:00Z',
    };
    const ended: Conduct = { ...quiet, ending, state: 'ended', attestations: [attested] };
    const [, ask] = list(ended, '2026-04-03T12:00:00Z');
    expect(ask).toMatchObject({ id: `exit:destroy:${PURCHASES}`, to: ['telco:exchange', 'telco:privacy'] });
    expect(ask?.text).toContain('attest it by 2026-05-02');
    expect(ids(ended, '2026-04-25T00:00:00Z')).toContain(`exit:remind:${PURCHASES}`);
    const settled = list({ ...ended, state: 'settled' }, '2026-05-02T00:00:00Z').at(-1);
    expect(settled?.id).toBe('exit:settled');
    expect(settled?.text).toContain('telco gave 0 and got 0');
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
    const [letter, ...more] = list(quiet, '2026-03-10T12:00:00Z', [erasure]);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      id: `erasure:ask:${erasure.id}:${USAGE}:2026-03-01`,
      to: ['retail:privacy', 'retail:exchange'],
    });
    expect(letter?.text).toContain('2026-04-10');
    expect(JSON.stringify(letter)).not.toContain(token);
    expect(ids(quiet, '2026-04-04T00:00:00Z', [erasure])).toContain(`erasure:remind:${erasure.id}:${USAGE}:2026-03-01`);
    const confirmed = confirmErasure(erasure, USAGE, quiet, request.at)!;
    expect(list(quiet, '2026-04-04T00:00:00Z', [confirmed])).toEqual([]);
    const release = releaseOf(PLAN, USAGE, '2026-04-01', { at: '2026-04-02T00:00:00Z' });
    const later = { ...quiet, releases: [...quiet.releases, release] };
    const late = addRelease(confirmed, USAGE, '2026-04-01')!;
    expect(ids(later, '2026-04-04T00:00:00Z', [late])).toContain(`erasure:ask:${erasure.id}:${USAGE}:2026-04-01`);
  });

  test('not of a draft, and with a subject that e-mail takes', () => {
    const strange = planForSide(
      { ...PLAN, agreement: { ...PLAN.agreement, id: `ä${'x'.repeat(200)}` } },
      { kind: 'hosted' },
    );
    const conduct = { ...quiet, breaches: [breachOf(PLAN, { party: 'retail' })] };
    expect(listLetters({ plan, conduct: { ...conduct, state: 'draft' } }, [], '2026-03-10T12:00:00Z')).toEqual([]);
    for (const { subject } of listLetters({ plan: strange, conduct }, [], '2026-03-10T12:00:00Z'))
      expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
});
