import { type Watcher, watchRoom } from '../../../../lambda/watch-accesses/watch-room';
import { periodOf } from '../../../../lib/domain/agreement/periods/period-of';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import type { Access } from '../../../../lib/domain/audit/access';
import { NO_AGREEMENT } from '../../../../lib/domain/enforcement/policies/describe-refusal';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { believe, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';

const AGREEMENT = PLAN.agreement.id;
const LEG = PLAN.legs[0]!;
const ROOM = { account: '999900001111', region: 'eu-central-1', landingBucket: 'landing', lakeBucket: 'lake' };
const RETAIL = PLAN.parties.find(({ id }) => id === LEG.to)!.account;

/** A read that nobody decided. */
const READ: Access = {
  id: 'cloudtrail/999900001111/1',
  witness: 'cloudtrail',
  at: '2026-03-01T10:00:00Z',
  service: 's3',
  operation: 'GetObject',
  act: 'read',
  outcome: 'allowed',
  actor: { kind: 'account', account: RETAIL },
  owner: ROOM.account,
  recordedBy: ROOM.account,
  resource: { kind: 'object', bucket: 'lake', key: `${AGREEMENT}/${LEG.id}/round=2026-03-01/part-0.parquet` },
  bytes: { out: 100, in: 0 },
  joins: {},
};

async function openRoom(entries: readonly Access[] = [READ], plan = PLAN) {
  const { registry } = await registerSigned(plan);
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  const announced: string[] = [];
  const reads: number[] = [];
  const shown: string[] = [];
  const watcher: Watcher = {
    registry,
    room: ROOM,
    head: async () => ({ origin: 'barter-room/999900001111', size: entries.length, root: new Uint8Array(32) }),
    read: async (from, size) => {
      reads.push(from);
      return entries.slice(from, size);
    },
    readNewest: async (size, { from, to }, most) => {
      const placed = entries.slice(0, size).map((access, index) => ({ access, index, leaf: '' }));
      return placed.filter(({ access: { at } }) => at >= from && at < to).slice(-most);
    },
    announce: async ({ report }) => void announced.push(report),
    show: async ({ agreement }, size) => {
      shown.push(`${agreement.id} ${size}`);
      return true;
    },
    showAll: async (size) => {
      shown.push(`all ${size}`);
      return true;
    },
    now: () => '2026-03-01T12:00:00Z',
    log: recordLog().log,
  };
  return { registry, watcher, announced, reads, shown };
}

/** Of the leg's quota, in which the read lies. */
const PERIOD = periodOf(PLAN.term.starts, LEG.every, '2026-03-01');
const REPORT = `undecided-access:retail:${LEG.id}:2026-03-01`;

test('a breach goes on record and is told once, however often it is looked', async () => {
  const { registry, watcher, announced } = await openRoom();
  for (let times = 0; times < 3; times += 1) await watchRoom(watcher);
  expect(announced).toEqual([REPORT]);
  expect(await registry.breaches(AGREEMENT).list()).toMatchObject([
    { report: REPORT, announcedAt: '2026-03-01T12:00:00Z', evidence: [READ.id] },
  ]);
});

test('what could not be told is told the next time: it counts as told when it was', async () => {
  const { registry, watcher, announced } = await openRoom();
  const failing = { ...watcher, announce: () => Promise.reject(new Error('the bus is full')) };
  await expect(watchRoom(failing)).rejects.toMatchObject({ name: 'NotWatched' });
  expect((await registry.breaches(AGREEMENT).list())[0]).not.toHaveProperty('announcedAt');
  await watchRoom(watcher);
  expect(announced).toEqual([REPORT]);
});

test('at the first look of a month everybody is shown one checkpoint, and it is on record for letters', async () => {
  const entries = [READ];
  const { registry, watcher, shown } = await openRoom(entries);
  const look = (now: string) => watchRoom({ ...watcher, now: () => now });
  const onRecord = async () => (await registry.usage('-').read())?.checkpoint;
  const unsigned = { ...watcher, showAll: async () => false };
  await watchRoom(unsigned);
  expect(await onRecord()).toBeUndefined();
  await look('2026-03-01T12:01:00Z');
  const march = { month: '2026-03', origin: 'barter-room/999900001111', size: 1, root: `${'A'.repeat(43)}=` };
  expect(await onRecord()).toEqual(march);
  entries.push({ ...READ, id: 'cloudtrail/later' });
  for (const now of ['2026-03-31T23:59:00Z', '2026-04-01T00:01:00Z', '2026-04-01T00:02:00Z']) await look(now);
  expect(await onRecord()).toEqual({ ...march, month: '2026-04', size: 2 });
  expect(shown.filter((each) => each.startsWith('all'))).toEqual(['all 1', 'all 2']);
  expect((await registry.usage('-').read())?.position).toBe(2);
});

test('whose accesses are counted is shown what the ledger has come to, once; nobody else is', async () => {
  const { registry, watcher, shown } = await openRoom();
  const other = { ...PLAN, agreement: { ...PLAN.agreement, id: 'bank-shop-2026' } };
  await registerAgreement(registry, versionOf(other), '2025-12-01T00:00:00Z');
  for (const { id } of other.parties) await signVersion(registry, signatureOf(other, id), believe);
  for (let times = 0; times < 3; times += 1) await watchRoom(watcher);
  expect(shown).toEqual(['all 1', `${AGREEMENT} 1`]);
});

test('until a checkpoint is signed nothing counts as looked at; then it is counted once', async () => {
  const { registry, watcher, announced } = await openRoom();
  await watchRoom({ ...watcher, show: async () => false });
  expect(await registry.usage(AGREEMENT).read()).toBeUndefined();
  await watchRoom(watcher);
  expect(await registry.usage(AGREEMENT).read()).toMatchObject({ position: 1, days: [{ requests: 1 }] });
  expect(announced).toEqual([REPORT]);
});

test('a read by what was granted is none', async () => {
  const { registry, watcher, announced } = await openRoom();
  await registry.standing(AGREEMENT).create({
    id: `entitlement:${LEG.id}`,
    agreement: { id: AGREEMENT, version: PLAN.agreement.version },
    effect: 'permit',
    door: 'read',
    operation: 'read-release',
    party: LEG.to,
    leg: LEG.id,
    clause: '4',
    reason: 'agreed',
    policy: `entitlement:${LEG.id}`,
    at: '2026-02-01T00:00:00Z',
  });
  await watchRoom(watcher);
  expect(announced).toEqual([]);
  expect(await registry.usage(AGREEMENT).read()).toMatchObject({ position: 1, days: [{ requests: 1, bytes: 100 }] });
});

test.each([
  ['on the day', '2026-03-01T09:00:00Z', `undecided-access:retail:${LEG.id}:2026-03-01`],
  ['after the day', '2026-02-28T23:50:00Z', `after-expiry:retail:${LEG.id}:2026-03-01`],
])('a read %s on which a remedy ended the agreement', async (_, at, expected) => {
  const { registry, watcher, announced } = await openRoom();
  const end = {
    act: 'end',
    from: 'active',
    to: 'ended',
    at,
    by: 'room',
    reason: 'resharing',
    clause: 'remedies[0]',
  } as const;
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'ended', history: [end] }));
  await watchRoom(watcher);
  expect(announced).toEqual([expected]);
});

