import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AuditRun } from '../../../lib/audit/audit-run';
import type { NoteSigner } from '../../../lib/audit/ledger/note-signer';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { keepScans } from '../../../lib/audit/logs/keep-scans';
import type { ScanStore, StoredLog, StoredLogs } from '../../../lib/audit/logs/kept-scan';
import { openStoredLogs } from '../../../lib/audit/logs/open-stored-logs';
import { makeSigningKey } from '../../../lib/signing-key';
import { BUCKET, makeS3Read, makeSummary, PARTNER, ROOM } from '../../unit/audit/scenario';
import { auditLogs, makeFolder, put } from './audit-trial';

/* Logs read ahead, in steps that may end anywhere: the pack is the one of reading them all at once. */

const DAYS = ['2026-03-01', '2026-03-02'];
const PERIOD = { from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z' };
const FILES_A_DAY = 3;
const STEP = { files: 2, bytes: 1e9 };
const GROUND = { roomAccounts: [ROOM], buckets: [BUCKET], hashContent: false, toolVersion: '0.0.0' };

const logs = makeLogs();
const key = join(makeFolder(), 'audit.pem');
makeSigningKey(key);
const signer = openNoteSigner(key, 'room/trial');

/** Three days: reads by a partner and by the room, one of them in two files; what is no record; CloudTrail's own count. */
function makeLogs(): string {
  const folder = makeFolder();
  for (const [number, day] of DAYS.entries())
    for (let file = 0; file < FILES_A_DAY; file += 1) {
      const records: unknown[] = Array.from({ length: 8 }, (_, at) => {
        const time = `${day}T${String(8 + file).padStart(2, '0')}:${String(at * 5).padStart(2, '0')}:00Z`;
        const read = { key: `usage/round=1/${day}-${file}-${at}`, at: time, account: at % 3 === 0 ? PARTNER : ROOM };
        return makeS3Read(read).flatMap(({ source }) => (source.log === 'cloudtrail' ? [source.record] : []));
      }).flat();
      if (file === 1) records.push({ eventName: 'Nothing' }, 7, records[0]);
      if (file === 2) {
        const window = { from: `${day}T09:00:00Z`, to: `${day}T09:05:00Z` };
        records.push(makeSummary({ ...window, counts: { GetObject: 3 + number } }));
      }
      const name = `${ROOM}_CloudTrail_eu-central-1_${day.replaceAll('-', '')}T1405Z_${file}.json.gz`;
      put(folder, `${day}/${name}`, gzipSync(JSON.stringify({ Records: records })));
    }
  return folder;
}

function openLogs(fetched: string[] = [], changed: ReadonlyMap<string, string | undefined> = new Map()): StoredLogs {
  return {
    prefix: '',
    days: DAYS,
    list: async (day) =>
      readdirSync(join(logs, day)).map((name): StoredLog => {
        const file = `${day}/${name}`;
        const path = join(logs, file);
        const tag = changed.has(file) ? changed.get(file) : hash(readFileSync(path));
        return { file, path, bytes: statSync(path).size, ...(tag === undefined ? {} : { tag }) };
      }),
    async *fetch(files) {
      for (const { file, bytes } of files) {
        fetched.push(file);
        yield { file, path: join(logs, file), bytes };
      }
    },
  };
}

function openStore(kept = new Map<string, Uint8Array>()): ScanStore & { readonly kept: Map<string, Uint8Array> } {
  const get = (name: string) => {
    const bytes = kept.get(name);
    if (bytes === undefined) throw new Error(`nothing is kept as ${name}`);
    return bytes;
  };
  return {
    kept,
    list: async (folder) => [...kept.keys()].filter((name) => name.startsWith(folder)),
    read: async (name) => Buffer.from(get(name)).toString('utf8'),
    fetch: async (name, path) => void put(path, '', get(name)),
    putNew: async (name, content) => {
      if (!kept.has(name))
        kept.set(name, typeof content === 'string' ? Buffer.from(content) : readFileSync(content.path));
    },
  };
}

interface Given {
  readonly logs?: StoredLogs;
  readonly signer?: NoteSigner;
  readonly ground?: typeof GROUND;
  readonly hasTime?: () => boolean;
}

async function keep(store: ScanStore, given: Given = {}): Promise<boolean> {
  const usual = { logs: openLogs(), signer, ground: GROUND, hasTime: () => false };
  return keepScans({ ...usual, ...given, store, folder: makeFolder(), step: STEP });
}

async function keepAll(store: ScanStore, given: Given = {}): Promise<number> {
  for (let calls = 1; ; calls += 1) if (await keep(store, given)) return calls;
}

/** What the pack says, file by file, and which logs were read for it. */
async function write(store: ScanStore, changed?: ReadonlyMap<string, string | undefined>) {
  const fetched: string[] = [];
  const source = openStoredLogs({ logs: openLogs(fetched, changed), store, signer, toolVersion: GROUND.toolVersion });
  const run: Partial<AuditRun> = { ...PERIOD, logs: source, signer };
  const { out } = await auditLogs(logs, run);
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(out, name)).isFile(),
  );
  const pack = Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(join(out, name), 'utf8')]));
  rmSync(out, { recursive: true });
  return { pack, fetched };
}

let plain: Awaited<ReturnType<typeof write>>;
beforeAll(async () => {
  plain = await write(openStore());
});

