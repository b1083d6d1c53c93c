import type { Amended } from '../../../lib/domain/exchange/peers/find-amended';
import { chooseRounds } from '../../../lib/domain/exchange/rounds/choose-rounds';
import { judgeDeliveries } from '../../../lib/domain/exchange/rounds/judge-deliveries';
import { listRounds } from '../../../lib/domain/exchange/rounds/list-rounds';
import { MOST_REPLACED } from '../../../lib/domain/exchange/rounds/may-be-replaced';
import { opensAt } from '../../../lib/domain/exchange/rounds/opens-at';
import { type PeerSide, planPublication } from '../../../lib/domain/exchange/rounds/plan-publication';
import { roundsOfDelivery } from '../../../lib/domain/exchange/rounds/rounds-of-delivery';
import { type RoundsGiven, standReleases } from '../../../lib/domain/exchange/rounds/stand-releases';
import type { ReleaseRecord, RoundRecord } from '../../../lib/domain/registry/round-records';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { every, held, PURCHASES, USAGE } from '../../fixtures/round-plans';

describe('rounds', () => {
  test('legs that are due on the same day wait for one another', () => {
    expect(listRounds(held(every('P1M', 'P1M')), '2026-03-05')).toEqual(
      ['2026-01-01', '2026-02-01', '2026-03-01'].map((day) => ({ day, legs: [USAGE, PURCHASES] })),
    );
    expect(listRounds(held(every('P7D', 'P14D')), '2026-01-20').map(({ day, legs }) => [day, legs.length])).toEqual([
      ['2026-01-01', 2],
      ['2026-01-08', 1],
      ['2026-01-15', 2],
    ]);
  });

  test('a short month does not shorten those after it', () => {
    const plan = { ...every('P1M', 'P1M'), term: { ...PLAN.term, starts: '2026-01-31' } };
    expect(listRounds(held(plan), '2026-05-31').map(({ day }) => day)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ]);
  });

  test.each(['PT1S', 'PT12H', 'P1D'])('of %s are a day’s at most, however long the term', (period) => {
    const plan = { ...every(period, period), term: { ...PLAN.term, starts: '2000-01-01', ends: '2099-12-31' } };
    const days = listRounds(held(plan), '2099-12-31').map(({ day }) => day);
    expect([days.length, days[1], days.at(-1)]).toEqual([36_525, '2000-01-02', '2099-12-31']);
  });

  test('none was due before the agreement was active', () => {
    const began = '2026-02-20T10:00:00Z';
    expect(listRounds(held(every('P1M', 'P1M'), { began }), '2026-03-05').map(({ day }) => day)).toEqual([
      '2026-03-01',
    ]);
  });

  test('the day on which another version takes over is that one’s alone', () => {
    const [before, after] = [every('P7D', 'P7D'), every('P7D', 'P14D')];
    const to = '2026-01-15T00:00:00.000Z';
    const versions = [placedFor(before, { to }), placedFor(after, { from: to })];
    expect(listRounds({ versions }, '2026-01-20').map(({ day, legs }) => [day, legs.length])).toEqual([
      ['2026-01-01', 2],
      ['2026-01-08', 2],
      ['2026-01-15', 2],
    ]);
  });

  test('none is due after the last day', () => {
    expect(listRounds(held(every('P1M', 'P1M')), '2028-01-01').at(-1)?.day).toBe('2026-12-01');
    const ending = { by: 'telco', at: '2026-02-01T00:00:00Z', reason: 'done', lastDay: '2026-03-02', clause: '7' };
    expect(listRounds(held(every('P1M', 'P1M'), { ending }), '2028-01-01').at(-1)?.day).toBe('2026-03-01');
  });
});

