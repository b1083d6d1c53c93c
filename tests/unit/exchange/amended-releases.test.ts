import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { listDeliveryLetters } from '../../../lib/domain/enforcement/letters/list-delivery-letters';
import { listMendedReleases } from '../../../lib/domain/exchange/gates/judge-failed-release';
import { findAmended, isOutdated, isSealedInVain } from '../../../lib/domain/exchange/peers/find-amended';
import { judgeDeliveries } from '../../../lib/domain/exchange/rounds/judge-deliveries';
import { planPublication } from '../../../lib/domain/exchange/rounds/plan-publication';
import type { ReleaseRecord, RoundRecord } from '../../../lib/domain/registry/round-records';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';

const DAY = '2026-03-05';
const SIGNED = '2026-03-05T12:00:00.000Z';
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const RELEASES = [USAGE, PURCHASES].map((leg) => releaseOf(PLAN, leg, DAY, { state: 'prepared' }));
const OPEN = roundOf(PLAN, DAY, { state: 'open' });

const amend = (changed: Partial<Plan>): Plan => ({ ...PLAN, ...changed, agreement: { ...PLAN.agreement, version: 2 } });
const withLeg = (changed: Partial<Plan['legs'][0]>) =>
  amend({ legs: PLAN.legs.map((leg) => (leg.id === USAGE ? { ...leg, ...changed } : leg)) });
const withDataset = (changed: Partial<Plan['datasets'][0]>) =>
  amend({ datasets: PLAN.datasets.map((dataset) => (dataset.id === 'usage' ? { ...dataset, ...changed } : dataset)) });
const versionsOf = (next: Plan) => [placedFor(PLAN, { to: SIGNED }), placedFor(next, { from: SIGNED })];
const inRoom = (next: Plan, state: 'open' | 'publishing' = 'open', releases = RELEASES) => {
  const round = { ...OPEN, state };
  const amended = findAmended(planForSide(next, { kind: 'hosted' }), { versions: versionsOf(next) }, round, releases);
  const { kind, missing, reason, steps } = planPublication(round, releases, amended, []);
  return { kind, missing, reason, steps: steps.map((step) => ('leg' in step ? `${step.do} ${step.leg}` : step.do)) };
};

