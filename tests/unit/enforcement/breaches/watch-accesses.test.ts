import fc from 'fast-check';
import type { PlannedLeg } from '../../../../lib/domain/agreement/plan/plan';
import type { Access } from '../../../../lib/domain/audit/access';
import { placeAgreement } from '../../../../lib/domain/audit/attribution/place-agreement';
import type { RecordedDecision } from '../../../../lib/domain/audit/attribution/recorded-decision';
import { MAX_EVIDENCE } from '../../../../lib/domain/enforcement/breaches/breach-evidence';
import { recordBreach } from '../../../../lib/domain/enforcement/breaches/record-breach';
import {
  type WatchGrounds,
  watchAccesses,
  watchAhead,
} from '../../../../lib/domain/enforcement/breaches/watch-accesses';
import type { BreachRecord } from '../../../../lib/domain/registry/conduct-records';
import type { UsageRecord } from '../../../../lib/domain/registry/door-records';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import { nameSftpUser } from '../../../../lib/domain/room/sftp-user';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { NOTHING_MADE } from '../../../fixtures/registered';

const ROOM = { account: '999900001111', region: 'eu-central-1', landingBucket: 'landing', lakeBucket: 'lake' };
const PLAN = {
  ...TELCO_RETAIL_PLAN,
  legs: [{ ...TELCO_RETAIL_PLAN.legs[0]!, quota: { requests: 5 } }, TELCO_RETAIL_PLAN.legs[1]!],
};
const [USAGE] = PLAN.legs.map(({ id }) => id) as [string, string];
const [TELCO, RETAIL] = PLAN.parties.map(({ account }) => account) as [string, string];
const AGREEMENT = PLAN.agreement.id;
const EMPTY: UsageRecord = { agreement: AGREEMENT, position: 0, days: [], periods: [] };
const PERMIT: RecordedDecision = {
  id: 'd',
  effect: 'permit',
  agreement: { id: AGREEMENT, version: PLAN.agreement.version },
  party: 'retail',
  leg: USAGE,
  clause: '1',
  at: '2026-01-01T00:00:00Z',
};
const GROUNDS: WatchGrounds = {
  plan: PLAN,
  lastDay: PLAN.term.ends,
  agreements: [placeAgreement({ plan: PLAN, from: '2026-01-01T00:00:00.000Z' }, ROOM, NOTHING_MADE)],
  decisions: [PERMIT],
  roomAccounts: new Set([ROOM.account]),
  bucketOwners: new Map([['lake', ROOM.account]]),
  now: '2026-03-01T12:00:00Z',
};

function read(minute: number, changed: Partial<Access> = {}): Access {
  const at = new Date(Date.parse('2026-03-01T10:00:00Z') + minute * 60_000).toISOString();
  return {
    id: `cloudtrail/${minute}/${ROOM.account}`,
    witness: 'cloudtrail',
    at,
    service: 's3',
    operation: 'GetObject',
    act: 'read',
    outcome: 'allowed',
    actor: { kind: 'account', account: RETAIL },
    owner: ROOM.account,
    recordedBy: ROOM.account,
    resource: { kind: 'object', bucket: 'lake', key: `${AGREEMENT}/${USAGE}/inbox/2026-03-01/part-0.parquet` },
    bytes: { out: 100, in: 0 },
    joins: {},
    ...changed,
  };
}
const reads = (count: number) => Array.from({ length: count }, (_, minute) => read(minute));
const kindsOf = (entries: readonly Access[], usage = EMPTY, grounds: Partial<WatchGrounds> = {}) =>
  watchAccesses(entries, usage, { ...GROUNDS, ...grounds }).reports.map(({ breach, party }) => `${breach} ${party}`);

test('what was agreed and decided is no breach, and is counted when it is settled', () => {
  const { reports, usage } = watchAccesses(reads(3), EMPTY, { ...GROUNDS, now: '2026-03-01T10:16:00Z' });
  expect(reports).toEqual([]);
  expect(usage).toEqual({
    agreement: AGREEMENT,
    position: 2,
    days: [{ party: 'retail', leg: USAGE, day: '2026-03-01', requests: 2, bytes: 200 }],
    periods: [{ leg: USAGE, period: expect.any(String), requests: 2, bytes: 200 }],
  });
});

