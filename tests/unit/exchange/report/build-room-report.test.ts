import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { buildRoomReport } from '../../../../lib/domain/exchange/report/build-room-report';
import type { Evidence } from '../../../../lib/domain/exchange/report/room-report';
import type { RoundOutcome } from '../../../../lib/domain/exchange/rounds/round';
import { deliverRound, SECRET_DETAIL, withholdRound } from '../../../fixtures/round-outcome';
import { makePlanWithoutClasses, makeTwoPartyPlan } from '../../../fixtures/sample-plan';

const META = { toolVersion: '0.1.0', produced: '2026-03-02' };
const plan = makeTwoPartyPlan();
const delivered = buildRoomReport(plan, deliverRound(plan), META);
const withheld = buildRoomReport(plan, withholdRound(plan), META);

test('what is for the giver alone stays behind', () => {
  expect(JSON.stringify(withholdRound(plan))).toContain('gold-plated-oddity');
  expect(JSON.stringify(withheld)).not.toContain('gold-plated-oddity');
  expect(SECRET_DETAIL).toContain('gold-plated-oddity');
});

test('every gate has a state: passed, failed, not reached after a failure, not needed without classes', () => {
  const states = (report: typeof delivered) => report.legs.map((leg) => leg.gates.map(({ state }) => state));
  expect(states(delivered)[0]).toEqual(['passed', 'passed', 'passed', 'passed', 'passed', 'not-needed', 'passed']);
  const after = ['not-reached', 'not-reached', 'not-reached'];
  expect(states(withheld)[0]).toEqual(['passed', 'failed', ...after, 'not-needed', 'not-reached']);
  const expecting = { ...plan, legs: plan.legs.map((leg) => ({ ...leg, expects: { subjects: 1 } })) };
  expect(states(buildRoomReport(expecting, withholdRound(expecting), META))[0]).toEqual([
    ...['passed', 'failed', ...after, 'not-reached', 'not-reached'],
  ]);
  const bare = makePlanWithoutClasses();
  expect(states(buildRoomReport(bare, deliverRound(bare), META))[0]).toEqual([
    'passed',
    'not-needed',
    'not-needed',
    'passed',
    'passed',
    'not-needed',
    'passed',
  ]);
});

test('a leg of the plan that the round never reached is reported as not judged', () => {
  const outcome = withholdRound(plan);
  const { legs } = buildRoomReport(plan, { ...outcome, legs: outcome.legs.slice(0, 1) }, META);
  expect(legs.map(({ state }) => state)).toEqual(['failed', 'not-judged']);
});

test('a certified leg that fairness stops has failed, and keeps its figures', () => {
  const outcome = deliverRound(plan);
  const legs = outcome.legs.map((leg) => ({
    ...leg,
    gates: leg.gates.map((gate) => (gate.gate === 'fairness' ? { ...gate, passed: false } : gate)),
  }));
  const report = buildRoomReport(plan, { ...outcome, kind: 'withheld', legs }, META);
  expect(report.legs.map(({ state }) => state)).toEqual(['failed', 'failed']);
  expect(report.legs[0]?.certificate?.privacy?.k).toBe(10);
});

