import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { listRetentionLetters } from '../../../../lib/domain/enforcement/letters/list-retention-letters';
import { entitlementsAt } from '../../../../lib/domain/exchange/entitlements/entitlements-at';
import { judgeRetention, listRetained } from '../../../../lib/domain/exchange/entitlements/plan-retention';
import { NO_GRANTS_SEEN } from '../../../../lib/domain/exchange/peers/find-granted';
import { judgeConduct } from '../../../../lib/domain/exchange/report/judge-conduct';
import type { Conduct } from '../../../../lib/domain/registry/conduct';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../../fixtures/conduct';
import { attestationOf, releaseAttestationsOf } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

/** Ten weeks, and the month in which destruction is attested. */
const PLAN = {
  ...TELCO_RETAIL_PLAN,
  term: { ...TELCO_RETAIL_PLAN.term, destroyWithin: 'P30D' },
  legs: TELCO_RETAIL_PLAN.legs.map((leg, at) => ({ ...leg, retain: at === 0 ? 'P70D' : 'P5Y' })),
};
const [USAGE] = PLAN.legs.map(({ id }) => id) as [string];
const OUT = conductOf(PLAN, ['2026-01-01', '2026-01-08']);
const [OVER, DUE] = ['2026-03-12T11:00:00.000Z', '2026-04-11T11:00:00.000Z'];
const ATTESTED = releaseAttestationsOf(PLAN, USAGE, '2026-03-20T00:00:00Z', ['2026-01-01']);
const ALL = [attestationOf(PLAN, USAGE, '2026-03-21T00:00:00Z')];
const release = (state: 'prepared' | 'revoked', round = '2026-01-01') => releaseOf(PLAN, USAGE, round, { state });
const withheld = [roundOf(PLAN, '2026-01-01', { state: 'withheld' })];

test.each<[string, string, Partial<Conduct>, readonly string[]]>([
  ['is kept until its time is over', '2026-03-12T10:59:59Z', {}, ['01-01 kept', '01-08 kept']],
  ['is to be destroyed then', OVER, {}, ['01-01 due', '01-08 kept']],
  ['is overdue when that was not attested in time', DUE, {}, ['01-01 overdue', '01-08 due']],
  ['is done with when it was', DUE, { releaseAttestations: ATTESTED }, ['01-01 attested', '01-08 due']],
  ['is done with when all of its leg was', DUE, { attestations: ALL }, ['01-01 attested', '01-08 attested']],
  ['never was received while it waits', DUE, { releases: [release('prepared')] }, []],
  ['never was received of a round that was withheld', DUE, { releases: [release('revoked')], rounds: withheld }, []],
  ['is followed though it was taken back', OVER, { releases: [release('revoked')] }, ['01-01 due']],
  ['is for the exit where the agreement ends before', OVER, { ending: endingOn('2026-03-11') }, []],
  [
    'is not for the exit where its time was over on the last day',
    OVER,
    { ending: endingOn('2026-03-12') },
    ['01-01 due'],
  ],
])('a release %s', (_, now, changed, expected) => {
  const retained = listRetained(PLAN, { ...OUT, ...changed }, now).filter(({ leg }) => leg.id === USAGE);
  expect(retained.map(({ round, state }) => `${round.slice(5)} ${state}`)).toEqual(expected);
});

function endingOn(lastDay: string): NonNullable<Conduct['ending']> {
  return { by: 'telco', at: '2026-02-01T00:00:00Z', reason: 'x', lastDay, clause: 'term' };
}

test('who has not attested in time is in breach, release by release, until it has', () => {
  const { overdue, attested } = judgeRetention(PLAN, OUT, '2026-04-20T00:00:00Z');
  const report = `not-destroyed:${USAGE}:2026-01-01`;
  const names = overdue.map(({ report: name, breach, party, round, since }) => [name, breach, party, round, since]);
  expect(names).toEqual([
    [report, 'overdue-destruction', 'retail', '2026-01-01', DUE],
    [`not-destroyed:${USAGE}:2026-01-08`, 'overdue-destruction', 'retail', '2026-01-08', '2026-04-18T11:00:00.000Z'],
  ]);
  expect(attested).toEqual([]);
  const on = (changed: Partial<Conduct>) => ({
    plan: planForSide(PLAN, { kind: 'hosted' }),
    conduct: { ...OUT, began: '2026-12-01T00:00:00Z', ...changed },
  });
  const judge = (changed: Partial<Conduct>) => {
    const nothing = { commitments: [], equivocations: [], grants: NO_GRANTS_SEEN, erasures: [], receipts: [] };
    const { begun, ended } = judgeConduct(on(changed), nothing, '2026-04-12T00:00:00Z');
    return [begun.map((each) => each.report), ended.map((each) => each.report)];
  };
  const breaches = [breachOf(PLAN, { kind: 'overdue-destruction', report, party: 'retail', leg: USAGE, since: DUE })];
  expect(judge({})).toEqual([[report], []]);
  expect(judge({ breaches })).toEqual([[], []]);
  expect(judge({ breaches, releaseAttestations: ATTESTED })).toEqual([[], [report]]);
  expect(judge({ breaches, attestations: ALL })).toEqual([[], [report]]);
  expect(judge({ releaseAttestations: ATTESTED })).toEqual([[], []]);
  expect(judgeRetention(PLAN, { ...OUT, state: 'draft' }, DUE)).toEqual({ overdue: [], attested: [] });
});

