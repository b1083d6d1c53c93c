import { holdBy } from '../../../../lib/domain/exchange/peers/told-breach';
import type { ToldBreachRecord } from '../../../../lib/domain/registry/conduct-records';

type Held = ToldBreachRecord['held'];

/* For how long a breach was known to stand, by the words of it, of which the last is heard at NOW. */
const [FIRST, THEN, NOW] = [
  '2026-01-02T10:00:00.000Z',
  '2026-01-03T10:00:00.000Z',
  '2026-01-04T10:00:00.000Z',
] as const;

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
  expect(holdBy(word, before && { held: before }, NOW)).toEqual(held === undefined ? {} : { held });
});