describe('a floor by the population and by risk', () => {
  const asked = {
    ...plan,
    datasets: plan.datasets.map(({ privacy, ...dataset }) => {
      const more = { kMap: 20, presence: { atLeast: 0.01, atMost: 0.5 }, risk: { average: 0.1, maximum: 0.2 } };
      return { ...dataset, ...(privacy === undefined ? {} : { privacy: { ...privacy, ...more } }) };
    }),
  };
  const judge = (measured: { readonly kMap?: number; readonly greatest?: number; readonly prosecutor?: number }) => {
    const { kMap = 20, greatest = 0.5, prosecutor = 0.2 } = measured;
    const outcome = deliverRound(asked);
    const legs = outcome.legs.map((leg) => {
      const { privacy, ...certificate } = leg.certificate!;
      const after = { prosecutor, journalist: 0.05, marketer: 0.08, unique: 0 };
      const found = { ...privacy!, kMap, presence: { least: 0.02, greatest } };
      return { ...leg, certificate: { ...certificate, privacy: found, risk: { before: after, after } } };
    });
    const report = buildRoomReport(asked, { ...outcome, legs }, META);
    const checks = report.legs[0]!.floor.filter(({ control }) => /k-map|presence|risk/.test(control));
    return checks.map(({ control, figure, agreed, measured: was, holds }) => [control, figure, agreed, was, holds]);
  };

  test('shows every figure that was agreed beside what was measured', () => {
    expect(judge({})).toEqual([
      ['privacy.k-map', undefined, 20, 20, true],
      ['privacy.presence', 'least', 0.01, 0.02, true],
      ['privacy.presence', 'greatest', 0.5, 0.5, true],
      ['privacy.risk', 'average', 0.1, 0.08, true],
      ['privacy.risk', 'maximum', 0.2, 0.2, true],
    ]);
  });

  test.each([
    ['privacy.k-map', { kMap: 19 }],
    ['privacy.presence', { greatest: 0.51 }],
    ['privacy.risk', { prosecutor: 0.25 }],
  ])('and that %s does not hold', (control, measured) => {
    const broken = judge(measured).filter(([, , , , holds]) => holds === false);
    expect(broken.map(([of]) => of)).toEqual([control]);
  });

  test.each(['privacy.k-map', 'privacy.presence', 'privacy.risk'])(
    'a clause that is bound to %s shows it',
    (control) => {
      const bound = {
        ...asked,
        clauses: [{ id: '4.9', text: 'So.', controls: [control], legalOnly: false }],
        controls: [{ ...asked.controls[0]!, id: control }],
      } as Plan;
      const [clause] = buildRoomReport(bound, deliverRound(bound), META).clauses;
      const kinds = clause?.controls[0]?.evidence.map((entry) =>
        entry.kind === 'floor' ? entry.check.control : entry.kind,
      );
      expect(new Set(kinds)).toEqual(new Set([control]));
    },
  );
});

describe('floor', () => {
  function checksFor(measured: Partial<Record<'k' | 'distinct' | 'distance' | 'suppressed', number>>) {
    const outcome = deliverRound(plan);
    const [leg] = outcome.legs;
    const privacy = {
      ...leg!.certificate!.privacy!,
      ...(measured.k !== undefined && { k: measured.k }),
      ...(measured.suppressed !== undefined && { suppressed: measured.suppressed }),
      ...(measured.distinct !== undefined && {
        l: [{ column: 'churned', distinct: measured.distinct, shared: 1 / measured.distinct }],
      }),
      ...(measured.distance !== undefined && {
        t: [{ column: 'churned', distance: measured.distance, measure: 'equal' as const }],
      }),
    };
    const changed = { ...leg!, certificate: { ...leg!.certificate!, privacy } };
    const round: RoundOutcome = { ...outcome, legs: [changed, ...outcome.legs.slice(1)] };
    return buildRoomReport(plan, round, META).legs[0]!.floor;
  }

  test.each([
    ['privacy.k', { k: 10 }, true],
    ['privacy.k', { k: 9 }, false],
    ['privacy.l', { distinct: 2 }, true],
    ['privacy.l', { distinct: 1 }, false],
    ['privacy.t', { distance: 0.3 }, true],
    ['privacy.t', { distance: 0.3001 }, false],
    ['privacy.suppression', { suppressed: 0.05 }, true],
    ['privacy.suppression', { suppressed: 0.0501 }, false],
  ] as const)('%s with %j holds: %p', (control, measured, holds) => {
    expect(checksFor(measured).find((check) => check.control === control)?.holds).toBe(holds);
  });

  test('what was not measured neither holds nor breaks', () => {
    const checks = withheld.legs[0]?.floor ?? [];
    expect(checks).toHaveLength(4);
    for (const check of checks) expect(check).not.toHaveProperty('holds');
  });
});