describe('a download by SFTP', () => {
  const [leg, other] = PLAN.legs as [PlannedLeg, PlannedLeg];
  const parties = PLAN.parties.map((party) => ({ ...party, networks: ['198.51.100.0/24'] }));
  const plan = { ...PLAN, parties, legs: [{ ...leg, via: { kind: 'sftp' as const }, every: 'P1M' }, other] };
  const agreements = [placeAgreement({ plan, from: '2026-01-01T00:00:00.000Z' }, ROOM, NOTHING_MADE)];
  const grounds = { plan, agreements };
  const key = (file: number) => `${AGREEMENT}/${USAGE}/inbox/2026-03-01/part-${file}.parquet`;
  const actor = { kind: 'sftp-user', user: nameSftpUser(AGREEMENT, 'retail'), server: 's-0123456789abcdef0' } as const;
  const joins = { session: '0123456789abcdef' };
  /** As the room's own bus tells it at once. */
  const event = (minute: number, file: number, changed: Partial<Access> = {}) =>
    read(minute, {
      id: `event-bus/${minute}`,
      witness: 'event-bus',
      service: 'transfer',
      operation: 'SFTP Server File Download Completed',
      actor,
      resource: { kind: 'sftp', server: actor.server, path: `/lake/${key(file)}` },
      joins,
      ...changed,
    });
  /** As the trail has it, which the monthly report enters. */
  const call = (minute: number, file: number) =>
    read(minute, { actor, resource: { kind: 'object', bucket: 'lake', key: key(file) }, joins });
  const look = (entries: readonly Access[], usage = EMPTY, now = GROUNDS.now) =>
    watchAccesses(entries, usage, { ...GROUNDS, ...grounds, now });
  const periodsOf = ({ usage }: ReturnType<typeof look>) =>
    usage.periods.map(({ requests, bytes }) => [requests, bytes]);

  test('is counted once, whenever the trail tells of it: no quota is used twice', () => {
    const live = look([1, 2, 3, 4].map((minute) => event(minute, minute)));
    expect([live.reports, periodsOf(live)]).toEqual([[], [[4, 400]]]);
    const month = look(
      [1, 2, 3, 4].map((minute) => call(minute, minute)),
      live.usage,
      '2026-04-01T06:00:00Z',
    );
    expect([month.reports, periodsOf(month)]).toEqual([[], [[4, 400]]]);
    const parts = [1, 2, 3, 4].flatMap((minute) => [call(minute, minute), call(minute + 20, minute)]);
    const both = look([...parts, ...[1, 2, 3, 4].map((minute) => event(minute, minute))]);
    expect([both.reports, periodsOf(both)]).toEqual([[], [[4, 400]]]);
  });

  test('of the same file is one as often as it is fetched, in one session too', () => {
    const eight = [1, 2, 3, 4, 5, 6, 7, 8].map((minute) => event(minute, 1));
    expect(periodsOf(look(eight))).toEqual([[8, 800]]);
    expect(look(eight).reports).toMatchObject([{ breach: 'over-quota', party: 'retail' }]);
    const withCalls = look([...eight, ...[1, 2, 3].map((minute) => call(minute, 1))]);
    expect(periodsOf(withCalls)).toEqual([[8, 800]]);
  });

  test('that is broken off counts what had gone out, and is judged; one that never began does not', () => {
    const failed = { operation: 'SFTP Server File Download Failed', outcome: 'failed' } as const;
    const broken = look([event(1, 1, { ...failed, bytes: { out: 99, in: 0 }, client: { ip: '203.0.113.5' } })]);
    expect(periodsOf(broken)).toEqual([[1, 99]]);
    expect(broken.reports.map(({ breach }) => breach)).toEqual(['foreign-network']);
    const never = look([event(1, 1, { ...failed, bytes: { out: 0, in: 0 }, client: { ip: '203.0.113.5' } })]);
    expect([never.reports, periodsOf(never)]).toEqual([[], []]);
  });
});