describe('an amendment that begins its term on the same day', () => {
  const SIGNED = '2026-03-01T11:00:00.000Z';
  const next: Plan = {
    ...PLAN,
    agreement: { ...PLAN.agreement, version: 2, content: 'd2'.repeat(32) },
    parties: PLAN.parties.map((party) => ({ ...party, networks: ['203.0.113.0/24'] })),
  };
  const grant = (version: number, at: string) => ({
    id: `entitlement:${LEG.id}`,
    agreement: { id: AGREEMENT, version },
    effect: 'permit' as const,
    door: 'read' as const,
    operation: 'read-release' as const,
    party: LEG.to,
    leg: LEG.id,
    clause: '4',
    reason: 'agreed',
    policy: `entitlement:${LEG.id}`,
    at,
  });
  const at = (time: string, ip: string) => ({ ...READ, id: `${READ.id}-${time}`, at: time, client: { ip } });

  test.each<[string, Access, readonly string[]]>([
    ['before it was signed is under what held then', at('2026-03-01T10:00:00Z', '198.51.100.1'), []],
    ['while it is being carried out is by what stood', at('2026-03-01T11:10:00Z', '203.0.113.1'), []],
    ['under it is by its own terms', at('2026-03-01T11:10:00Z', '198.51.100.1'), ['foreign-network']],
    ['that nobody decided under it, in time', at('2026-03-01T12:30:00Z', '203.0.113.1'), ['undecided-access']],
  ])('a read %s', async (_, access, found) => {
    const { registry, watcher, announced } = await openRoom([access]);
    await registerAgreement(registry, versionOf(next), '2026-02-20T00:00:00.000Z');
    await registry.standing(AGREEMENT).create(grant(1, '2026-02-01T00:00:00Z'));
    for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(next, id, { at: SIGNED }), believe);
    await watchRoom({ ...watcher, now: () => '2026-03-01T13:00:00Z' });
    expect(announced.map((report) => report.split(':')[0])).toEqual(found);
  });
});