describe('a release that an earlier version made', () => {
  test.each<[string, Plan]>([
    ['a floor is raised', withDataset({ privacy: { ...PLAN.datasets[0]!.privacy!, k: 25 } })],
    ['a column is dropped', withDataset({ columns: PLAN.datasets[0]!.columns.slice(0, -1) })],
    ['the dataset has a new version', withDataset({ version: 2 })],
    ['it goes another way', withLeg({ via: { kind: 'sftp' } })],
    ['it is marked', withLeg({ watermark: 0.01 })],
    ['its receiver expects more', withLeg({ expects: { subjects: 1000 } })],
  ])('does not go out once %s: its giver is asked again, and is not late', (_, next) => {
    expect(inRoom(next)).toMatchObject({ kind: 'waits', missing: [USAGE], steps: [] });
    expect(inRoom(next, 'publishing')).toEqual({
      kind: 'take-back',
      missing: [USAGE],
      reason: `${USAGE} was treated by version 1, and version 2 treats it otherwise`,
      steps: [`revoke ${USAGE}`, `revoke ${PURCHASES}`, 'withhold'],
    });
    const conduct = conductOf(next, [], { versions: versionsOf(next), releases: RELEASES, rounds: [OPEN] });
    const late = judgeDeliveries(next, conduct, '2026-03-08T00:00:00Z').overdue;
    expect(late.filter(({ round }) => round === DAY)).toEqual([]);
    const letters = listDeliveryLetters(next, conduct, '2026-03-06T01:00:00Z');
    expect(letters.map(({ id }) => id)).toEqual([`again:${USAGE}:${DAY}:2`]);
    const [, other] = RELEASES;
    const again = releaseOf(next, USAGE, DAY, { state: 'prepared' });
    expect(inRoom(next, 'open', [again, other!])).toMatchObject({ kind: 'publish', missing: [] });
  });

  test.each<[string, Plan]>([
    ['it may be kept for less', withLeg({ retain: 'P30D' })],
    ['it is due more often', withLeg({ every: 'P3D' })],
    ['other purposes are agreed', withLeg({ purposes: [] })],
    ['nothing of it changes', amend({})],
  ])('goes out where %s: it would be the same', (_, next) => {
    expect(inRoom(next)).toMatchObject({ kind: 'publish', missing: [] });
    expect(inRoom(next, 'publishing')).toMatchObject({ kind: 'publish' });
  });

  test('is out where it went out before: nothing is asked for again', () => {
    const next = withDataset({ version: 2 });
    expect(isOutdated(releaseOf(PLAN, USAGE, DAY), next, { versions: versionsOf(next) })).toBe(false);
  });

  describe('in a peer’s room', () => {
    const next = planForSide(amend({}), { kind: 'peer', party: 'telco' });
    const versions = versionsOf(next);
    const [own, other] = RELEASES as [ReleaseRecord, ReleaseRecord];
    const look = (releases: readonly ReleaseRecord[], promised: readonly string[], plan = next, now = SIGNED) => {
      const peer = { gives: [USAGE], promised, unaccepted: [] };
      const amended = findAmended(plan, { versions: versionsOf(plan) }, OPEN, releases, { ...peer, now });
      const { kind, reason } = planPublication(OPEN, releases, amended, [], peer);
      return { kind, ...(reason === undefined ? {} : { reason }) };
    };
    const under2 = (leg: string) => releaseOf(next, leg, DAY, { state: 'prepared' });

    test('is asked for again until it is promised, whatever changed, and not after', () => {
      expect(look([own, other], [])).toEqual({ kind: 'waits' });
      expect(isOutdated(own, next, { versions })).toBe(true);
      expect(isOutdated({ ...own, sealed: SIGNED }, next, { versions })).toBe(false);
    });

    test('and that all have promised goes out, whichever version is in force by then', () => {
      expect(look([own], [USAGE])).toEqual({ kind: 'waits' });
      expect(look([own, other], [USAGE, PURCHASES])).toEqual({ kind: 'publish' });
    });

    test('is taken back once every room has promised, where they did so under different versions', () => {
      const reason = `an amendment came between the promises: ${USAGE} under version 1, ${PURCHASES} under version 2`;
      expect(look([own, under2(PURCHASES)], [USAGE, PURCHASES])).toEqual({ kind: 'take-back', reason });
      // Who has not promised yet says first that it has given.
      expect(look([under2(USAGE), other], [PURCHASES])).toEqual({ kind: 'promise' });
      expect(look([under2(USAGE), other], [USAGE, PURCHASES]).kind).toBe('take-back');
    });

    test('goes out without the legs that go another way by then', () => {
      const legs = PLAN.legs.map((leg) => (leg.id === PURCHASES ? { ...leg, via: { kind: 'sftp' as const } } : leg));
      const rerouted = planForSide(amend({ legs }), { kind: 'peer', party: 'telco' });
      expect(look([own, other], [USAGE, PURCHASES], rerouted)).toMatchObject({ kind: 'publish' });
      expect(look([own, under2(PURCHASES)], [USAGE, PURCHASES], rerouted).kind).toBe('take-back');
    });

    describe('and of which the leg is left out since', () => {
      const plan = planForSide(amend({ legs: PLAN.legs.slice(1) }), { kind: 'peer', party: 'telco' });
      const [both, halves] = [
        [own, other],
        [{ ...own, state: 'revoked' as const }, other],
      ];
      const stepsOf = (round: RoundRecord, releases: readonly ReleaseRecord[], now = SIGNED) => {
        const peer = { gives: [USAGE], promised: [USAGE, PURCHASES], unaccepted: [] };
        const amended = findAmended(plan, { versions: versionsOf(plan) }, round, releases, { ...peer, now });
        const { kind, steps } = planPublication(round, releases, amended, [], peer);
        return [kind, ...steps.map((step) => ('leg' in step ? `${step.do} ${step.leg}` : step.do))];
      };

      test('is shown to nobody, and the round goes out without it, wherever it stood', () => {
        const begun = { ...OPEN, state: 'publishing' } as const;
        expect(stepsOf(OPEN, both)).toEqual(['publish', 'commit', `revoke ${USAGE}`, 'complete']);
        expect(stepsOf(begun, both)).toEqual(['publish', `revoke ${USAGE}`, 'complete']);
        expect(stepsOf(begun, [{ ...own, state: 'final' }, other])).toEqual(['publish', `revoke ${USAGE}`, 'complete']);
        expect(stepsOf(begun, halves)).toEqual(['publish', 'complete']);
      });

      test('is taken back with the round where that was begun before', () => {
        for (const state of ['open', 'publishing'] as const)
          expect(stepsOf({ ...OPEN, state, reason: 'its file is another' }, halves)).toEqual([
            'take-back',
            `revoke ${USAGE}`,
            'withhold',
          ]);
      });

      test('and was not promised ends the round: at once where it was to be, a day later for who may not have heard', () => {
        expect(look([own, other], [PURCHASES], plan)).toMatchObject({ kind: 'take-back' });
        const others = planForSide(amend({ legs: PLAN.legs.slice(0, 1) }), { kind: 'peer', party: 'telco' });
        expect(look([own], [USAGE], others)).toEqual({ kind: 'waits' });
        expect(look([own], [USAGE], others, '2026-03-06T12:00:00Z')).toEqual({
          kind: 'take-back',
          reason: `it was missed: version 2 has ${PURCHASES} no more`,
        });
        expect(look([own, other], [USAGE, PURCHASES], others)).toMatchObject({ kind: 'publish' });
      });
    });

    test('and that it meant to promise, and did not, can be replaced again', () => {
      const sealed = { ...own, sealed: SIGNED };
      const inVain = (release: ReleaseRecord, promised: readonly string[], plan = next) =>
        isSealedInVain(release, plan, { versions }, promised);
      expect(inVain(sealed, [])).toBe(true);
      expect(inVain(sealed, [USAGE])).toBe(false);
      expect(inVain(own, [])).toBe(false);
      expect(inVain({ ...under2(USAGE), sealed: SIGNED }, [])).toBe(false);
    });

    test('of which it has taken back the round, nobody else is late: it hears no more of it', () => {
      const late = (state: RoundRecord['state']) => {
        const conduct = conductOf(next, [], { versions, rounds: [{ ...OPEN, state }] });
        const { overdue } = judgeDeliveries(next, conduct, '2026-03-08T00:00:00Z');
        return overdue.filter(({ round }) => round === DAY).map(({ party }) => party);
      };
      expect(late('withheld')).toEqual(['telco']);
      expect(late('open')).toEqual(['telco', 'retail']);
      // Nor of one that another room has taken back, since a leg was left out before it was promised.
      const legs = [...PLAN.legs, { ...PLAN.legs[1]!, id: 'out' }];
      const before = { ...PLAN, legs };
      const placed = [placedFor(before, { to: SIGNED }), placedFor(next, { from: SIGNED })];
      const round = { ...OPEN, legs: legs.map(({ id }) => id) };
      const lateBy = (releases: readonly ReleaseRecord[]) =>
        judgeDeliveries(
          next,
          conductOf(next, [], { versions: placed, rounds: [round], releases }),
          '2026-03-08T00:00:00Z',
        ).overdue.flatMap((each) => (each.round === DAY ? [each.party] : []));
      expect(lateBy([])).toEqual(['telco']);
      expect(lateBy([releaseOf(before, 'out', DAY, { state: 'prepared' })])).toEqual(['telco', 'retail']);
    });
  });

  test('of a version that nobody has signed goes nowhere', () => {
    const unknown = RELEASES.map((release) => ({ ...release, version: 7 }));
    expect(inRoom(amend({}), 'open', unknown)).toMatchObject({ kind: 'waits', missing: [USAGE, PURCHASES] });
  });
});

