import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { remediesAt } from '../../../../lib/domain/enforcement/breaches/remedies-at';
import { advanceAgreement } from '../../../../lib/domain/enforcement/registration/advance-agreement';
import { entitlementsAt } from '../../../../lib/domain/exchange/entitlements/entitlements-at';
import { breachOf, conductOf, placedFor } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { NOTHING_MADE } from '../../../fixtures/registered';

const MEASURES = ['warn', 'throttle', 'suspend-party', 'suspend-counterpart', 'revoke', 'terminate'] as const;
const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  remedies: MEASURES.map((measure) => ({ on: 'late-delivery', after: 'P3D', do: measure })),
};
const NOW = '2026-06-10T12:00:00Z';
const LATE = { party: 'telco', since: '2026-03-01T00:00:00Z' };
const at = (now: string, changed: Parameters<typeof breachOf>[1] = {}) =>
  remediesAt(PLAN, [breachOf(PLAN, { ...LATE, ...changed })], now, [placedFor(PLAN)]).map((each) => each.do);

test.each<[string, string, string | undefined, readonly string[]]>([
  ['before the remedy’s time', '2026-03-03T23:59:59Z', undefined, []],
  ['from it on', '2026-03-04T00:00:00Z', undefined, MEASURES],
  ['of what was over before it', '2026-03-04T00:00:00Z', '2026-03-03T12:00:00Z', []],
  ['of what was over before it, long after', '2026-06-01T00:00:00Z', '2026-03-03T23:59:59Z', []],
  [
    'of what is over since, what is done once',
    '2026-06-01T00:00:00Z',
    '2026-03-04T00:00:00Z',
    ['warn', 'revoke', 'terminate'],
  ],
  ['of what will be over, all', '2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z', MEASURES],
])('what is due %s', (_, now, resolvedAt, expected) => {
  expect(at(now, resolvedAt === undefined ? {} : { resolvedAt })).toEqual(expected);
});