describe('where an amendment says otherwise', () => {
  const amended = (version: number, retain: string, destroyWithin = 'P30D') => ({
    ...PLAN,
    agreement: { ...PLAN.agreement, version },
    term: { ...PLAN.term, destroyWithin },
    legs: PLAN.legs.map((leg) => ({ ...leg, retain })),
  });
  const from = '2026-06-01T00:00:00.000Z';
  const long = amended(1, 'P1Y');
  const over = '2026-03-12T11:00:00.000Z';
  test.each([
    ['a shorter time is over when it comes into force, and not before', long, amended(2, 'P30D'), from, '2026-07-01'],
    [
      'a shorter time that is not over yet counts from when it came out',
      long,
      amended(2, 'P160D'),
      '2026-06-10',
      '2026-07-10',
    ],
    ['what was over before stays so', PLAN, amended(2, 'P1Y'), over, '2026-04-11'],
    ['what is longer is over later', amended(1, 'P160D'), amended(2, 'P1Y'), '2027-01-01', '2027-01-31'],
    [
      'a shorter time to destroy it ends when it comes into force, and not before',
      amended(1, 'P70D', 'P90D'),
      amended(2, 'P70D', 'P1D'),
      over,
      from,
    ],
    ['one that has ended stays so', PLAN, amended(2, 'P70D', 'P90D'), over, '2026-04-11'],
  ])('%s', (_, first, second, ends, due) => {
    const versions = [placedFor(first, { to: from }), placedFor(second, { from })];
    const conduct = { ...OUT, earlier: [first], versions };
    const legs = listRetained(
      { ...second, term: { ...second.term, ends: '2029-12-31' } },
      conduct,
      '2026-06-02T00:00:00Z',
    );
    const [release] = legs.filter(({ leg, round }) => leg.id === USAGE && round === '2026-01-01');
    expect(release?.over.slice(0, ends.length)).toBe(ends);
    expect(release?.due.slice(0, due.length)).toBe(due);
    const { overdue } = judgeRetention(second, conduct, '2026-06-01T00:05:00Z');
    const isLate = Date.parse(due) <= Date.parse('2026-06-01T00:05:00Z');
    expect(
      overdue.some(({ round, leg, since }) => leg === USAGE && round === '2026-01-01' && since === release?.due),
    ).toBe(isLate);
  });

  test('what was over stays over: it is not granted anew, and renewed it is not over again', () => {
    const terms = (year: number) => ({ starts: `${year}-01-01`, ends: `${year}-12-31` });
    const first = { ...PLAN, term: { ...PLAN.term, ...terms(2026) } };
    const second = { ...amended(2, 'P1Y'), term: { ...PLAN.term, ...terms(2027) } };
    const inForce = '2027-01-01T00:00:00.000Z';
    const versions = [placedFor(first, { to: inForce }), placedFor(second, { from: inForce })];
    const conduct = conductOf(second, ['2026-01-01', '2026-12-20'], { earlier: [first], versions });
    const now = '2027-01-02T00:00:00Z';
    const retained = listRetained(second, conduct, now).filter(({ leg }) => leg.id === USAGE);
    expect(retained.map(({ state, due }) => [state, due])).toEqual([
      ['overdue', DUE],
      ['kept', '2028-01-19T11:00:00.000Z'],
    ]);
    expect(entitlementsAt(second, conduct, now).find(({ leg }) => leg === USAGE)?.releases).toEqual(['2026-12-20']);
  });

  test('one that is signed and not in force yet changes nothing', () => {
    const versions = [placedFor(long, { to: from }), placedFor(amended(2, 'P30D'), { from })];
    const lasting = { ...long, term: { ...long.term, ends: '2029-12-31' } };
    const states = listRetained(lasting, { ...OUT, versions }, '2026-05-31T23:59:59Z').map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['kept']));
  });
});

describe('letters', () => {
  const ids = (now: string, changed: Partial<Conduct> = {}, plan = PLAN) =>
    listRetentionLetters(plan, { ...OUT, ...changed }, now).map(({ id }) => id.replace(`:${USAGE}:2026`, ''));

  test.each<[string, string, Partial<Conduct>, readonly string[]]>([
    ['none before the last week', '2026-03-05T10:59:59Z', {}, []],
    ['one in the last week', '2026-03-05T11:00:00Z', {}, ['retain:soon-01-01']],
    ['one on the day', OVER, {}, ['retain:over-01-01', 'retain:soon-01-08']],
    ['none once it is attested', OVER, { releaseAttestations: ATTESTED }, ['retain:soon-01-08']],
    ['none when the agreement has ended', OVER, { state: 'ended' }, []],
    ['as ever while it is suspended', OVER, { state: 'suspended' }, ['retain:over-01-01', 'retain:soon-01-08']],
  ])('%s', (_, now, changed, expected) => {
    expect(ids(now, changed)).toEqual(expected);
  });

  test('go to the receiver, say until when, and by which clause', () => {
    const [letter] = listRetentionLetters(PLAN, OUT, OVER);
    expect(letter).toMatchObject({ to: ['retail:exchange', 'retail:privacy'] });
    expect(letter?.subject).toContain('destroy a release by 2026-04-11');
    expect(letter?.text).toContain('to keep for P70D');
    expect(letter?.text).toContain(`barter attest --leg ${USAGE} --round 2026-01-01`);
  });

  test('none beforehand of what is kept for a week or less', () => {
    const short = { ...PLAN, legs: PLAN.legs.map((leg) => ({ ...leg, retain: 'P7D' })) };
    expect(ids('2026-01-02T00:00:00Z', {}, short)).toEqual([]);
  });
});
