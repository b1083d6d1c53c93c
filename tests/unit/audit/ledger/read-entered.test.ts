import type { Access } from '../../../../lib/domain/audit/access';
import { readEntered, readNewest } from '../../../../lib/domain/audit/ledger/read-entered';
import {
  completeLedger,
  type LedgerStore,
  readHead,
  recordAccesses,
} from '../../../../lib/domain/audit/ledger/record-accesses';
import { formatHex } from '../../../../lib/domain/bytes';
import { sha256 } from '../sha256';
import { makeAccess } from './accesses';

const ORIGIN = 'audit.example.com/room';

/** Notes what is asked of it; `hold` keeps objects from their places, as where a writer ends before it is through. */
function makeStore() {
  const objects = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const given = { hold: false };
  const get = async (path: string) => {
    asked.push(path);
    const bytes = objects.get(path);
    return bytes === undefined ? undefined : { bytes, tag: formatHex(sha256(bytes)) };
  };
  const store: LedgerStore = {
    get,
    list: async (prefix) => [...objects.keys()].filter((path) => path.startsWith(prefix)),
    putNew: async (path, bytes) => {
      if (objects.has(path)) return false;
      if (given.hold && !path.startsWith('staged')) throw new Error('it ended');
      objects.set(path, bytes);
      return true;
    },
    replace: async (path, bytes, tag) => {
      if ((await get(path))?.tag !== tag) return false;
      objects.set(path, bytes);
      return true;
    },
  };
  const enter = (accesses: readonly Access[]) => recordAccesses(sha256, ORIGIN, store, accesses, async () => {});
  return { objects, asked, given, store, enter };
}

/** So many of an hour, from a number on. */
const ofHour = (at: string, from: number, count: number) =>
  Array.from({ length: count }, (_, number) => ({ ...makeAccess(from + number), at: `${at}:00:00Z` }));

async function read({ store }: Pick<ReturnType<typeof makeStore>, 'store'>, from: string, to: string) {
  const found: [string, number][] = [];
  const period = { from: `${from}:00:00Z`, to: `${to}:00:00Z` };
  const { size } = await completeLedger(sha256, ORIGIN, store);
  for await (const { access, index } of readEntered(sha256, store, size, [period])) found.push([access.id, index]);
  return found;
}

const idsOf = (accesses: readonly Access[]) => accesses.map(({ id }) => id).toSorted();

test('each entry of the hours is read once, with its place, whenever it was entered, and nothing else', async () => {
  const ledger = makeStore();
  const [before, early, late, after] = [
    ofHour('2026-02-28T23', 0, 200),
    ofHour('2026-03-01T00', 200, 130),
    ofHour('2026-03-02T23', 700, 100),
    ofHour('2026-03-03T00', 1000, 10),
  ];
  await ledger.enter([...before, ...early.slice(0, 100)]);
  await ledger.enter([...after, ...late]);
  // Another append, into hours that were entered before.
  await ledger.enter(early.slice(100));
  const found = await read(ledger, '2026-03-01T00', '2026-03-03T00');
  expect(found.map(([id]) => id).toSorted()).toEqual(idsOf([...early, ...late]));
  expect(new Set(found.map(([, index]) => index)).size).toBe(230);
  // The first hundred of `early` are behind what was before.
  expect(found.filter(([, index]) => index < 300)).toHaveLength(100);
});

test('of a long ledger no more is read than lies there', async () => {
  const ledger = makeStore();
  for (let day = 1; day <= 8; day += 1) await ledger.enter(ofHour(`2026-03-0${day}T12`, day * 256, 256));
  ledger.asked.length = 0;
  expect(await read(ledger, '2026-03-04T00', '2026-03-05T00')).toHaveLength(256);
  expect(ledger.asked).toEqual([
    'head',
    expect.stringMatching(/^staged/),
    'index/2026/03/04/12/1024',
    'tile/0/003',
    'tile/entries/003',
  ]);
});

test('what a writer committed and did not put in its place is there', async () => {
  const ledger = makeStore();
  await ledger.enter(ofHour('2026-03-01T00', 0, 3));
  ledger.given.hold = true;
  await expect(ledger.enter(ofHour('2026-03-01T01', 3, 3))).rejects.toThrow('it ended');
  ledger.given.hold = false;
  expect(await read(ledger, '2026-03-01T01', '2026-03-01T02')).toHaveLength(3);
});

