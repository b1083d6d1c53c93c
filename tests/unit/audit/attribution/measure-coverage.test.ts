import { isProven } from '../../../../lib/domain/audit/attribution/is-proven';
import { measureCoverage } from '../../../../lib/domain/audit/attribution/measure-coverage';
import type { DigestSpan } from '../../../../lib/domain/audit/integrity/digest-span';

const TRAIL = { trail: 'room', account: '111122223333', region: 'eu-central-1' };
const PERIOD = { from: '2026-03-01T00:00:00Z', to: '2026-03-01T05:00:00Z' };

it('says of every hour what vouches for it', () => {
  const spans = [
    span('00:00', '01:30'),
    span('01:30', '02:00'),
    span('02:30', '03:00'),
    { ...span('04:00', '05:00'), backfill: true },
    { ...span('04:00', '05:00'), trail: 'another' },
  ];
  const logs = [
    { account: TRAIL.account, region: TRAIL.region, delivered: '2026-03-01T03:40:00Z' },
    { account: TRAIL.account, region: 'us-east-1', delivered: '2026-03-01T04:40:00Z' },
  ];
  expect(measureCoverage([TRAIL], spans, logs, PERIOD).map(({ hour, state }) => [hour, state])).toEqual([
    ['2026-03-01T00:00:00Z', 'validated'],
    ['2026-03-01T01:00:00Z', 'validated'],
    ['2026-03-01T02:00:00Z', 'partly-validated'],
    ['2026-03-01T03:00:00Z', 'logged'],
    ['2026-03-01T04:00:00Z', 'silent'],
  ]);
});

it.each([
  ['a digest that names no log file proves that nothing was logged', [span('00:00', '01:00', 'quiet')], false, 'quiet'],
  ['without a digest, nobody can say whether anything was', [], false, 'silent'],
  ['a log file that a digest names is missing', [span('00:00', '01:00', 'lacking')], true, 'incomplete'],
  [
    'a log file that only the backfill names is missing',
    [span('00:00', '01:00'), { ...span('00:00', '01:00', 'lacking'), backfill: true }],
    true,
    'incomplete',
  ],
  [
    'the backfill names log files of an hour that seemed quiet',
    [span('00:00', '01:00', 'quiet'), { ...span('00:00', '01:00'), backfill: true }],
    false,
    'validated',
  ],
  ['a digest that is not believed vouches for nothing', [span('00:00', '01:00', 'doubted')], false, 'silent'],
  ['a digest that is not believed, and log files', [span('00:00', '01:00', 'doubted')], true, 'logged'],
  ['half an hour twice is half an hour', [span('00:00', '00:30'), span('00:00', '00:30')], true, 'partly-validated'],
] as const)('%s', (_, spans, hasLog, state) => {
  const logs = hasLog ? [{ ...TRAIL, delivered: '2026-03-01T00:05:00Z' }] : [];
  const [hour] = measureCoverage([TRAIL], spans, logs, PERIOD);
  expect(hour?.state).toBe(state);
  expect(isProven({ state })).toBe(state === 'validated' || state === 'quiet');
});

it('asks for every trail and region, and begun hours count', () => {
  const elsewhere = { ...TRAIL, region: 'us-east-1' };
  const period = { from: '2026-03-01T00:10:00Z', to: '2026-03-01T01:10:00Z' };
  const cells = measureCoverage([TRAIL, elsewhere], [], [], period);
  expect(cells).toHaveLength(4);
  expect(new Set(cells.map(({ state }) => state))).toEqual(new Set(['silent']));
  expect(measureCoverage([TRAIL], [], [], { from: PERIOD.to, to: PERIOD.from })).toEqual([]);
});

it('of begun hours, what is in the period has to be covered', () => {
  const told = (from: string, to: string) =>
    measureCoverage([TRAIL], [span('00:10', '01:20')], [], {
      from: `2026-03-01T${from}:00Z`,
      to: `2026-03-01T${to}:00Z`,
    });
  expect(told('00:10', '01:20').map(({ state }) => state)).toEqual(['validated', 'validated']);
  expect(told('00:09', '01:20').map(({ state }) => state)).toEqual(['partly-validated', 'validated']);
  expect(told('00:10', '01:21').map(({ state }) => state)).toEqual(['validated', 'partly-validated']);
});

function span(from: string, to: string, state: DigestSpan['state'] = 'whole'): DigestSpan {
  return { ...TRAIL, backfill: false, from: `2026-03-01T${from}:00Z`, to: `2026-03-01T${to}:00Z`, state };
}