const LINK = 'JKJaXmPLvHcESHA-';
/** What the room does itself: by a link it may be the doing of whom that was given to. */
const OWN: Access = { ...READ, actor: { kind: 'account', account: ROOM.account } };

test.each<[string, Access, readonly string[]]>([
  ['the days before are read where nobody decided', READ, ['2026-02-22T10:00:00.000Z']],
  ['and where a link was used', { ...OWN, joins: { link: LINK } }, ['2026-02-22T10:00:00.000Z']],
  [
    'though nothing was read by it',
    { ...OWN, act: 'describe', operation: 'HeadObject', joins: { link: LINK } },
    ['2026-02-22T10:00:00.000Z'],
  ],
  ['nothing is where it was the room alone', OWN, []],
])('of what was asked at doors, however much there is, %s', async (_, access, expected) => {
  const { registry, watcher } = await openRoom([access]);
  const asked: (string | undefined)[] = [];
  const decisions: typeof registry.decisions = (agreement) => {
    const records = registry.decisions(agreement);
    return {
      ...records,
      list: (since) => {
        asked.push(since);
        return records.list(since);
      },
    };
  };
  await watchRoom({ ...watcher, registry: { ...registry, decisions } });
  expect(asked).toEqual(expected);
});

test('of a long backlog each look reads a part, and the next goes on before its end', async () => {
  const entries = Array.from({ length: 30_000 }, (_, index) => ({
    ...READ,
    id: `cloudtrail/${ROOM.account}/${index}`,
    ...(index === 29_999 ? {} : { actor: { kind: 'account' as const, account: ROOM.account } }),
  }));
  const { registry, watcher, announced } = await openRoom(entries);
  await registry.usage(AGREEMENT).create({ agreement: AGREEMENT, position: 0, days: [], periods: [] });
  const ranges: string[] = [];
  const read: Watcher['read'] = (from, to) => {
    ranges.push(`${from}-${to}`);
    return watcher.read(from, to);
  };
  for (let times = 0; times < 3; times += 1) await watchRoom({ ...watcher, read });
  expect(ranges).toEqual(['0-20000', '15000-30000']);
  expect(announced).toEqual([REPORT]);
  expect(await registry.usage(AGREEMENT).read()).toMatchObject({ position: 30_000 });
});