describe('the round of a rehearsal', () => {
  const plan = every('P7D', 'P14D');
  const none: RoundsGiven = new Map();
  const given = (days: readonly string[]): RoundsGiven => new Map(days.map((day) => [day, 'given']));
  const at = (today: string, asked?: string, of: (leg: string) => RoundsGiven = () => none) =>
    chooseRounds(plan, held(plan), of, `${today}T00:00:00Z`, asked);
  const days = (byLeg: Readonly<Record<string, string>>) => ({ kind: 'chosen', days: new Map(Object.entries(byLeg)) });

  test('is the one that was due last, for each leg', () => {
    expect(at('2026-01-10')).toEqual(days({ [USAGE]: '2026-01-08', [PURCHASES]: '2026-01-01' }));
  });

  test('is only for legs that owe a release, or for those that come next', () => {
    const paid = (usage: readonly string[], purchases: readonly string[]) => (leg: string) =>
      given(leg === USAGE ? usage : purchases);
    expect(at('2026-01-10', undefined, paid([], ['2026-01-01']))).toEqual(days({ [USAGE]: '2026-01-08' }));
    expect(at('2026-01-10', undefined, paid(['2026-01-08'], []))).toEqual(days({ [PURCHASES]: '2026-01-01' }));
    expect(at('2026-01-13', undefined, paid(['2026-01-08'], ['2026-01-01']))).toEqual(
      days({ [USAGE]: '2026-01-15', [PURCHASES]: '2026-01-15' }),
    );
    expect(at('2026-01-20', undefined, paid(['2026-01-15'], ['2026-01-15']))).toEqual(days({ [USAGE]: '2026-01-22' }));
  });

  test('comes for every leg on its day, whatever the periods, who delivers on every day that is due', () => {
    const paid = new Map([USAGE, PURCHASES].map((leg) => [leg, new Map<string, 'given'>()]));
    const mixed = every('P7D', 'P1M');
    for (const { day } of listRounds(held(mixed), '2026-12-31')) {
      const rounds = roundsOfDelivery(held(mixed), mixed.legs, (leg) => paid.get(leg)!, `${day}T09:00:00Z`);
      if (rounds.kind !== 'counts') throw new Error(`${day}: ${rounds.kind}`);
      for (const [leg, round] of rounds.days) paid.get(leg)!.set(round, 'given');
    }
    const due = listRounds(held(mixed), '2026-12-31').flatMap(({ day, legs }) => legs.map((leg) => ({ leg, day })));
    expect(due.filter(({ leg, day }) => !paid.get(leg)!.has(day))).toEqual([]);
    expect(due.length).toBeGreaterThan(60);
  });

  test('is the one that is asked for, for the legs that are due in it', () => {
    expect(at('2026-01-10', '2026-01-22')).toEqual(days({ [USAGE]: '2026-01-22' }));
    expect(at('2026-01-10', '2026-01-15')).toEqual(days({ [USAGE]: '2026-01-15', [PURCHASES]: '2026-01-15' }));
  });

  test('is none where none is due on the day that is asked for', () => {
    const asked = at('2026-12-20', '2026-12-21');
    expect(asked).toEqual({ kind: 'not-due', next: ['2026-12-24', '2026-12-31'] });
  });

  test('is none where it is out', () => {
    const first = (leg: string) => (leg === USAGE ? given(['2026-01-01']) : none);
    expect(at('2026-01-02', '2026-01-01', first)).toEqual({ kind: 'is-out', leg: USAGE, day: '2026-01-01' });
    const all = (until: string) => () => given(listRounds(held(plan), until).map(({ day }) => day));
    expect(at('2026-01-01', undefined, all('2026-01-15'))).toEqual({
      kind: 'too-early',
      day: '2026-01-15',
      from: '2026-01-11T12:00:00Z',
    });
    expect(at('2026-12-31', undefined, all('2026-12-31'))).toEqual({ kind: 'none-left' });
  });
});

test.each([
  ['2026-04-01', '2026-03-01', '2026-03-25T00:00:00Z'],
  ['2027-01-01', '2026-01-01', '2026-12-25T00:00:00Z'],
  ['2026-03-15', '2026-03-01', '2026-03-08T00:00:00Z'],
  ['2026-03-08', '2026-03-01', '2026-03-04T12:00:00Z'],
  ['2026-03-02', '2026-03-01', '2026-03-01T12:00:00Z'],
])('the round of %s after that of %s takes deliveries from %s on', (day, before, opens) => {
  expect(opensAt(day, before)).toBe(opens);
});

