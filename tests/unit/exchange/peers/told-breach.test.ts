import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { holdBy } from '../../../../lib/domain/exchange/peers/told-breach';
import type { ToldBreachRecord } from '../../../../lib/domain/registry/conduct-records';
import { conductOf } from '../../../fixtures/conduct';
import { wordOf } from '../../../fixtures/party-keys';
import { planSwaps } from '../../../fixtures/swaps-of-four';

type Held = ToldBreachRecord['held'];

/* For how long a breach was known to stand, by the words of it, of which the last is heard at NOW. */
const [FIRST, THEN, NOW] = [
  '2026-01-02T10:00:00.000Z',
  '2026-01-03T10:00:00.000Z',
  '2026-01-04T10:00:00.000Z',
] as const;

/** pamber and pbirch swap, and so do pbirch and pcedar. */
const PLAN: Plan = {
  ...planSwaps([
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
  ]),
  remedies: [
    { on: 'resharing', do: 'suspend-counterpart' },
    { on: 'resharing', after: 'PT20H', do: 'suspend-party' },
  ],
};
const ON = { plan: planForSide(PLAN, { kind: 'peer', party: 'pbirch' }), conduct: conductOf(PLAN) };
const [WITH_PAMBER, WITH_PCEDAR] = [PLAN.legs[0]!.id, PLAN.legs[3]!.id];

const SUSPENDED: ToldBreachRecord['measures'] = ['suspend-party'];

test.each<[string, Pick<ToldBreachRecord, 'state' | 'measures'>, Held, Held]>([
  ['first that it stands', { state: 'stands', measures: [] }, undefined, { from: NOW }],
  ['first that it suspends', { state: 'stands', measures: SUSPENDED }, undefined, { from: NOW, withheldFrom: NOW }],
  [
    'first that it suspends the counterpart',
    { state: 'stands', measures: ['suspend-counterpart'] },
    undefined,
    { from: NOW, withheldFrom: NOW },
  ],
  ['first that it warns', { state: 'stands', measures: ['warn'] }, undefined, { from: NOW }],
  [
    'that it suspends by now',
    { state: 'stands', measures: SUSPENDED },
    { from: FIRST },
    { from: FIRST, withheldFrom: NOW },
  ],
  [
    'that it still suspends',
    { state: 'stands', measures: ['warn', 'suspend-counterpart'] },
    { from: FIRST, withheldFrom: THEN },
    { from: FIRST, withheldFrom: THEN },
  ],
  ['that it still stands', { state: 'stands', measures: [] }, { from: FIRST }, { from: FIRST }],
  ['that it is over', { state: 'over', measures: [] }, { from: FIRST }, { from: FIRST, to: NOW }],
  [
    'that what it suspended for is overruled',
    { state: 'overruled', measures: SUSPENDED },
    { from: FIRST, withheldFrom: THEN },
    { from: FIRST, withheldFrom: THEN, to: NOW },
  ],
  [
    'that it suspended, once it is over',
    { state: 'over', measures: SUSPENDED },
    { from: FIRST },
    { from: FIRST, to: NOW },
  ],
  ['that it is over, once more', { state: 'over', measures: [] }, { from: FIRST, to: THEN }, { from: FIRST, to: THEN }],
  ['first that it is over', { state: 'over', measures: SUSPENDED }, undefined, undefined],
])('a word says %s', (_, word, before, held) => {
  const said = wordOf(PLAN, { from: 'pamber', party: 'pbirch', at: NOW }, { leg: WITH_PAMBER, ...word });
  expect(holdBy(ON, said, before && { held: before }, NOW)).toEqual(held === undefined ? {} : { held });
});

test.each<[string, ToldBreachRecord['measures'], Held]>([
  ['what its speaker gives', ['suspend-party'], { from: NOW, withheldFrom: NOW }],
  ['nothing of its speaker', ['suspend-counterpart'], { from: NOW }],
  ['both', ['suspend-counterpart', 'suspend-party'], { from: NOW, withheldFrom: NOW }],
])('a word on what pbirch did with another’s data withholds %s', (_, measures, held) => {
  const said = wordOf(PLAN, { from: 'pamber', party: 'pbirch', at: NOW }, { leg: WITH_PCEDAR, measures });
  expect(holdBy(ON, said, undefined, NOW)).toEqual({ held });
});
