import { holdBy } from '../../../../lib/domain/exchange/peers/told-breach';
import type { ToldBreachRecord } from '../../../../lib/domain/registry/conduct-records';

type Held = ToldBreachRecord['held'];

/* For how long a breach was known to stand, by the words of it, of which the last is heard at NOW. */
const [FIRST, THEN, NOW] = [
  '2026-01-02T10:00:00.000Z',
  '2026-01-03T10:00:00.000Z',
  '2026-01-04T10:00:00.000Z',
] as const;

test.each<[string, ToldBreachRecord['state'], Held, Held]>([
  ['first that it stands', 'stands', undefined, { from: NOW }],
  ['that it still stands', 'stands', { from: FIRST }, { from: FIRST }],
  ['that it is over', 'over', { from: FIRST }, { from: FIRST, to: NOW }],
  ['that it is overruled', 'overruled', { from: FIRST }, { from: FIRST, to: NOW }],
  ['that it is over, once more', 'over', { from: FIRST, to: THEN }, { from: FIRST, to: THEN }],
  ['first that it is over', 'over', undefined, undefined],
])('a word says %s', (_, state, before, held) => {
  const known = before === undefined ? undefined : { held: before };
  expect(holdBy({ state }, known, NOW)).toEqual(held === undefined ? {} : { held });
});