describe('a second file', () => {
  const monthly = every('P1M', 'P1M');
  const on = (now: string, releases: readonly ReleaseRecord[], plan = monthly) =>
    roundsOfDelivery(held(plan), plan.legs.slice(0, 1), standReleases(releases), now);
  const march = (changed: Partial<ReleaseRecord>) => releaseOf(monthly, USAGE, '2026-03-01', changed);
  const waits = march({ state: 'prepared' });
  const april = (changed: Partial<ReleaseRecord> = {}) => releaseOf(monthly, USAGE, '2026-04-01', changed);
  const counts = (day: string) => ({ kind: 'counts', days: new Map([[USAGE, day]]) });
  const early = { kind: 'too-early', day: '2026-04-01', from: '2026-03-25T00:00:00Z' };
  const many = Array.from({ length: MOST_REPLACED }, () => {
    const { place, sha256, certificate, at } = waits;
    return { place, sha256, certificate, at };
  });

  test.each<[string, string, readonly ReleaseRecord[], object]>([
    ['while the first waits takes its place', '2026-03-02T10:00:00Z', [waits], counts('2026-03-01')],
    ['until the next round opens', '2026-03-24T23:59:59Z', [waits], counts('2026-03-01')],
    ['then is the next round’s', '2026-03-25T00:00:00Z', [waits], counts('2026-04-01')],
    ['of that one too', '2026-03-26T00:00:00Z', [waits, april({ state: 'prepared' })], counts('2026-04-01')],
    [
      'on its day, takes the place of what came early',
      '2026-04-02T00:00:00Z',
      [waits, april({ state: 'prepared' })],
      counts('2026-04-01'),
    ],
    ['after it went out is too early', '2026-03-02T10:00:00Z', [march({ state: 'final' })], early],
    ['after it was withheld is too early', '2026-03-02T10:00:00Z', [march({ state: 'revoked' })], early],
    [
      'once its publication began is too early',
      '2026-03-02T10:00:00Z',
      [march({ state: 'prepared', sealed: '2026-03-02T09:00:00Z' })],
      early,
    ],
    [
      'after as many as one round takes is too early',
      '2026-03-02T10:00:00Z',
      [march({ state: 'prepared', replaced: many })],
      early,
    ],
    [
      'is the next round’s once that is open',
      '2026-03-25T00:00:00Z',
      [march({ state: 'final' })],
      counts('2026-04-01'),
    ],
    [
      'is no round’s where none is left',
      '2026-12-20T00:00:00Z',
      [releaseOf(monthly, USAGE, '2026-12-01')],
      { kind: 'none-left' },
    ],
  ])('%s', (_, now, releases, found) => {
    expect(on(now, releases)).toEqual(found);
  });

  test('before anything was due takes the place of the first', () => {
    const began = { versions: [placedFor(monthly)], began: '2026-02-10T00:00:00Z' };
    const first = (releases: readonly ReleaseRecord[]) =>
      roundsOfDelivery(began, monthly.legs.slice(0, 1), standReleases(releases), '2026-02-11T00:00:00Z');
    expect(first([])).toEqual(counts('2026-03-01'));
    expect(first([waits])).toEqual(counts('2026-03-01'));
  });
});

