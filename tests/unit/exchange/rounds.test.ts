import { planForSide } from '../../../lib/domain/agreement/plan-for-side';
import { type Commitment, checkCommitment, judgePeerRound } from '../../../lib/domain/exchange/commitment';
import { judgeDeliveries } from '../../../lib/domain/exchange/judge-deliveries';
import { listRounds } from '../../../lib/domain/exchange/list-rounds';
import { planPublication } from '../../../lib/domain/exchange/plan-publication';
import { breachOf, conductOf, releaseOf, roundOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { believe, signatureOf } from '../../fixtures/registered';

const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const every = (first: string, second: string) => ({
  ...PLAN,
  legs: [
    { ...PLAN.legs[0]!, every: first },
    { ...PLAN.legs[1]!, every: second },
  ],
});

describe('rounds', () => {
  test('legs that are due on the same day wait for one another', () => {
    expect(listRounds(every('P1M', 'P1M'), {}, '2026-03-05')).toEqual(
      ['2026-01-01', '2026-02-01', '2026-03-01'].map((day) => ({ day, legs: [USAGE, PURCHASES] })),
    );
    expect(listRounds(every('P7D', 'P14D'), {}, '2026-01-20').map(({ day, legs }) => [day, legs.length])).toEqual([
      ['2026-01-01', 2],
      ['2026-01-08', 1],
      ['2026-01-15', 2],
    ]);
  });

  test('a short month does not shorten those after it', () => {
    const plan = { ...every('P1M', 'P1M'), term: { ...PLAN.term, starts: '2026-01-31' } };
    expect(listRounds(plan, {}, '2026-05-31').map(({ day }) => day)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ]);
  });

  test('none was due before the agreement was active', () => {
    const began = '2026-02-20T10:00:00Z';
    expect(listRounds(every('P1M', 'P1M'), { began }, '2026-03-05').map(({ day }) => day)).toEqual(['2026-03-01']);
  });

  test('none is due after the last day', () => {
    expect(listRounds(every('P1M', 'P1M'), {}, '2028-01-01').at(-1)?.day).toBe('2026-12-01');
    const ending = { by: 'telco', at: '2026-02-01T00:00:00Z', reason: 'done', lastDay: '2026-03-02', clause: '7' };
    expect(listRounds(every('P1M', 'P1M'), { ending }, '2028-01-01').at(-1)?.day).toBe('2026-03-01');
  });
});

describe('deliveries', () => {
  const plan = every('P1M', 'P1M');
  const withUsage = conductOf(plan, [], { releases: [releaseOf(plan, USAGE, '2026-01-01')] });

  test('one that is not there when its day is over is overdue, once', () => {
    expect(judgeDeliveries(plan, withUsage, '2026-01-01T23:59:59Z').overdue).toEqual([]);
    const { overdue } = judgeDeliveries(plan, withUsage, '2026-01-02T00:00:00Z');
    expect(overdue).toMatchObject([
      { breach: 'late-delivery', party: 'retail', leg: PURCHASES, round: '2026-01-01', since: '2026-01-02T00:00:00Z' },
    ]);
    const known = { ...withUsage, breaches: [breachOf(plan, { report: overdue[0]!.report })] };
    expect(judgeDeliveries(plan, known, '2026-01-05T00:00:00Z').overdue).toEqual([]);
  });

  test('it ends when the delivery has come', () => {
    const report = `late:${PURCHASES}:2026-01-01`;
    const at = '2026-01-04T08:00:00Z';
    const conduct = conductOf(plan, [], {
      breaches: [breachOf(plan, { report })],
      releases: [releaseOf(plan, PURCHASES, '2026-01-01', { state: 'prepared', at })],
    });
    expect(judgeDeliveries(plan, conduct, '2026-01-04T09:00:00Z').delivered).toEqual([{ report, at }]);
  });

  test('nobody is late while the agreement is not active', () => {
    expect(judgeDeliveries(plan, { ...withUsage, state: 'suspended' }, '2026-02-20T00:00:00Z').overdue).toEqual([]);
  });
});