describe('an amendment', () => {
  const LATE_BY = { on: 'late-delivery' } as const;
  const versionOf = (version: number, remedies: Plan['remedies']): Plan => ({
    ...TELCO_RETAIL_PLAN,
    agreement: { ...TELCO_RETAIL_PLAN.agreement, version },
    legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, retain: 'P1Y' })),
    remedies,
  });
  /** The first holds from the year's first day, each other from the day that it is given. */
  const amend = (first: Plan['remedies'], ...later: readonly (readonly [string, Plan['remedies']])[]) => {
    const days = [undefined, ...later.map(([day]) => `${day}T00:00:00.000Z`)];
    const plans = [first, ...later.map(([, remedies]) => remedies)].map((each, at) => versionOf(at + 1, each));
    const versions = plans.map((plan, at) => {
      const [from, to] = [days[at], days[at + 1]];
      return placedFor(plan, { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
    });
    return { plan: plans.at(-1)!, versions };
  };
  const due = ({ plan, versions }: ReturnType<typeof amend>, changed: Parameters<typeof breachOf>[1], now: string) =>
    remediesAt(plan, [breachOf(plan, { ...LATE, ...changed })], `${now}T00:00:00Z`, versions).map(
      ({ do: measure, from, clause }) => [measure, from.slice(0, 10), clause],
    );
  const WARN = { ...LATE_BY, do: 'warn' } as const;
  const END = { ...LATE_BY, after: 'P3D', do: 'terminate' } as const;
  const STOP = { ...LATE_BY, after: 'P14D', do: 'suspend-party' } as const;
  const warned = ['warn', '2026-03-01', 'remedies[0]'];

  test.each<[string, ReturnType<typeof amend>, string | undefined, string, readonly (readonly string[])[]]>([
    ['adds nothing to what was over', amend([WARN], ['2026-06-01', [WARN, END]]), '2026-03-07', '2026-07-01', [warned]],
    [
      'hastens nothing of what was over',
      amend([WARN, { ...END, after: 'P14D' }], ['2026-06-01', [WARN, END]]),
      '2026-03-07',
      '2026-07-01',
      [warned],
    ],
    [
      'leaves what was over with what it had asked for',
      amend([END], ['2026-06-01', [WARN, END]]),
      '2026-03-07',
      '2026-07-01',
      [['terminate', '2026-03-04', 'remedies[1]']],
    ],
    ['counts what it adds from its day', amend([WARN], ['2026-03-06', [WARN, END]]), undefined, '2026-03-08', [warned]],
    [
      'counts what it adds from its day, and no longer',
      amend([WARN], ['2026-03-06', [WARN, END]]),
      undefined,
      '2026-03-09',
      [warned, ['terminate', '2026-03-09', 'remedies[1]']],
    ],
    [
      'hastens what goes on from its day',
      amend([STOP], ['2026-03-06', [{ ...STOP, after: 'P3D' }]]),
      undefined,
      '2026-06-01',
      [['suspend-party', '2026-03-09', 'remedies[0]']],
    ],
    [
      'that hastens makes nothing later',
      amend([STOP], ['2026-03-14', [{ ...STOP, after: 'P3D' }]]),
      undefined,
      '2026-06-01',
      [['suspend-party', '2026-03-15', 'remedies[0]']],
    ],
    [
      'that leaves a remedy as it is interrupts nothing',
      amend([STOP], ['2026-03-20', [WARN, STOP]]),
      undefined,
      '2026-03-21',
      [
        ['warn', '2026-03-20', 'remedies[0]'],
        ['suspend-party', '2026-03-15', 'remedies[1]'],
      ],
    ],
    [
      'that asks for less than before goes on counting',
      amend([{ ...STOP, do: 'terminate' }], ['2026-03-10', [STOP]]),
      undefined,
      '2026-03-15',
      [['suspend-party', '2026-03-15', 'remedies[0]']],
    ],
    [
      'that is more patient is so at once',
      amend([STOP], ['2026-03-20', [{ ...STOP, after: 'P60D' }]]),
      undefined,
      '2026-03-21',
      [],
    ],
    [
      'is no word of before where one between had no such remedy',
      amend([STOP], ['2026-03-10', [WARN]], ['2026-03-20', [STOP]]),
      undefined,
      '2026-06-01',
      [['suspend-party', '2026-04-03', 'remedies[0]']],
    ],
  ])('%s', (_, amended, over, now, expected) => {
    expect(due(amended, over === undefined ? {} : { resolvedAt: `${over}T00:00:00Z` }, now)).toEqual(expected);
  });

  const RESHARED = { kind: 'resharing', trigger: 'resharing', party: 'retail', leg: 'telco-retail-usage' } as const;
  const REVOKE = { on: 'resharing', do: 'revoke' } as const;

  test('leaves an act with what was agreed when it was done', () => {
    const harder = amend([{ ...REVOKE, do: 'suspend-party' }], ['2026-06-01', [{ ...REVOKE, do: 'terminate' }]]);
    const before = due(harder, { ...RESHARED, since: '2026-03-02T00:00:00Z' }, '2026-07-01');
    expect(before).toEqual([['suspend-party', '2026-03-02', 'remedies[0]']]);
    const after = due(harder, { ...RESHARED, since: '2026-06-02T00:00:00Z' }, '2026-07-01');
    expect(after).toEqual([['terminate', '2026-06-02', 'remedies[0]']]);
  });

  test('that was replaced before its first day was nobody’s word, and what was before the first is by the first', () => {
    const { plan, versions } = amend([STOP], ['2026-07-01', [WARN]], ['2026-03-10', [STOP]]);
    const never = versions.map((each, at) => (at === 1 ? { ...each, to: '2026-03-10T00:00:00.000Z' } : each));
    const amended = { plan, versions: never };
    expect(due(amended, {}, '2026-06-01')).toEqual([['suspend-party', '2026-03-15', 'remedies[0]']]);
    const harder = amend([{ ...REVOKE, do: 'warn' }], ['2026-06-01', [REVOKE]]);
    const act = due(harder, { ...RESHARED, since: '2025-12-31T00:00:00Z' }, '2026-07-01');
    expect(act).toEqual([['warn', '2025-12-31', 'remedies[0]']]);
  });

  test('gives nothing back that was taken for good, up to the day on which it was due', () => {
    const WITHDRAW = { ...LATE_BY, after: 'P3D', do: 'revoke' } as const;
    const milder = amend([WARN, WITHDRAW], ['2026-06-01', [WARN]]);
    const taken = { do: 'revoke', party: 'telco', clause: 'remedies[1]', at: '2026-03-09T08:00:00Z' } as const;
    const stays = [warned, ['revoke', '2026-03-04', 'remedies[1]']];
    expect(due(milder, { taken: [taken] }, '2026-06-02')).toEqual(stays);
    expect(due(milder, { taken: [taken], resolvedAt: '2026-03-10T00:00:00Z' }, '2026-06-02')).toEqual(stays);
    expect(due(milder, {}, '2026-06-02')).toEqual([warned]);
    const overruled = { by: 'retail', at: '2026-06-01T08:00:00Z', reason: 'agreed otherwise' };
    expect(due(milder, { taken: [taken], overruled }, '2026-06-02')).toEqual([]);
    // Where no remedy of then is known any more, up to when it was taken.
    const unknown = { ...taken, clause: '9.1' };
    expect(due(milder, { taken: [unknown] }, '2026-06-02')).toEqual([warned, ['revoke', '2026-03-09', '9.1']]);
    const over = due(milder, { taken: [unknown], resolvedAt: '2026-03-08T00:00:00Z' }, '2026-06-02');
    expect(over).toEqual([warned, ['revoke', '2026-03-08', '9.1']]);
    const [breach, conduct] = [
      breachOf(milder.plan, { ...LATE, taken: [taken] }),
      conductOf(milder.plan, ['2026-02-22']),
    ];
    const [, purchases] = entitlementsAt(
      milder.plan,
      { ...conduct, versions: milder.versions, breaches: [breach] },
      NOW,
    );
    expect(purchases).toMatchObject({ reason: 'withdrawn', clause: 'remedies[1]' });
  });

  test('that adds an end does not end what was late before, and over', () => {
    const { plan, versions } = amend([WARN], ['2026-06-01', [WARN, END]]);
    const current = { agreement: plan.agreement.id, version: 2, history: [], provisioned: NOTHING_MADE };
    const side = planForSide(plan, { kind: 'hosted' });
    const advance = (changed: Parameters<typeof breachOf>[1]) => {
      const conduct = conductOf(plan, ['2026-01-01'], {
        versions,
        breaches: [breachOf(plan, { ...LATE, ...changed })],
      });
      return advanceAgreement(side, { ...current, state: 'active' }, conduct, NOW).state;
    };
    expect(advance({ resolvedAt: '2026-03-07T00:00:00Z' })).toBe('active');
    expect(advance({ since: '2026-06-02T00:00:00Z' })).toBe('ended');
  });
});