describe('what was overruled', () => {
  const FORBIDDEN = { ...GROUNDS, plan: TELCO_RETAIL_PLAN, decisions: [{ ...PERMIT, effect: 'forbid' as const }] };
  const NAME = `forbidden-access:retail:${USAGE}:2026-03-01`;
  const look = (entries: readonly Access[], breaches: readonly BreachRecord[] = []) =>
    watchAccesses(entries, EMPTY, {
      ...FORBIDDEN,
      breaches,
      now: '2026-04-01T06:00:00Z',
    }).reports.map(({ report, evidence }) => [report, evidence]);
  /** On record as the watch found it, and answered since. */
  async function answer(entries: readonly Access[], how: Partial<BreachRecord> = OVERRULED) {
    const registry = openRegistry(openMemoryStore().store);
    for (const report of watchAccesses(entries, EMPTY, FORBIDDEN).reports) await recordBreach(registry, report);
    return (await registry.breaches(AGREEMENT).list()).map((record) => ({ ...record, ...how }));
  }
  const OVERRULED = { overruled: { by: 'operator', at: '2026-03-01T11:00:00Z', reason: 'agreed by telephone' } };
  const sftp = { kind: 'sftp-user', user: nameSftpUser(AGREEMENT, 'retail'), server: 's-0123456789abcdef0' } as const;
  const path = `/lake/${AGREEMENT}/${USAGE}/inbox/2026-03-01/part-0.parquet`;
  const joins = { session: '0123456789abcdef' };
  const event = (minute: number) =>
    read(minute, {
      id: `event-bus/${minute}`,
      witness: 'event-bus',
      service: 'transfer',
      operation: 'SFTP Server File Download Completed',
      actor: sftp,
      resource: { kind: 'sftp', server: sftp.server, path },
      joins,
    });
  const lake = 'AWSLF-00-AT-1-x';
  const arn = `arn:aws:sts::${ROOM.account}:assumed-role/BarterRoomCatalogue-Reader-1A2B3C/${lake}`;
  const ofLake = { lakeFormationSession: lake, sourceIdentity: `V2.${RETAIL}.AROA` };
  const byLake = { actor: { kind: 'account', account: ROOM.account, arn }, joins: ofLake } as const;
  const vend = read(0, {
    service: 'lakeformation',
    operation: 'GetDataAccess',
    act: 'vend',
    joins: { lakeFormationSession: lake },
  });
  const sharedEvent = '11111111-1111-4111-8111-111111111111';
  const forwarded = (id: string, recordedBy: string) => read(0, { id, recordedBy, joins: { sharedEvent } });
  const theirVend = { ...vend, id: 'theirs', recordedBy: RETAIL, joins: { sharedEvent } };
  const line: Partial<Access> = { id: 's3/line', witness: 's3-access-log', joins: { request: 'REQUEST-1' } };
  const pairs: [string, Access, (minute: number) => Access][] = [
    ['a download by SFTP', event(2), (minute) => read(minute, { id: 'trail', actor: sftp, joins })],
    ['credentials of Lake Formation', vend, (minute) => read(minute, { id: 'trail', ...byLake })],
    [
      'the other side’s copy',
      forwarded('theirs', RETAIL),
      (at) => ({ ...forwarded('trail', ROOM.account), ...when(at) }),
    ],
    [
      'credentials, of which the other side told',
      theirVend,
      (at) => ({ ...vend, id: 'trail', joins: { ...vend.joins, sharedEvent }, ...when(at) }),
    ],
    ['a line of S3’s own log', read(0, { joins: { request: 'REQUEST-1' } }), (minute) => read(minute, line)],
  ];
  const when = (minute: number) => ({ at: read(minute).at });

  test.each(pairs)('does not come back by what the trail tells a month later: %s', async (_, live, late) => {
    const breaches = await answer([live]);
    expect(breaches).toMatchObject([{ report: NAME, evidence: [live.id] }]);
    expect(look([late(1)])).toEqual([[NAME, [late(1).id]]]);
    expect(look([late(1)], breaches)).toEqual([]);
    expect(look([late(1)], await answer([live], { resolvedAt: '2026-03-01T11:00:00Z' }))).toEqual([]);
    // What is done with the same after it was overruled was overruled by nobody.
    expect(look([late(60)], breaches)).toEqual([]);
    expect(look([late(61)], breaches)).toEqual([[NAME, [late(61).id]]]);
  });

  test('answers for what came to it while it stood, too', async () => {
    const registry = openRegistry(openMemoryStore().store);
    const second = { ...event(3), joins: { session: 'fedcba9876543210' } };
    for (const entries of [[event(2)], [second]])
      for (const report of watchAccesses(entries, EMPTY, FORBIDDEN).reports) await recordBreach(registry, report);
    const breaches = (await registry.breaches(AGREEMENT).list()).map((record) => ({ ...record, ...OVERRULED }));
    const late = read(2, { id: 'trail', actor: sftp, joins: second.joins });
    expect(look([late], breaches)).toEqual([]);
  });

  test('answers for nothing of another session or request, nor for another kind', async () => {
    const breaches = await answer([event(2)]);
    const other = read(1, { id: 'trail', actor: sftp, joins: { session: 'fedcba9876543210' } });
    expect(look([other], breaches)).toEqual([[NAME, ['trail']]]);
    const undecided = watchAccesses([event(2)], EMPTY, { ...GROUNDS, decisions: [], breaches });
    expect(undecided.reports.map(({ breach }) => breach)).toEqual(['undecided-access']);
  });

  test('answers for what its session did before midnight', async () => {
    const breaches = await answer([{ ...event(0), at: '2026-03-02T00:00:10Z' }], {
      overruled: { ...OVERRULED.overruled, at: '2026-03-02T08:00:00Z' },
    });
    expect(breaches).toMatchObject([{ report: `forbidden-access:retail:${USAGE}:2026-03-02` }]);
    const before = read(0, { id: 'trail', actor: sftp, joins, at: '2026-03-01T23:59:50Z' });
    expect(look([before], breaches)).toEqual([]);
  });

  test('with as many accesses as a breach can name answers for all of the day up to then', async () => {
    const second = (each: number) => new Date(Date.parse('2026-03-01T10:00:00Z') + each * 1000).toISOString();
    const burst = Array.from({ length: MAX_EVIDENCE + 5 }, (_, each) =>
      read(each, { id: `cloudtrail/burst/${each}`, at: second(each) }),
    );
    const breaches = await answer(burst);
    expect(breaches.map(({ evidence }) => evidence.length)).toEqual([MAX_EVIDENCE]);
    expect(look(burst, breaches)).toEqual([]);
    expect(look([...burst, read(61)], breaches)).toEqual([[NAME, [read(61).id]]]);
    const yesterday = read(0, { id: 'yesterday', at: '2026-02-28T10:00:00Z' });
    expect(look([yesterday], breaches)).toEqual([[NAME.replace('03-01', '02-28'), ['yesterday']]]);
    const one = breaches.map((each) => ({ ...each, evidence: each.evidence.slice(1) }));
    expect(look(burst, one)).toEqual([
      [NAME, burst.filter((_, at) => at === 0 || at >= MAX_EVIDENCE).map(({ id }) => id)],
    ]);
  });

  test('is kept on record whatever a partner’s account forwards as what ties it to others', async () => {
    const hostile = read(0, { joins: { request: 'a\u0000b', sharedEvent: 'x'.repeat(400) } });
    expect(await answer([hostile])).toMatchObject([{ report: NAME, evidence: [hostile.id] }]);
  });
});