describe('a leg that an amendment leaves out', () => {
  const next = amend({ legs: PLAN.legs.filter(({ id }) => id !== USAGE) });

  test.each(['open', 'publishing'] as const)('counts as missed in a round that is %s: it is taken back', (state) => {
    const word = `it was missed: version 2 has ${USAGE} no more`;
    const given = RELEASES.slice(1);
    expect(inRoom(next, state, given)).toEqual({
      kind: 'take-back',
      missing: [USAGE],
      reason: word,
      steps: [`revoke ${PURCHASES}`, 'withhold'],
    });
    expect(inRoom(next, state).steps).toEqual([`revoke ${USAGE}`, `revoke ${PURCHASES}`, 'withhold']);
  });

  test('is owed by nobody any more: who was late with it, or failed, no longer is', () => {
    const said = { party: 'telco', leg: USAGE, round: '2026-02-26' };
    const breaches = [
      breachOf(PLAN, { ...said, report: 'late' }),
      breachOf(PLAN, { ...said, report: 'failed', kind: 'failed-release' }),
      breachOf(PLAN, { ...said, leg: PURCHASES, party: 'retail', report: 'other' }),
    ];
    const conduct = conductOf(next, [], { versions: versionsOf(next), breaches });
    const { delivered } = judgeDeliveries(next, conduct, '2026-03-05T13:00:00Z');
    expect(delivered).toEqual([{ report: 'late', at: SIGNED }]);
    expect(listMendedReleases(next, conduct, SIGNED)).toEqual([{ report: 'failed', at: SIGNED }]);
  });
});