test('the report that is written of what was read ahead reads no log, and is the same', async () => {
  // Every file once to scan it, and once more since CloudTrail counted events in them.
  expect(plain.fetched).toHaveLength(2 * DAYS.length * FILES_A_DAY);
  const { duplicates, malformed } = JSON.parse(plain.pack['report.json']!).header.records;
  expect([duplicates, malformed.map(({ records }: { records: number }) => records)]).toEqual([2, [2, 2]]);
  expect(plain.pack['exceptions.jsonl']).toContain('count-mismatch');
  const store = openStore();
  expect(await keepAll(store)).toBeGreaterThan(7);
  const { pack, fetched } = await write(store);
  expect(fetched).toEqual([]);
  expect(pack).toEqual(plain.pack);
});

test('broken off at any call, before or after its effect, or taken twice, it ends as if it had not been', async () => {
  const undisturbed = openStore();
  await keepAll(undisturbed);
  const hasTime = () => true;
  let points = 0;
  for (const kind of ['before', 'after'] as const)
    for (let at = 1; ; at += 1) {
      const store = openStore();
      let calls = 0;
      const disturb =
        <T extends readonly unknown[], R>(work: (...given: T) => Promise<R>) =>
        async (...given: T): Promise<R> => {
          calls += 1;
          if (calls === at && kind === 'before') throw new Error('broken off');
          const done = await work(...given);
          if (calls === at && kind === 'after') throw new Error('broken off');
          return done;
        };
      const open = openLogs();
      const disturbed = {
        logs: { ...open, list: disturb(open.list) },
        signer: { ...signer, signNote: disturb(signer.signNote) },
      };
      const [list, read, putNew] = [disturb(store.list), disturb(store.read), disturb(store.putNew)];
      const isDone = await keep({ ...store, list, read, putNew }, { ...disturbed, hasTime }).catch(() => false);
      if (isDone) break;
      points += 1;
      for (const _ of ['again', 'and again']) expect(await keep(store, { hasTime })).toBe(true);
      expect({ kind, at, kept: store.kept }).toEqual({ kind, at, kept: undisturbed.kept });
    }
  console.info(`${points} fault points of reading ahead`);
  expect(points).toBeGreaterThan(50);
}, 120_000);

describe('what was read ahead is read again where', () => {
  const kept = openStore();
  beforeAll(() => keepAll(kept));
  const scans = () =>
    [...kept.kept.keys()].filter((name) => /[0-9a-f]{64}\.json$/.test(name) && !name.includes('counts'));

  test('it was changed, cut or signed by somebody else', async () => {
    const another = join(makeFolder(), 'other.pem');
    makeSigningKey(another);
    const forged = openStore();
    await keepAll(forged, { signer: openNoteSigner(another, 'room/trial') });
    expect((await write(forged)).pack).toEqual(plain.pack);
    let tried = 0;
    for (const [name, bytes] of kept.kept) {
      const stored = Buffer.from(bytes);
      for (const at of [0, stored.length >> 1, stored.length - 3]) {
        const changed = Buffer.from(stored);
        changed[at]! ^= 1;
        for (const altered of [changed, stored.subarray(0, at)]) {
          const { pack } = await write(openStore(new Map([...kept.kept, [name, altered]])));
          expect({ name, at, pack }).toEqual({ name, at, pack: plain.pack });
          tried += 1;
        }
      }
      if (tried > 20) break;
    }
    console.info(`${tried} changes of what was read ahead, none believed`);
  }, 120_000);

  test('a log is another by now, or one came late', async () => {
    const [first = ''] = readdirSync(join(logs, DAYS[0]!));
    const file = `${DAYS[0]}/${first}`;
    const { pack, fetched } = await write(kept, new Map([[file, 'another']]));
    expect(pack).toEqual(plain.pack);
    // All that was scanned with it; and counted.
    expect(new Set(fetched)).toEqual(new Set([file, expect.stringContaining(DAYS[0]!)]));
    const late = put(
      logs,
      `${DAYS[1]}/${ROOM}_CloudTrail_eu-central-1_20260302T2305Z_late.json.gz`,
      gzipSync('{"Records":[]}'),
    );
    const before = scans().length;
    expect(new Set((await write(kept)).fetched)).toEqual(new Set([late.slice(logs.length + 1)]));
    await keepAll(kept);
    expect(scans()).toHaveLength(before + 1);
    expect((await write(kept)).fetched).toEqual([]);
    rmSync(late);
  });

  test('nothing tells whether a log changed', async () => {
    const [first = ''] = readdirSync(join(logs, DAYS[0]!));
    const untold = new Map([[`${DAYS[0]}/${first}`, undefined]]);
    const store = openStore();
    await keepAll(store, { logs: openLogs([], untold) });
    const { pack, fetched } = await write(store, untold);
    expect(pack).toEqual(plain.pack);
    expect(new Set(fetched)).toEqual(new Set(untold.keys()));
  });

  test('another version, or a room of other accounts, read it', async () => {
    for (const ground of [
      { ...GROUND, toolVersion: '0.0.1' },
      { ...GROUND, roomAccounts: [ROOM, PARTNER] },
    ]) {
      const store = openStore();
      await keepAll(store, { ground });
      const { pack, fetched } = await write(store);
      expect(pack).toEqual(plain.pack);
      expect(fetched).toEqual(plain.fetched);
    }
  });
});

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