describe('deliveries', () => {
  const plan = every('P1M', 'P1M');
  const withUsage = conductOf(plan, [], { releases: [releaseOf(plan, USAGE, '2026-01-01')] });

  test.each<[string, Partial<ReleaseRecord>, string]>([
    ['was certified', { certified: '2026-01-03T09:00:00Z' }, '2026-01-03T09:00:00Z'],
    [
      'was first certified, though another file took its place',
      {
        certified: '2026-01-05T09:00:00Z',
        replaced: [{ place: 'a', sha256: 'a'.repeat(64), certificate: 'b'.repeat(64), at: '2026-01-03T09:00:00Z' }],
      },
      '2026-01-03T09:00:00Z',
    ],
    ['went out, where nobody knows when it was certified', {}, '2026-01-09T00:00:00Z'],
  ])('one that was late has come when it %s', (_, certified, at) => {
    const late = breachOf(plan, {
      kind: 'late-delivery',
      report: `late:${USAGE}:2026-01-01`,
      leg: USAGE,
      round: '2026-01-01',
    });
    const out = releaseOf(plan, USAGE, '2026-01-01', { state: 'final', at: '2026-01-09T00:00:00Z', ...certified });
    // What it gave for a later round settles nothing that this has, in whatever order they are on record.
    const later = releaseOf(plan, USAGE, '2026-01-08', { state: 'final', at: '2026-01-08T01:00:00Z' });
    for (const releases of [[out], [out, later], [later, out]]) {
      const conduct = conductOf(plan, [], { releases, breaches: [late] });
      expect(judgeDeliveries(plan, conduct, '2026-01-10T00:00:00Z').delivered).toEqual([{ report: late.report, at }]);
    }
  });

  test.each([
    ['before it was resumed has as much of its day left as it had', '2026-01-10T20:59:59Z', []],
    ['before it was resumed, and has not come since', '2026-01-10T21:00:00Z', ['2026-01-10T21:00:00Z']],
    ['after it', '2026-02-02T00:00:00Z', ['2026-01-10T21:00:00Z', '2026-02-02T00:00:00Z']],
  ])('one that was due %s', (_, now, since) => {
    const pauses = [{ from: '2026-01-01T12:00:00Z', to: '2026-01-10T09:00:00Z', by: ['operator'] }];
    const resumed = { ...withUsage, pauses };
    const own = judgeDeliveries(plan, resumed, now).overdue.filter(({ leg }) => leg === PURCHASES);
    expect(own.map((each) => each.since)).toEqual(since);
    expect(judgeDeliveries(plan, { ...resumed, state: 'suspended' }, now).overdue).toEqual([]);
  });

  test.each<[string, readonly [string, string, ...string[]][], string | undefined]>([
    ['its giver alone', [['2026-01-01T12:00:00Z', '2026-01-10T09:00:00Z', 'retail']], '2026-01-02T00:00:00Z'],
    [
      'its giver and another',
      [['2026-01-01T12:00:00Z', '2026-01-03T09:00:00Z', 'retail', 'telco']],
      '2026-01-03T21:00:00Z',
    ],
    ['others, after it was late', [['2026-01-05T12:00:00Z', '2026-01-09T09:00:00Z', 'telco']], '2026-01-02T00:00:00Z'],
    [
      'others, for minutes every day',
      Array.from({ length: 9 }, (_, at) => [`2026-01-0${at + 1}T00:05:00Z`, `2026-01-0${at + 1}T00:10:00Z`, 'telco']),
      '2026-01-02T00:05:00Z',
    ],
    [
      'a friend of the giver, for two minutes over every midnight',
      Array.from({ length: 8 }, (_, at) => [`2026-01-0${at + 1}T23:59:00Z`, `2026-01-0${at + 2}T00:01:00Z`, 'telco']),
      '2026-01-02T00:02:00Z',
    ],
    [
      'others, twice, the second time before the day was over to which it was put off',
      [
        ['2026-01-01T12:00:00Z', '2026-01-03T09:00:00Z', 'telco'],
        ['2026-01-03T12:00:00Z', '2026-01-06T09:00:00Z', 'operator'],
      ],
      '2026-01-06T18:00:00Z',
    ],
  ])('one that was due while the agreement stood still by %s', (_, stood, since) => {
    const pauses = stood.map(([from, to, ...by]) => ({ from, to, by }));
    const { overdue } = judgeDeliveries(plan, { ...withUsage, pauses }, '2026-01-20T00:00:00Z');
    expect(overdue.find(({ leg }) => leg === PURCHASES)?.since).toBe(since);
  });

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
      breaches: [breachOf(plan, { report, leg: PURCHASES, round: '2026-01-01' })],
      releases: [releaseOf(plan, PURCHASES, '2026-01-01', { state: 'prepared', at })],
    });
    expect(judgeDeliveries(plan, conduct, '2026-01-04T09:00:00Z').delivered).toEqual([{ report, at }]);
  });

  test('who missed a whole period is late until the next release, and not once more for what was missed', () => {
    const report = `late:${PURCHASES}:2026-01-01`;
    const at = '2026-02-02T08:00:00Z';
    const open = { breaches: [breachOf(plan, { report, leg: PURCHASES, round: '2026-01-01' })] };
    const before = releaseOf(plan, PURCHASES, '2025-12-01', { state: 'prepared' });
    const since = releaseOf(plan, PURCHASES, '2026-02-01', { state: 'prepared', at });
    const judge = (releases: readonly (typeof since)[], breaches = open.breaches) =>
      judgeDeliveries(plan, conductOf(plan, [], { breaches, releases }), '2026-02-02T09:00:00Z');
    expect(judge([before]).delivered).toEqual([]);
    expect(judge([since]).delivered).toEqual([{ report, at }]);
    expect(judge([since], []).overdue.filter(({ leg }) => leg === PURCHASES)).toEqual([]);
  });

  test('nobody is late while the agreement is not active', () => {
    expect(judgeDeliveries(plan, { ...withUsage, state: 'suspended' }, '2026-02-20T00:00:00Z').overdue).toEqual([]);
  });
});