test('what was entered since the ledger was looked at comes with the next look', async () => {
  const ledger = makeStore();
  const first = ofHour('2026-03-01T00', 0, 3);
  await ledger.enter(first);
  const { size } = await completeLedger(sha256, ORIGIN, ledger.store);
  await ledger.enter(ofHour('2026-03-01T00', 3, 3));
  const period = { from: '2026-03-01T00:00:00Z', to: '2026-03-01T01:00:00Z' };
  const found: string[] = [];
  for await (const { access } of readEntered(sha256, ledger.store, size, [period])) found.push(access.id);
  expect(found.toSorted()).toEqual(idsOf(first));
});

test('a page or bundle that is gone, or tells something else, is no silence', async () => {
  const spoil = async (prefix: string, change: (bytes: Uint8Array) => Uint8Array) => {
    const ledger = makeStore();
    await ledger.enter(ofHour('2026-03-01T00', 0, 3));
    for (const [path, bytes] of ledger.objects) if (path.startsWith(prefix)) ledger.objects.set(path, change(bytes));
    return read(ledger, '2026-03-01T00', '2026-03-02T00');
  };
  const cut = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1);
  const flip = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length - 4 ? byte ^ 1 : byte));
  await expect(spoil('index/', cut)).rejects.toThrow('is missing or cut short');
  await expect(spoil('index/', flip)).rejects.toThrow('tells of an entry that the ledger does not have');
  await expect(spoil('tile/entries', cut)).rejects.toThrow('is missing or cut short');
  await expect(spoil('tile/entries', flip)).rejects.toThrow('is not what its tree says');
});

test('an empty ledger has nothing', async () => {
  expect(await read(makeStore(), '2026-03-01T00', '2026-03-02T00')).toEqual([]);
});

describe('the newest of some hours', () => {
  const DAY = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
  const newest = async ({ store, objects }: ReturnType<typeof makeStore>, most = 1000) => {
    const { size } = readHead(sha256, ORIGIN, await store.get('head'));
    const held = objects.size;
    const found = await readNewest(sha256, store, size, DAY, most);
    expect(objects.size).toBe(held);
    return found.map(({ access, index }): [string, number] => [access.id, index]);
  };

  test('are found among any number of others, in order, and the last appends alone where there are too many', async () => {
    const ledger = makeStore();
    for (const hour of [1, 2, 3]) {
      await ledger.enter([
        ...ofHour('2026-01-05T10', hour * 10_000, 700),
        ...ofHour(`2026-03-01T0${hour}`, hour * 100, 2),
      ]);
    }
    const idOf = (number: number) => makeAccess(number).id;
    const all = [100, 101, 200, 201, 300, 301].map(idOf);
    const placed = await newest(ledger);
    expect(placed.map(([id]) => id)).toEqual(all);
    expect(placed.map(([, index]) => index)).toEqual([700, 701, 1402, 1403, 2104, 2105]);
    expect((await newest(ledger, 3)).map(([id]) => id)).toEqual(all.slice(2));
  });

  test('are without what a writer has not put in its place yet, which comes when it is there', async () => {
    const ledger = makeStore();
    await ledger.enter(ofHour('2026-03-01T00', 0, 3));
    ledger.given.hold = true;
    await expect(ledger.enter(ofHour('2026-03-01T01', 3, 3))).rejects.toThrow('it ended');
    expect(await newest(ledger)).toHaveLength(3);
    ledger.given.hold = false;
    await ledger.enter([]);
    expect(await newest(ledger)).toHaveLength(6);
    // Its page of the index before its tiles.
    for (const path of [...ledger.objects.keys()]) if (/^tile.*\/6$/.test(path)) ledger.objects.delete(path);
    expect(await newest(ledger)).toHaveLength(3);
  });

  test('of a ledger that is broken before its last append are none', async () => {
    const ledger = makeStore();
    for (const hour of [0, 1]) await ledger.enter(ofHour(`2026-03-01T0${hour}`, hour * 3, 3));
    for (const path of [...ledger.objects.keys()]) if (path.startsWith('tile/entries')) ledger.objects.delete(path);
    await expect(newest(ledger)).rejects.toThrow('is missing or cut short');
  });
});