test('a quota is over at once, whether counted before or not yet settled', () => {
  expect(kindsOf(reads(5))).toEqual([]);
  expect(kindsOf(reads(6))).toEqual(['over-quota retail']);
  const { usage } = watchAccesses(reads(5), EMPTY, GROUNDS);
  expect(usage.position).toBe(5);
  expect(kindsOf([read(110)], usage)).toEqual(['over-quota retail']);
});

test('the next period starts anew', () => {
  const { usage } = watchAccesses(reads(5), EMPTY, GROUNDS);
  expect(kindsOf([read(60 * 24 * 40)], usage, { now: '2026-04-15T00:00:00Z' })).toEqual([]);
});

test('what comes late is counted in its own period, beside what was counted there before the next began', () => {
  const grounds = { ...GROUNDS, now: '2026-03-12T12:00:00Z' };
  const { usage } = watchAccesses([...reads(3), read(60 * 24 * 10)], EMPTY, grounds);
  expect(kindsOf([read(10), read(11)], usage, grounds)).toEqual([]);
  expect(kindsOf([read(10), read(11), read(12)], usage, grounds)).toEqual(['over-quota retail']);
});

test('a month is counted to its end, whatever is counted by the day beside it', () => {
  const [monthly, daily] = PLAN.legs as [PlannedLeg, PlannedLeg];
  const legs: PlannedLeg[] = [
    { ...monthly, every: 'P1M' },
    { ...daily, every: 'P1D', quota: { requests: 50 } },
  ];
  const key = `${AGREEMENT}/${daily.id}/inbox/2026-03-01/part-0.parquet`;
  const days = Array.from({ length: 6 }, (_, day) => (day + 1) * 24 * 60);
  const byDay = days.map((minute) =>
    read(minute, { actor: { kind: 'account', account: TELCO }, resource: { kind: 'object', bucket: 'lake', key } }),
  );
  const permits = [PERMIT, { ...PERMIT, id: 'e', party: 'telco', leg: daily.id }];
  const grounds = { ...GROUNDS, plan: { ...PLAN, legs }, decisions: permits, now: '2026-03-08T12:00:00Z' };
  const { usage } = watchAccesses([...reads(5), ...byDay], EMPTY, grounds);
  expect(usage.periods.map(({ leg, requests }) => [leg, requests])).toEqual([
    [monthly.id, 5],
    ...byDay.map(() => [daily.id, 1]),
  ]);
  expect(kindsOf([read(60 * 24 * 7)], usage, grounds)).toEqual(['over-quota retail']);
});