describe('clauses', () => {
  function evidenceFor(control: string, round: (plan: Plan) => RoundOutcome, base = plan): readonly Evidence[] {
    const clause = { id: '1', text: 'It is so.', controls: [control], legalOnly: false };
    const controls = [{ id: control, title: control, enforcedBy: 'release', setting: '' } as const];
    const bound: Plan = { ...base, clauses: [clause], controls };
    return buildRoomReport(bound, round(bound), META).clauses[0]?.controls[0]?.evidence ?? [];
  }

  test.each([
    ['privacy.k', ['floor', 'floor'], ['unmeasured', 'floor']],
    ['privacy.l', ['floor', 'floor'], ['unmeasured', 'floor']],
    ['privacy.t', ['floor', 'floor'], ['unmeasured', 'floor']],
    ['privacy.suppression', ['floor', 'floor'], ['unmeasured', 'floor']],
    ['privacy.discovery', ['searched', 'searched'], ['unmeasured', 'searched']],
    ['trace.watermark', [], []],
    ['treatment.token', ['treated', 'treated'], ['unmeasured', 'treated']],
    ['treatment.mask', ['treated', 'treated'], ['unmeasured', 'treated']],
    ['treatment.drop', ['treated'], ['unmeasured']],
    ['treatment.generalise', ['treated', 'treated'], ['unmeasured', 'treated']],
    ['treatment.date-shift', ['treated'], ['unmeasured']],
    ['cleaning.checks', ['cleaned'], ['cleaned']],
    ['cleaning.dedupe', ['cleaned'], ['cleaned']],
    ['cleaning.rejection', ['cleaned', 'cleaned'], ['cleaned', 'cleaned']],
    ['certificate.measured', ['certified', 'certified'], ['unmeasured', 'certified']],
    ['escrow.all-or-none', ['escrow'], ['escrow']],
    ['fairness.balance', ['balance', 'balance'], ['balance', 'balance']],
    ['something.new', ['applied'], ['applied']],
  ])('%s shows %j when delivered, %j when the first leg stops', (control, whenDelivered, whenWithheld) => {
    expect(evidenceFor(control, deliverRound).map(({ kind }) => kind)).toEqual(whenDelivered);
    expect(evidenceFor(control, withholdRound).map(({ kind }) => kind)).toEqual(whenWithheld);
  });

  test('a mark is shown for the legs that have one', () => {
    const marked = { ...plan, legs: plan.legs.map((leg, at) => (at === 0 ? { ...leg, watermark: 0.001 } : leg)) };
    expect(evidenceFor('trace.watermark', deliverRound, marked)).toEqual([{ kind: 'applied' }]);
    expect(evidenceFor('trace.watermark', withholdRound, marked)).toMatchObject([{ kind: 'unmeasured', leg: 0 }]);
  });

  test('evidence carries the measured figures', () => {
    expect(evidenceFor('treatment.token', deliverRound)).toEqual([
      { kind: 'treated', leg: 0, columns: ['msisdn'] },
      { kind: 'treated', leg: 1, columns: ['card'] },
    ]);
    expect(evidenceFor('privacy.k', deliverRound)[1]).toMatchObject({ leg: 1, check: { agreed: 10, measured: 13 } });
    expect(evidenceFor('escrow.all-or-none', withholdRound)).toEqual([
      { kind: 'escrow', delivered: false, certified: 1, legs: 2 },
    ]);
    expect(evidenceFor('privacy.k', withholdRound)[0]).toEqual({ kind: 'unmeasured', leg: 0, stoppedAt: 'hierarchy' });
  });

  test('a dataset without classes has nothing to show for a floor', () => {
    expect(evidenceFor('privacy.k', deliverRound, makePlanWithoutClasses())).toEqual([]);
  });

  test('each clause is bound to the release, the room or the law', () => {
    const count = (binding: string): number => delivered.clauses.filter((clause) => clause.binding === binding).length;
    expect([count('release'), count('room'), count('legal-only')]).toEqual([7, 1, 1]);
  });
});

test('a plan that lacks the dataset of its leg is refused', () => {
  const broken = { ...plan, datasets: plan.datasets.slice(1) };
  expect(() => buildRoomReport(broken, deliverRound(plan), META)).toThrow('dataset "usage"');
});
