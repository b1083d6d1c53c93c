import { measureCoverage } from '../../../../lib/domain/audit/attribution/measure-coverage';
import type { DigestChain } from '../../../../lib/domain/audit/integrity/verify-chain';

const TRAIL = { trail: 'room', account: '111122223333', region: 'eu-central-1' };
const PERIOD = { from: '2026-03-01T00:00:00Z', to: '2026-03-01T05:00:00Z' };

it('says of every hour what vouches for it', () => {
  const chains = [
    chain('2026-03-01T00:00:00Z', '2026-03-01T01:30:00Z'),
    chain('2026-03-01T01:30:00Z', '2026-03-01T02:00:00Z'),
    chain('2026-03-01T02:30:00Z', '2026-03-01T03:00:00Z'),
    { ...chain('2026-03-01T04:00:00Z', '2026-03-01T05:00:00Z'), backfill: true },
    { ...chain('2026-03-01T04:00:00Z', '2026-03-01T05:00:00Z'), trail: 'another' },
  ];
  const logs = [
    { account: TRAIL.account, region: TRAIL.region, delivered: '2026-03-01T03:40:00Z' },
    { account: TRAIL.account, region: 'us-east-1', delivered: '2026-03-01T04:40:00Z' },
  ];
  expect(measureCoverage([TRAIL], chains, logs, PERIOD).map(({ hour, state }) => [hour, state])).toEqual([
    ['2026-03-01T00:00:00Z', 'validated'],
    ['2026-03-01T01:00:00Z', 'validated'],
    ['2026-03-01T02:00:00Z', 'partly-validated'],
    ['2026-03-01T03:00:00Z', 'logged'],
    ['2026-03-01T04:00:00Z', 'silent'],
  ]);
});

it('asks for every trail and region, and begun hours count', () => {
  const elsewhere = { ...TRAIL, region: 'us-east-1' };
  const period = { from: '2026-03-01T00:10:00Z', to: '2026-03-01T01:10:00Z' };
  const cells = measureCoverage([TRAIL, elsewhere], [], [], period);
  expect(cells).toHaveLength(4);
  expect(new Set(cells.map(({ state }) => state))).toEqual(new Set(['silent']));
  expect(measureCoverage([TRAIL], [], [], { from: PERIOD.to, to: PERIOD.from })).toEqual([]);
});

function chain(from: string, to: string): DigestChain {
  return { ...TRAIL, backfill: false, from, to, digests: 1, startsHere: true };
}
