import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { whenGrantIsDue } from '../../../../lib/domain/enforcement/breaches/when-grant-is-due';
import type { BreachRecord, ToldBreachRecord } from '../../../../lib/domain/registry/conduct-records';
import { listPauses, type Pause } from '../../../../lib/domain/registry/list-pauses';
import { breachOf, placedFor } from '../../../fixtures/conduct';
import { planSwaps } from '../../../fixtures/swaps-of-four';

const PLAN: Plan = {
  ...planSwaps([
    [0, 1],
    [1, 0],
    [0, 2],
    [2, 0],
    [1, 3],
  ]),
  remedies: [{ on: 'resharing', do: 'suspend-party' }],
};
const findLeg = (from: string, to: string) => PLAN.legs.find((leg) => leg.from === from && leg.to === to)!;
const legOf = (from: string, to: string) => findLeg(from, to).id;
const day = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString();

/** How long two parties withhold something from each other after the word for it is over. */
const LONGER = 0.25;

/** What pamber said of pbirch, and from which hour to which both withheld something by it. */
function wordOf(from: number, to?: number, more: Partial<ToldBreachRecord> = {}): ToldBreachRecord {
  const { id: agreement, version, content } = PLAN.agreement;
  return {
    ...{ agreement, version, content, from: 'pamber', report: `resharing:pbirch:${from}`, kind: 'resharing' },
    ...{
      party: 'pbirch',
      leg: legOf('pamber', 'pbirch'),
      since: day(from),
      measures: ['suspend-party'],
      at: day(from),
    },
    ...{
      state: to === undefined ? 'stands' : 'over',
      held: { from: day(from), withheldFrom: day(from), ...(to === undefined ? {} : { to: day(to - LONGER) }) },
    },
    ...{ publicKey: 'key', algorithm: 'ed25519', signature: 'signed' },
    ...more,
  };
}

const { held: _, ...NEVER_STOOD } = wordOf(6, 12);

const STOOD_FOR_SIX = { from: day(6), withheldFrom: day(11), to: day(12 - LONGER) };

const due = (told: readonly ToldBreachRecord[], leg = findLeg('pbirch', 'pamber'), pauses: readonly Pause[] = []) =>
  whenGrantIsDue(PLAN, { breaches: [], told, pauses, earlier: [], versions: [] }, leg, { begin: day(0), span: 'P1D' });

/* Who has a day from midnight on to grant: until which hour, where some of it was withheld by a word. */
test.each<[string, number, readonly ToldBreachRecord[]]>([
  ['nothing', 24, []],
  ['six hours', 30, [wordOf(6, 12)]],
  ['hours that began before the day did', 27, [wordOf(-9, 3)]],
  ['hours that were over before it began', 24, [wordOf(-9, -3)]],
  ['hours after it was over', 24, [wordOf(24, 30)]],
  ['hours that only the hours before them leave a day for', 36, [wordOf(6, 12), wordOf(26, 32)]],
  ['two whiles, the later told first', 32, [wordOf(12, 14), wordOf(2, 8)]],
  ['two whiles that overlap', 32, [wordOf(2, 8), wordOf(6, 10)]],
  ['two whiles, one within the other', 32, [wordOf(2, 10), wordOf(4, 6)]],
  ['two whiles, one within the other, and a third', 34, [wordOf(2, 10), wordOf(4, 6), wordOf(11, 13)]],
  ['what still stands: nothing is due meanwhile', 24, [wordOf(6)]],
  ['what never stood here', 24, [NEVER_STOOD]],
  ['what stood for six hours, and withheld something for one', 25, [wordOf(6, 12, { held: STOOD_FOR_SIX })]],
  ['what stood, and withheld nothing', 24, [wordOf(6, 12, { held: { from: day(6), to: day(12) } })]],
])('a day to grant ends at its hour, by a word of %s', (_, hour, told) => {
  expect(due(told)).toBe(day(hour));
});

test.each<[string, string, number]>([
  ['pamber', 'pbirch', 30],
  ['pbirch', 'pamber', 30],
  ['pamber', 'pcedar', 24],
  ['pcedar', 'pamber', 24],
])('what %s gives to %s is due at that hour', (from, to, hour) => {
  expect(due([wordOf(6, 12)], findLeg(from, to))).toBe(day(hour));
});

test.each<[string, number, readonly ToldBreachRecord[]]>([
  ['that begins while the first withholds still', 36, [wordOf(6, 12), wordOf(12 - LONGER, 18)]],
  ['that begins as the first ends to withhold', 36, [wordOf(6, 12), wordOf(12, 18)]],
  ['that begins a minute later', 30, [wordOf(6, 12), wordOf(12 + 1 / 60, 18)]],
])('a giver’s own second word %s puts off what it owes until hour %p', (_, hour, told) => {
  expect(due(told, findLeg('pamber', 'pbirch'))).toBe(day(hour));
});

const pause = (from: number, to: number, ...by: readonly string[]): Pause => ({ from: day(from), to: day(to), by });

test.each<[string, number, readonly Pause[]]>([
  ['its receiver', 30, [pause(6, 12, 'pamber')]],
  ['a third', 30, [pause(6, 12, 'pcedar')]],
  ['its giver alone', 24, [pause(6, 12, 'pbirch')]],
  ['its giver and a third', 30, [pause(6, 12, 'pbirch', 'pcedar')]],
  ['a third, for three days', 96, [pause(6, 78, 'pcedar')]],
  ['a third, before its time began', 24, [pause(-9, -3, 'pcedar')]],
])('what stood still by %s is not counted', (_, hour, pauses) => {
  expect(due([], findLeg('pbirch', 'pamber'), pauses)).toBe(day(hour));
});