describe('before their turn', () => {
  const ahead = (accesses: readonly Access[], usage = EMPTY, grounds: Partial<WatchGrounds> = {}, first = 50_000) =>
    watchAhead(
      accesses.map((access, at) => ({ access, index: first + at, leaf: '' })),
      usage,
      { ...GROUNDS, ...grounds },
    ).map(({ breach, party }) => `${breach} ${party}`);
  const stranger = { actor: { kind: 'account', account: '123123123123' } } as const;

  test('what a party did is judged at once, what nobody can be named for when it can be explained', () => {
    expect(ahead(reads(1), EMPTY, { decisions: [], now: '2026-03-01T10:00:30Z' })).toEqual(['undecided-access retail']);
    expect(ahead([read(0, stranger)], EMPTY, { now: '2026-03-01T10:14:59Z' })).toEqual([]);
    expect(ahead([read(0, stranger)], EMPTY, { now: '2026-03-01T10:15:00Z' })).toEqual(['foreign-principal undefined']);
  });

  test('what is counted already explains, and counts for no quota a second time', () => {
    const { usage } = watchAccesses(reads(3), EMPTY, GROUNDS);
    expect(usage.position).toBe(3);
    // Entries 0 to 4, the first three of which are counted; and a sixth read is one too many.
    expect(ahead(reads(5), usage, {}, 0)).toEqual([]);
    expect(ahead(reads(6), usage, {}, 0)).toEqual(['over-quota retail']);
    expect(ahead(reads(3), usage, { decisions: [] }, 0)).toEqual([]);
  });
});

test('of the month before, each period is counted to its end over several looks, beside those that run', () => {
  const legs: PlannedLeg[] = PLAN.legs.map((leg) => (leg.id === USAGE ? { ...leg, every: 'P1D' } : leg));
  const grounds = { ...GROUNDS, plan: { ...PLAN, legs }, now: '2026-03-30T12:00:00Z' };
  const running = [28, 29].map((day) => read(60 * 24 * day));
  const live = watchAccesses(running, EMPTY, grounds).usage;
  const some = watchAccesses(reads(3), live, grounds);
  expect(some.reports).toEqual([]);
  expect(kindsOf([read(10), read(11)], some.usage, grounds)).toEqual([]);
  expect(kindsOf([read(10), read(11), read(12)], some.usage, grounds)).toEqual(['over-quota retail']);
  // Five weeks after it was over it is forgotten.
  const later = watchAccesses([read(60 * 24 * 40)], some.usage, { ...grounds, now: '2026-05-07T12:00:00Z' });
  expect(later.usage.periods.map(({ period }) => period)).toEqual(['2026-04-10', '2026-03-30']);
});

test('days of five weeks are kept', () => {
  const days = ['2026-01-25', '2026-01-24'].map((day) => ({ party: 'retail', leg: USAGE, day, requests: 1, bytes: 1 }));
  const { usage } = watchAccesses(reads(1), { ...EMPTY, days }, GROUNDS);
  expect(usage.days.map(({ day }) => day)).toEqual(['2026-01-25', '2026-03-01']);
});

