import { findWatermark } from '../../../../lib/domain/audit/attribution/find-watermark';
import type { DigestSpan } from '../../../../lib/domain/audit/integrity/digest-span';

const TRAIL = { trail: 'room', account: '111122223333', region: 'eu-central-1' };
const ELSEWHERE = { ...TRAIL, region: 'us-east-1' };

function span(hour: number, change: Partial<DigestSpan> = {}): DigestSpan {
  const at = (of: number) => `2026-03-01T${String(of).padStart(2, '0')}:00:00Z`;
  return { ...TRAIL, backfill: false, from: at(hour), to: at(hour + 1), state: 'whole', ...change };
}

const LOGS = { delivered: ['2026-03-01T08:05:00Z', '2026-03-01T07:00:00Z'], lastAccess: '2026-03-01T02:00:00Z' };

it.each([
  ['the end of the digests, not the last access', [TRAIL], [span(4), span(5, { state: 'quiet' })], {}, '05:45'],
  ['the trail that ends first', [TRAIL, ELSEWHERE], [span(5), span(3, ELSEWHERE)], {}, '03:45'],
  ['a trail without digests does not hold it back', [TRAIL, ELSEWHERE], [span(5)], {}, '05:45'],
  ['a digest that is not believed says nothing', [TRAIL], [span(4), span(5, { state: 'doubted' })], {}, '04:45'],
  [
    'nor does a backfill, or another trail',
    [TRAIL],
    [span(4), span(8, { backfill: true }), span(9, ELSEWHERE)],
    {},
    '04:45',
  ],
  ['not beyond the period', [TRAIL], [span(5)], { to: '2026-03-01T05:00:00Z' }, '05:00'],
  ['without digests, the last log file', [TRAIL], [], {}, '07:50'],
  ['without their names, the last access', [TRAIL], [], { delivered: [] }, '01:45'],
] as const)('%s', (_, trails, spans, change, time) => {
  expect(findWatermark({ trails, spans, ...LOGS, ...change })).toBe(`2026-03-01T${time}:00Z`);
});

it('judges nothing where there is nothing', () => {
  expect(findWatermark({ trails: [], spans: [], delivered: [] })).toBe('1969-12-31T23:45:00Z');
});