describe('publication', () => {
  const DAY = '2026-03-01';
  const open = roundOf(PLAN, DAY, { state: 'open' });
  const prepared = [USAGE, PURCHASES].map((leg) => releaseOf(PLAN, leg, DAY, { state: 'prepared' }));
  const doing = (...args: Parameters<typeof planPublication>) =>
    planPublication(...args).steps.map((step) => ('leg' in step ? `${step.do} ${step.leg}` : step.do));

  test('waits for every leg', () => {
    expect(planPublication(open, prepared.slice(0, 1))).toMatchObject({
      kind: 'waits',
      missing: [PURCHASES],
      steps: [],
    });
  });

  test('prepares all and verifies all before any is final, and grants nothing before all are', () => {
    expect(doing(open, prepared)).toEqual([
      `prepare ${USAGE}`,
      `prepare ${PURCHASES}`,
      `verify ${USAGE}`,
      `verify ${PURCHASES}`,
      'commit',
      `finalise ${USAGE}`,
      `finalise ${PURCHASES}`,
      'complete',
    ]);
  });

  test('goes on where a crash left it', () => {
    const half = [releaseOf(PLAN, USAGE, DAY), prepared[1]!];
    expect(doing({ ...open, state: 'publishing' }, half)).toEqual([`finalise ${PURCHASES}`, 'complete']);
  });

  test('what cannot be whole is taken back whole', () => {
    const broken = [releaseOf(PLAN, USAGE, DAY), releaseOf(PLAN, PURCHASES, DAY, { state: 'revoked' })];
    expect(planPublication({ ...open, state: 'publishing' }, broken)).toMatchObject({ kind: 'take-back' });
    expect(doing({ ...open, state: 'publishing' }, broken)).toEqual([
      `revoke ${USAGE}`,
      `revoke ${PURCHASES}`,
      'withhold',
    ]);
    expect(doing({ ...open, state: 'withheld' }, broken)).toEqual([`revoke ${USAGE}`]);
    expect(planPublication(roundOf(PLAN, DAY), prepared).kind).toBe('done');
  });
});

describe('peers', () => {
  const DAY = '2026-03-01';
  const side = planForSide(PLAN, { kind: 'peer', party: 'telco' });
  const commit = (leg: string, from: string): Commitment => {
    const { agreement, version, content, algorithm, publicKey, signature } = signatureOf(PLAN, from);
    const hashes = { sha256: 'a1'.repeat(32), certificate: 'b2'.repeat(32) };
    return {
      agreement,
      version,
      content,
      round: DAY,
      leg,
      from,
      ...hashes,
      at: `${DAY}T10:00:00Z`,
      algorithm,
      publicKey,
      signature,
    };
  };
  const both = [commit(USAGE, 'telco'), commit(PURCHASES, 'retail')];
  const signatures = ['telco', 'retail'].map((party) => signatureOf(PLAN, party));
  const round = { day: DAY, legs: [USAGE, PURCHASES] };
  const judge = (made: readonly Commitment[], granted: readonly string[], now = `${DAY}T11:00:00Z`) =>
    judgePeerRound(side, round, made, new Set(granted), now);

  test('nobody grants before all have committed; who commits and does not grant is in breach', () => {
    expect(judge(both.slice(0, 1), [])).toEqual({ kind: 'waits', missing: [PURCHASES] });
    expect(judge(both, [])).toEqual({ kind: 'grant', legs: [USAGE] });
    expect(judge(both, [USAGE])).toEqual({ kind: 'done' });
    expect(judge(both, [USAGE], '2026-03-02T10:00:00Z')).toMatchObject({
      kind: 'broken',
      breaches: [{ breach: 'committed-not-granted', party: 'retail', leg: PURCHASES }],
    });
    expect(judge(both, [USAGE, PURCHASES], '2026-03-09T00:00:00Z')).toEqual({ kind: 'done' });
  });

  test.each<[string, Partial<Commitment>]>([
    ['other-agreement', { agreement: 'another' }],
    ['other-version', { version: 2 }],
    ['other-version', { content: '0'.repeat(64) }],
    ['unknown-leg', { leg: 'telco-bank-usage' }],
    ['not-the-giver', { leg: USAGE }],
    ['other-key', { publicKey: signatureOf(PLAN, 'telco').publicKey }],
  ])('a commitment is refused: %s', (fault, changed) => {
    expect(checkCommitment(side, { ...both[1]!, ...changed }, signatures, believe)).toBe(fault);
    expect(checkCommitment(side, both[1]!, signatures, believe)).toBeUndefined();
    expect(checkCommitment(side, both[1]!, signatures, () => false)).toBe('not-genuine');
  });
});