test.each<[string, Partial<Access>, Partial<WatchGrounds>, readonly string[]]>([
  [
    'of somebody whom nobody knows',
    { actor: { kind: 'account', account: '123123123123' } },
    {},
    ['foreign-principal undefined'],
  ],
  [
    'of nobody whom nobody can explain yet',
    { actor: { kind: 'account', account: '123123123123' } },
    { now: '2026-03-01T10:10:00Z' },
    [],
  ],
  ['of a place that is none of its own', { resource: { kind: 'object', bucket: 'results', key: 'x' } }, {}, []],
  ['that nobody decided', {}, { decisions: [] }, ['undecided-access retail']],
  ['by the giver, of what came of its own', { actor: { kind: 'account', account: TELCO } }, { decisions: [] }, []],
  ['on the last day', {}, { lastDay: '2026-03-01' }, []],
  ['after the last day', {}, { lastDay: '2026-02-28' }, ['after-expiry retail']],
  ['long after the term', { at: '2027-06-01T00:00:00Z' }, { now: '2027-06-01T00:01:00Z' }, ['after-expiry retail']],
  ['that was refused', { outcome: 'denied' }, { decisions: [] }, []],
  ['by the room itself', { actor: { kind: 'account', account: ROOM.account } }, { decisions: [] }, []],
])('an access %s', (_, changed, grounds, expected) => {
  expect(kindsOf([read(0, changed)], EMPTY, grounds)).toEqual(expected);
});

test('far more than usual is told, once there is a usual', () => {
  const day = (number: number) => ({
    party: 'retail',
    leg: USAGE,
    day: `2026-02-1${number}`,
    requests: 1,
    bytes: 100,
  });
  const much = read(0, { bytes: { out: 1001, in: 0 } });
  expect(kindsOf([much], { ...EMPTY, days: [1, 2, 3, 4].map(day) })).toEqual([]);
  expect(kindsOf([much], { ...EMPTY, days: [1, 2, 3, 4, 5].map(day) })).toEqual(['bulk-read retail']);
  expect(kindsOf([read(0)], { ...EMPTY, days: [1, 2, 3, 4, 5].map(day) })).toEqual([]);
  // Today is no part of what is usual.
  expect(kindsOf([much], { ...EMPTY, days: [...[1, 2, 3, 4].map(day), { ...day(5), day: '2026-03-01' }] })).toEqual([]);
  // Ten times is not more than ten times.
  const tenfold = read(0, { bytes: { out: 1000, in: 0 } });
  expect(kindsOf([tenfold], { ...EMPTY, days: [1, 2, 3, 4, 5].map(day) })).toEqual([]);
  // Days on which names alone were read say nothing of what is usual.
  const listed = [0, 1, 2, 3, 4, 5].map((number) => ({ ...day(number), day: `2026-02-2${number}`, bytes: 0 }));
  expect(kindsOf([much], { ...EMPTY, days: [...[1, 2, 3, 4, 5].map(day), ...listed] })).toEqual(['bulk-read retail']);
  expect(kindsOf([tenfold], { ...EMPTY, days: [...[1, 2, 3, 4, 5].map(day), ...listed] })).toEqual([]);
});

test('what links read is counted as it is read, in bytes; requests are for links, and counted where those are given', () => {
  const grounds = { plan: API_PLAN, decisions: [{ ...PERMIT, id: `${GIVEN}/request-1`, at: GIVEN }] };
  const byLink = (minute: number) =>
    read(minute, { actor: { kind: 'account', account: ROOM.account, arn: SIGNER }, joins: { link: 'request-1' } });
  expect(kindsOf([0, 1, 2].map(byLink), EMPTY, grounds)).toEqual([]);
  expect(kindsOf([0, 1, 2, 3].map(byLink), EMPTY, grounds)).toEqual(['over-quota retail']);
  const { usage } = watchAccesses([0, 1].map(byLink), EMPTY, { ...GROUNDS, ...grounds });
  expect(usage.periods).toEqual([{ leg: USAGE, period: expect.any(String), requests: 2, bytes: 200 }]);
  expect(kindsOf([byLink(0)], EMPTY, { ...grounds, decisions: [] })).toEqual(['foreign-principal undefined']);
});
const GIVEN = '2026-03-01T09:59:00.000Z';
const SIGNER = `arn:aws:sts::${ROOM.account}:assumed-role/BarterRoomIntake-PresignDownloadLinkRole-1A2B3C/request-1@link`;
const API_PLAN = {
  ...PLAN,
  legs: [{ ...PLAN.legs[0]!, via: { kind: 'api' as const }, quota: { requests: 1, bytes: 300 } }, PLAN.legs[1]!],
};