/** Who said at which hour that it stands still, or goes on. */
type Said = readonly [act: 'suspend' | 'resume', by: string, hour: number];

test.each<[string, number, readonly Said[]]>([
  [
    'its giver alone',
    24,
    [
      ['suspend', 'pbirch', 2],
      ['resume', 'pbirch', 242],
    ],
  ],
  [
    'its giver, and another for an hour meanwhile',
    24,
    [
      ['suspend', 'pbirch', 2],
      ['suspend', 'pcedar', 100],
      ['resume', 'pcedar', 101],
      ['resume', 'pbirch', 242],
    ],
  ],
  [
    'its giver, and another for an hour at first',
    25,
    [
      ['suspend', 'pbirch', 2],
      ['suspend', 'pcedar', 2],
      ['resume', 'pcedar', 3],
      ['resume', 'pbirch', 242],
    ],
  ],
  [
    'another, and its giver for longer',
    27,
    [
      ['suspend', 'pcedar', 2],
      ['suspend', 'pbirch', 4],
      ['resume', 'pcedar', 5],
      ['resume', 'pbirch', 242],
    ],
  ],
  [
    'two others, one after the other',
    30,
    [
      ['suspend', 'pcedar', 2],
      ['suspend', 'pamber', 4],
      ['resume', 'pcedar', 5],
      ['resume', 'pamber', 8],
    ],
  ],
])('of what stood still by %s, only what others had so puts it off', (_, hour, said) => {
  const holders = new Set<string>();
  const history = said.map(([act, by, at]) => {
    if (act === 'suspend') holders.add(by);
    else holders.delete(by);
    const to = holders.size > 0 ? ('suspended' as const) : ('active' as const);
    return { act, by, at: day(at), from: 'suspended' as const, to, reason: 'a leak', clause: 'parties' };
  });
  expect(due([], findLeg('pbirch', 'pamber'), listPauses(history))).toBe(day(hour));
});

/** A breach of pamber for which a remedy suspended it at six. */
const suspended = (changed: Partial<BreachRecord> = {}) =>
  breachOf(PLAN, {
    ...{ kind: 'resharing', trigger: 'resharing', party: 'pamber', since: day(5) },
    taken: [{ do: 'suspend-party', party: 'pamber', clause: 'remedies[0]', at: day(6) }],
    ...changed,
  });
const overruled = { by: 'A. Human', at: day(12), reason: 'agreed by telephone' };
const WITHOUT: Plan = { ...PLAN, agreement: { ...PLAN.agreement, version: 2 }, remedies: [] };

test.each<[string, string, string, number, BreachRecord]>([
  ['until it was over', 'pbirch', 'pamber', 30, suspended({ resolvedAt: day(12) })],
  ['until a person overruled it', 'pbirch', 'pamber', 30, suspended({ overruled })],
  ['until it was over, and overruled later', 'pbirch', 'pamber', 28, suspended({ overruled, resolvedAt: day(10) })],
  ['and is still: nothing is due meanwhile', 'pbirch', 'pamber', 24, suspended()],
  ['which withholds nothing from another', 'pamber', 'pbirch', 24, suspended({ resolvedAt: day(12) })],
  ['nor between others', 'pbirch', 'pdelta', 24, suspended({ resolvedAt: day(12) })],
  [
    'and it was warned alone',
    'pbirch',
    'pamber',
    24,
    suspended({ resolvedAt: day(12), taken: [{ do: 'warn', party: 'pamber', clause: 'remedies[0]', at: day(6) }] }),
  ],
])('a remedy had suspended pamber %s: what %s gives to %s', (_, from, to, hour, breach) => {
  const conduct = { breaches: [breach], earlier: [], versions: [placedFor(PLAN)] };
  expect(whenGrantIsDue(PLAN, conduct, findLeg(from, to), { begin: day(0), span: 'P1D' })).toBe(day(hour));
});

test('a remedy that an amendment has no more withheld until that came into force', () => {
  const versions = [placedFor(PLAN, { to: day(9) }), placedFor(WITHOUT, { from: day(9) })];
  const conduct = {
    breaches: [suspended({ kind: 'late-delivery', trigger: 'late-delivery' })],
    earlier: [PLAN],
    versions,
  };
  expect(whenGrantIsDue(WITHOUT, conduct, findLeg('pbirch', 'pamber'), { begin: day(0), span: 'P1D' })).toBe(day(27));
});

test('what stood still while it was withheld is not counted twice', () => {
  expect(due([wordOf(2, 8)], findLeg('pbirch', 'pamber'), [pause(6, 12, 'pcedar')])).toBe(day(34));
});

test('a word of who gives the other nothing holds nothing', () => {
  expect(due([wordOf(6, 12, { from: 'pdelta', leg: legOf('pbirch', 'pdelta') })], findLeg('pbirch', 'pdelta'))).toBe(
    day(24),
  );
});

test.each<[ToldBreachRecord['kind'], number]>([
  ['resharing', 30],
  ['late-delivery', 24],
  ['failed-release', 24],
  ['committed-not-granted', 24],
  ['other-than-committed', 24],
  ['equivocation', 30],
])('a word of %s holds what it holds, where it does not end by giving', (kind, hour) => {
  const remedies: Plan['remedies'] = (['resharing', 'late-delivery', 'failed-release'] as const).map((on) => ({
    on,
    do: 'suspend-party',
  }));
  const plan = { ...PLAN, remedies };
  const told = [wordOf(6, 12, { kind })];
  const given = { begin: day(0), span: 'P1D' };
  expect(
    whenGrantIsDue(plan, { breaches: [], told, earlier: [], versions: [] }, findLeg('pbirch', 'pamber'), given),
  ).toBe(day(hour));
});