describe('after a report of a month', () => {
  const own = { kind: 'account' as const, account: ROOM.account };
  const old = (index: number): Access => ({ ...READ, id: `old/${index}`, at: '2026-02-03T10:00:00Z', actor: own });
  const quota = { requests: 3 };
  const plan = { ...PLAN, legs: PLAN.legs.map((leg) => (leg.id === LEG.id ? { ...leg, quota } : leg)) };
  /** One of this morning among many of the month before, and three of the receiver's behind them. */
  const entries = [
    { ...READ, id: 'counted' },
    ...Array.from({ length: 20_100 }, (_, index) => old(index)),
    { ...READ, id: 'between' },
    ...Array.from({ length: 100 }, (_, index) => old(20_100 + index)),
    ...[1, 2].map((number) => ({ ...READ, id: `behind/${number}` })),
  ];

  test('what happened since is judged at the next look, wherever it lies, and counted in its turn, once', async () => {
    const { registry, watcher, announced } = await openRoom(entries, plan);
    const counted = [{ party: 'retail', leg: LEG.id, day: '2026-03-01', requests: 1, bytes: 100 }];
    const start = { agreement: AGREEMENT, position: 1, days: counted, periods: [] };
    await registry.usage(AGREEMENT).create({ ...start, periods: [{ ...counted[0]!, period: PERIOD }] });
    await watchRoom(watcher);
    const quotaBroken = `over-quota:retail:${LEG.id}:2026-03-01`;
    expect(announced.toSorted()).toEqual([quotaBroken, REPORT]);
    expect(await registry.usage(AGREEMENT).read()).toMatchObject({ position: 15_001, days: [{ requests: 1 }] });
    for (let times = 0; times < 2; times += 1) await watchRoom(watcher);
    expect(announced.toSorted()).toEqual([quotaBroken, REPORT]);
    expect(await registry.usage(AGREEMENT).read()).toMatchObject({
      position: entries.length,
      days: [{ requests: 4, bytes: 400 }],
      periods: [{ period: PERIOD, requests: 4, bytes: 400 }],
    });
    expect((await registry.breaches(AGREEMENT).list()).map(({ evidence }) => evidence.toSorted())).toEqual([
      ['behind/1', 'behind/2', 'between'],
      ['behind/1', 'behind/2', 'between'],
    ]);
  });

  test('what was answered for before its turn is not told again in it', async () => {
    const { registry, watcher, announced } = await openRoom(entries);
    await registry.usage(AGREEMENT).create({ agreement: AGREEMENT, position: 1, days: [], periods: [] });
    await watchRoom(watcher);
    const overruled = { by: 'operator', at: '2026-03-01T12:00:30Z', reason: 'agreed by word' };
    await registry.breaches(AGREEMENT).change([REPORT], (breach) => ({ ...breach, overruled }));
    for (let times = 0; times < 2; times += 1) await watchRoom(watcher);
    expect(announced).toEqual([REPORT]);
  });
});

test('an agreement on record that cannot be read is told, and the others are looked at', async () => {
  const { registry, watcher, announced } = await openRoom();
  const current = await registry.current(AGREEMENT).read();
  await registry.enlist('another-2026');
  await registry.current('another-2026').create({ ...current!, agreement: 'another-2026', version: 7 });
  await expect(watchRoom(watcher)).rejects.toThrow('Not looked at: another-2026.');
  expect(announced).toEqual([REPORT]);
});

test('one agreement that cannot be looked at does not keep the others, nor lets the room believe it was', async () => {
  const { registry, watcher, announced, reads } = await openRoom();
  await registry.enlist('another-2026');
  const usage: typeof registry.usage = (agreement) =>
    agreement === AGREEMENT
      ? { ...registry.usage(agreement), create: () => Promise.reject(new Error('throttled')) }
      : registry.usage(agreement);
  await expect(watchRoom({ ...watcher, registry: { ...registry, usage } })).rejects.toThrow(
    `Not looked at: ${AGREEMENT}.`,
  );
  expect(announced).toEqual([REPORT]);
  expect((await registry.usage(NO_AGREEMENT).read())?.position).toBe(0);
  await watchRoom(watcher);
  await watchRoom(watcher);
  // The third had nothing new to look at.
  expect(reads).toEqual([0, 0]);
});

test('where the newest cannot be looked at before their turn, all have their turn, and that is told', async () => {
  const actor = { kind: 'account' as const, account: ROOM.account };
  const others = Array.from({ length: 20_050 }, (_, at) => ({ ...READ, id: `cloudtrail/${at}`, actor }));
  const { registry, watcher, announced } = await openRoom([READ, ...others]);
  await registry.usage(AGREEMENT).create({ agreement: AGREEMENT, position: 0, days: [], periods: [] });
  const readNewest = () => Promise.reject(new Error('A page of the index is missing.'));
  await expect(watchRoom({ ...watcher, readNewest })).rejects.toThrow('Not looked at: the newest, before their turn.');
  expect((await registry.usage(AGREEMENT).read())?.position).toBeGreaterThan(10_000);
  expect(announced).toEqual([REPORT]);
});
