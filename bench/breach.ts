import { performance } from 'node:perf_hooks';
import { AT_HOME, describeDownload } from '../tests/local-cloud/describe-download';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../tests/local-cloud/ring-room';
import { takeQueued } from '../tests/local-cloud/take-queued';

const REPEATS = 5;
const LEG = PLAN.legs[2]!;
/** Of whoever overrules a breach. */
const ACCOUNT = '123456789012';

/**
 * From an event that tells of a breach until its receiver is shut out: the functions as deployed, against moto on this machine,
 * warm. What AWS adds (the event's own way, up to a minute until the schedule looks) is not in it.
 */
export async function benchBreach(print: (line: string) => void = console.log): Promise<void> {
  const parties = PLAN.parties.map((party) => (party.id === LEG.to ? { ...party, ...AT_HOME } : party));
  const room = await startRingRoom({ parties, remedies: [{ on: 'forbidden-access', do: 'suspend-party' }] });
  try {
    await room.agree();
    await room.reconcile();
    for (const leg of [0, 1, 2]) await room.deliver(leg);
    for (let calls = 0; calls < 3; calls += 1) await room.publish();
    await room.reconcile();
    // The first starts every function.
    const runs = [];
    for (let day = 1; day <= REPEATS + 1; day += 1) runs.push(await runOnce(room, day));
    const warm = runs.slice(1);
    print(['', 'time', 'calls of AWS'].map((cell) => cell.padStart(26)).join(''));
    for (const [at, step] of STEPS.entries()) {
      const times = warm.map(({ steps }) => steps[at]!.ms);
      print([step, `${median(times).toFixed(0)} ms`, String(warm[0]!.steps[at]!.calls)].map(pad).join(''));
    }
    const sums = warm.map(({ steps }) => steps.reduce((sum, { ms }) => sum + ms, 0));
    print(['event to revoked', `${median(sums).toFixed(0)} ms`].map(pad).join(''));
  } finally {
    await room.local.stop();
  }
}

const STEPS = ['record-access', 'watch-accesses', 'handle-breach', 'reconcile-entitlements'] as const;

async function runOnce(room: RingRoom, day: number) {
  const now = new Date(Date.UTC(2026, 0, 1 + day, 12)).toISOString();
  const time = (minutes: number) => new Date(Date.parse(now) + minutes * 60_000).toISOString();
  const report = `foreign-network:${LEG.to}:${LEG.id}:${now.slice(0, 10)}`;
  const bucket = room.local.environmentOf('publish-round').LAKE_BUCKET ?? '';
  const server = (await room.registry.current(AGREEMENT).read())?.provisioned.sftpServer ?? '';
  const told = (type: string, at: string, detail: object) => ({
    id: `${type}-${at}`.replaceAll(' ', '-'),
    time: at,
    account: ACCOUNT,
    source: 'barter.room',
    'detail-type': type,
    detail: { agreement: AGREEMENT, report, ...detail },
  });
  const events = [
    describeDownload({ bucket, agreement: AGREEMENT, leg: LEG, day: DAY, time: now, ip: '203.0.113.9', server }),
    {},
    told('Breach Reported', now, { breach: 'foreign-network', party: LEG.to, leg: LEG.id }),
    { cause: 'schedule' },
  ];
  const steps: { readonly ms: number; readonly calls: number }[] = [];
  for (const [at, handler] of STEPS.entries()) {
    const [start, before] = [performance.now(), room.local.gateway.calls.length];
    const fn = room.local.functionOf(handler);
    if (handler === 'record-access') await takeQueued(fn, [events[at]], time(at));
    else await fn.invoke(events[at], time(at));
    steps.push({ ms: performance.now() - start, calls: room.local.gateway.calls.length - before });
  }
  const { inbox } = await room.look();
  if (inbox.length > 0) throw new Error('The receiver was not shut out.');
  const overruled = told('Breach Overruled', time(10), { by: 'operator', reason: 'measured' });
  await room.local.functionOf('handle-breach').invoke(overruled, time(10));
  await room.local.functionOf('reconcile-entitlements').invoke({ cause: 'schedule' }, time(11));
  return { steps };
}

function pad(cell: string): string {
  return cell.padStart(26);
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

if (require.main === module) benchBreach();