describe('publication', () => {
  const DAY = '2026-03-01';
  const open = roundOf(PLAN, DAY, { state: 'open' });
  const prepared = [USAGE, PURCHASES].map((leg) => releaseOf(PLAN, leg, DAY, { state: 'prepared' }));
  const publicationOf = (
    round: RoundRecord,
    releases: readonly ReleaseRecord[],
    peer?: PeerSide,
    amended: Amended = { version: 1, gone: [], fallen: [], outdated: [], apart: [] },
    shown: readonly string[] = [],
  ) => planPublication(round, releases, amended, shown, peer);
  const doing = (...args: Parameters<typeof publicationOf>) =>
    publicationOf(...args).steps.map((step) => ('leg' in step ? `${step.do} ${step.leg}` : step.do));

  test('waits for every leg', () => {
    expect(publicationOf(open, prepared.slice(0, 1))).toMatchObject({
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

  test('goes on where a crash left it, and looks again at what is to go out', () => {
    const half = [releaseOf(PLAN, USAGE, DAY), prepared[1]!];
    expect(doing({ ...open, state: 'publishing' }, half)).toEqual([
      `verify ${PURCHASES}`,
      `finalise ${PURCHASES}`,
      'complete',
    ]);
  });

  test('makes what is seen by being final so last, when all else is and all is verified', () => {
    const steps = doing({ ...open, state: 'publishing' }, prepared, undefined, undefined, [USAGE]);
    expect(steps).toEqual([
      `verify ${USAGE}`,
      `verify ${PURCHASES}`,
      `finalise ${PURCHASES}`,
      `finalise ${USAGE}`,
      'complete',
    ]);
    expect(doing(open, prepared, undefined, undefined, [USAGE]).slice(-3)).toEqual(steps.slice(-3));
  });

  test('what cannot be whole is taken back whole', () => {
    const broken = [releaseOf(PLAN, USAGE, DAY), releaseOf(PLAN, PURCHASES, DAY, { state: 'revoked' })];
    expect(publicationOf({ ...open, state: 'publishing' }, broken)).toMatchObject({ kind: 'take-back' });
    expect(doing({ ...open, state: 'publishing' }, broken)).toEqual([
      `revoke ${USAGE}`,
      `revoke ${PURCHASES}`,
      'withhold',
    ]);
    expect(doing({ ...open, state: 'withheld' }, broken)).toEqual([`revoke ${USAGE}`]);
    expect(publicationOf(roundOf(PLAN, DAY), prepared).kind).toBe('done');
  });

  test.each([
    ['one leg', ['revoked', 'prepared']],
    ['every leg, and it was not withheld yet', ['revoked', 'revoked']],
  ] as const)('an open round that was begun to be taken back (%s) is taken back on, not published', (_, states) => {
    const half = prepared.map((release, index) => ({ ...release, state: states[index]! }));
    const whole = [`revoke ${USAGE}`, `revoke ${PURCHASES}`, 'withhold'];
    expect(publicationOf(open, half)).toMatchObject({ kind: 'take-back', missing: [] });
    expect(doing(open, half)).toEqual(whole);
    // Also where it lacks a leg, or one is treated otherwise by now.
    expect(doing(open, half.slice(0, 1))).toEqual([`revoke ${USAGE}`, 'withhold']);
    const outdated = { version: 2, gone: [], fallen: [], outdated: [{ leg: USAGE, version: 1 }], apart: [] };
    expect(doing(open, half, undefined, outdated)).toEqual(whole);
    // A peer’s room by its own legs alone.
    expect(doing(open, half, { gives: [USAGE], promised: [], unaccepted: [] })).toEqual([
      `revoke ${USAGE}`,
      'withhold',
    ]);
    expect(
      doing(open, [prepared[0]!, { ...prepared[1]!, state: 'revoked' }], {
        gives: [USAGE],
        promised: [],
        unaccepted: [],
      }),
    ).toContain('commit');
  });

  test('what was begun to be taken back is, for what was found first, whatever an amendment adds', () => {
    const reason = 'the file is not what was certified';
    const gone = { version: 2, gone: [PURCHASES], fallen: [], outdated: [], apart: [] };
    const half = [{ ...prepared[0]!, state: 'revoked' as const }, prepared[1]!];
    for (const state of ['open', 'publishing'] as const) {
      const why = (round: RoundRecord, releases = half) => publicationOf(round, releases, undefined, gone).reason;
      expect(why({ ...open, state, reason })).toBe(reason);
      const word = `it was missed: version 2 has ${PURCHASES} no more`;
      expect(why({ ...open, state })).toBe(word);
      // What it waited for, while nothing was revoked, is no reason to take it back.
      expect(why({ ...open, state, reason }, prepared)).toBe(word);
    }
  });

  test('a round that was missed is taken back: what came since is for a later one', () => {
    const later = releaseOf(PLAN, PURCHASES, '2026-04-01', { state: 'prepared' });
    const plan = publicationOf(open, [prepared[0]!, later]);
    expect(plan).toMatchObject({ kind: 'take-back', missing: [PURCHASES] });
    expect(plan.reason).toContain(`missed: nothing was delivered for it before the next round of ${PURCHASES}`);
    expect(doing(open, [prepared[0]!, later])).toEqual([`revoke ${USAGE}`, 'withhold']);
    expect(doing(open, [...prepared, later])).toContain('commit');
    // Of another room's leg it cannot be known: its word may be on its way.
    expect(publicationOf(open, [prepared[0]!, later], { gives: [USAGE], promised: [USAGE], unaccepted: [] }).kind).toBe(
      'waits',
    );
    expect(publicationOf(open, [prepared[0]!, later], { gives: [PURCHASES], promised: [], unaccepted: [] }).kind).toBe(
      'take-back',
    );
  });

  test('a peer’s room promises what it gives, waits for the others, and does nothing with what they give', () => {
    const own = { gives: [USAGE], promised: [], unaccepted: [] };
    const promised = { gives: [USAGE], promised: [USAGE], unaccepted: [] };
    expect(publicationOf(open, [], own)).toMatchObject({ kind: 'waits' });
    expect(publicationOf(open, prepared.slice(0, 1), own)).toMatchObject({ kind: 'promise', missing: [PURCHASES] });
    expect(doing(open, prepared.slice(0, 1), own)).toEqual([`prepare ${USAGE}`, `verify ${USAGE}`, `promise ${USAGE}`]);
    expect(publicationOf(open, prepared.slice(0, 1), promised)).toMatchObject({ kind: 'waits' });
    expect(publicationOf(open, prepared.slice(1), own)).toMatchObject({ kind: 'waits', missing: [USAGE] });
    expect(doing(open, prepared, promised)).toEqual([
      `prepare ${USAGE}`,
      `verify ${USAGE}`,
      'commit',
      `finalise ${USAGE}`,
      'complete',
    ]);
    const lost = [prepared[0]!, releaseOf(PLAN, PURCHASES, DAY)];
    expect(doing({ ...open, state: 'withheld' }, lost, promised)).toEqual([]);
  });
});