test('what is read with Lake Formation’s credentials is counted: each handing out a request, each object its bytes', () => {
  const plan = { ...PLAN, legs: [{ ...PLAN.legs[0]!, quota: { requests: 2, bytes: 500 } }, PLAN.legs[1]!] };
  const session = { lakeFormationSession: 'AWSLF-00-AT-1-x', sourceIdentity: `V2.${RETAIL}.AROA` };
  const arn = `arn:aws:sts::${ROOM.account}:assumed-role/BarterRoomCatalogue-Reader-1A2B3C/AWSLF-00-AT-1-x`;
  const part = (minute: number) =>
    read(minute, { actor: { kind: 'account', account: ROOM.account, arn }, joins: session });
  const vend = (minute: number) =>
    read(minute, {
      id: `cloudtrail/vend/${minute}`,
      service: 'lakeformation',
      operation: 'GetDataAccess',
      act: 'vend',
      bytes: { out: 0, in: 0 },
      joins: { lakeFormationSession: `AWSLF-00-AT-${minute}-x` },
    });
  const { usage, reports } = watchAccesses([vend(0), ...[1, 2, 3].map(part)], EMPTY, { ...GROUNDS, plan });
  expect(reports).toEqual([]);
  expect(usage.periods).toEqual([{ leg: USAGE, period: expect.any(String), requests: 1, bytes: 300 }]);
  expect(kindsOf([1, 2, 3, 4, 5, 6].map(part), EMPTY, { plan })).toEqual(['over-quota retail']);
  expect(kindsOf([0, 1, 2].map(vend), EMPTY, { plan })).toEqual(['over-quota retail']);
});

test('two witnesses of one download are one, whichever comes first', () => {
  const session = { session: 'session-1' };
  const path = `/lake/${AGREEMENT}/${USAGE}/inbox/2026-03-01/part-0.parquet`;
  const told = read(0, {
    id: 'event-bus/1',
    witness: 'event-bus',
    service: 'transfer',
    actor: { kind: 'sftp-user', user: `${AGREEMENT}.retail`, server: 's-1' },
    resource: { kind: 'sftp', server: 's-1', path },
    joins: session,
  });
  const seen = read(1, { actor: { kind: 'account', account: ROOM.account }, joins: session });
  for (const entries of [
    [told, seen],
    [seen, told],
  ])
    expect(
      watchAccesses(entries, EMPTY, GROUNDS).usage.days.reduce((sum, { requests }) => sum + requests, 0),
    ).toBeLessThan(2);
});

test('however often it is looked, at whatever times, each access is counted once', () => {
  const minutes = fc.uniqueArray(fc.nat({ max: 300 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(minutes, fc.array(fc.nat({ max: 400 }), { maxLength: 8 }), (entered, looks) => {
      const entries = entered.map((minute) => read(minute));
      let usage = EMPTY;
      for (const minute of [...looks.toSorted((a, b) => a - b), 1000]) {
        const now = new Date(Date.parse('2026-03-01T10:00:00Z') + minute * 60_000).toISOString();
        // What is later than now is not entered yet.
        const there = entries.filter(({ at }) => at <= now);
        const whole =
          there.length === entries.length
            ? entries
            : entries.slice(
                0,
                entries.findIndex(({ at }) => at > now),
              );
        usage = watchAccesses(whole.slice(usage.position), usage, { ...GROUNDS, now }).usage;
      }
      const sum = usage.days.reduce((requests, day) => requests + day.requests, 0);
      expect([usage.position, sum]).toEqual([entries.length, entries.length]);
    }),
    { seed: 4, numRuns: 100 },
  );
});

test('what is read of a leg that was left out since is a breach, but for what the version before still explains', () => {
  const plan = { ...PLAN, agreement: { ...PLAN.agreement, version: 2 }, legs: PLAN.legs.slice(1) };
  const since = '2026-03-01T09:30:00.000Z';
  const before = placeAgreement({ plan: PLAN, from: '2026-01-01T00:00:00.000Z', to: since }, ROOM, NOTHING_MADE);
  const former = PLAN.legs.slice(0, 1);
  const after = placeAgreement({ plan, former, from: since }, ROOM, NOTHING_MADE);
  const grounds = { plan, agreements: [before, after] };
  expect(kindsOf([read(0)], EMPTY, grounds)).toEqual([]);
  expect(kindsOf([read(31)], EMPTY, grounds)).toEqual(['after-expiry retail']);
  const forgotten = placeAgreement({ plan, from: since }, ROOM, NOTHING_MADE);
  expect(kindsOf([read(31)], EMPTY, { plan, agreements: [before, forgotten] })).toEqual([]);
});
