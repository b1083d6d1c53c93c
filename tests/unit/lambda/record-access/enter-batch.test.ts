import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { type CountRefused, openRefusedCounter } from '../../../../lambda/record-access/count-refused';
import { type EnterAccesses, enterBatch, type QueuedBatch } from '../../../../lambda/record-access/enter-batch';
import { rememberAccounts } from '../../../../lambda/shared/list-accounts';
import { openDoorRecorder } from '../../../../lambda/shared/record-at-door';
import type { NoteSigner } from '../../../../lib/audit/ledger/note-signer';
import { copyCheckpoint, publishCheckpointAndKey } from '../../../../lib/audit/ledger/publish-checkpoint';
import type { Access } from '../../../../lib/domain/audit/access';
import { parseCheckpoint } from '../../../../lib/domain/audit/ledger/checkpoint';
import { parseBundle } from '../../../../lib/domain/audit/ledger/entry-bundle';
import { readEntryId } from '../../../../lib/domain/audit/ledger/ledger-entry';
import { type LedgerStore, readHead, recordAccesses } from '../../../../lib/domain/audit/ledger/record-accesses';
import { formatNote, noteMessage, verifyNote } from '../../../../lib/domain/audit/ledger/signed-note';
import { formatTilePath, listTiles } from '../../../../lib/domain/audit/ledger/tile';
import { parseVerifierKey } from '../../../../lib/domain/audit/ledger/verifier-key';
import { verifyLedger } from '../../../../lib/domain/audit/ledger/verify-ledger';
import { decodeText } from '../../../../lib/domain/bytes';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';
import { reportTried } from '../../audit/mutations';
import { sha256 } from '../../audit/sha256';

const ORIGIN = 'barter-room/999900001111';
const KEYS = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY = {
  kind: 'ecdsa-p256',
  name: ORIGIN,
  publicKey: new Uint8Array(KEYS.publicKey.export({ format: 'der', type: 'spki' })),
} as const;
const SIGNER: NoteSigner = {
  key: KEY,
  signNote: async (text) => {
    const signature = new Uint8Array(sign('sha256', noteMessage(text), KEYS.privateKey));
    return formatNote(sha256, text, [{ key: KEY, signature }]);
  },
};
const enterAll = async () => false;
const unmeasured = async () => undefined;
const OUTBOXES = ['outbox/swap/telco/', 'outbox/swap/retail/'];

function event(number: number, change: object = {}): object {
  return {
    id: `e-${number}`,
    source: 'aws.dataexchange',
    'detail-type': 'Data Grant Accepted',
    account: '111122223333',
    time: `2026-03-01T10:0${number % 10}:00Z`,
    region: 'eu-central-1',
    detail: { secret: 'row value' },
    ...change,
  };
}

/** As SQS gives what EventBridge put. */
function queued(...events: readonly unknown[]): QueuedBatch {
  return { Records: events.map((event, at) => ({ messageId: `m-${at}`, body: JSON.stringify(event) })) };
}

const NONE_LEFT = { batchItemFailures: [] };

interface FakeStore extends LedgerStore {
  readonly objects: Map<string, Uint8Array>;
  /** Writes that have been asked for. */
  readonly writes: () => number;
}

/** What S3 does; the write of a given number fails, before or after it has come to pass. */
function makeStore(
  failAt = Number.POSITIVE_INFINITY,
  isDone = false,
  objects = new Map<string, Uint8Array>(),
): FakeStore {
  let writes = 0;
  const write = (path: string, bytes: Uint8Array, isFree: boolean): boolean => {
    writes += 1;
    if (writes === failAt && !isDone) throw new Error('killed before');
    if (isFree) objects.set(path, bytes);
    if (writes === failAt) throw new Error('killed after');
    return isFree;
  };
  const tagOf = (path: string) => {
    const bytes = objects.get(path);
    return bytes === undefined ? undefined : Buffer.from(sha256(bytes)).toString('hex');
  };
  return {
    objects,
    writes: () => writes,
    get: async (path) => {
      const [bytes, tag] = [objects.get(path), tagOf(path)];
      return bytes === undefined || tag === undefined ? undefined : { bytes, tag };
    },
    list: async (prefix) => [...objects.keys()].filter((path) => path.startsWith(prefix)),
    putNew: async (path, bytes) => write(path, bytes, !objects.has(path)),
    replace: async (path, bytes, tag) => write(path, bytes, tagOf(path) === tag),
  };
}

function enterInto(store: LedgerStore): EnterAccesses {
  const publish = publishCheckpointAndKey(store, SIGNER);
  return (accesses) => recordAccesses(sha256, ORIGIN, store, accesses, publish);
}

/** The ids of all entries, and what is wrong with the ledger and its checkpoints. */
function inspect({ objects }: FakeStore) {
  const head = objects.get('head');
  const checkpoint = readHead(sha256, ORIGIN, head === undefined ? undefined : { bytes: head, tag: '' });
  const bundles = [...listTiles(checkpoint.size)].filter(({ level }) => level === 'entries');
  const ids = bundles.flatMap((tile) => parseBundle(objects.get(formatTilePath(tile))!)!.map(readEntryId));
  const key = parseVerifierKey(sha256, decodeText(objects.get('verifier-key')!)!)!;
  const published = [...objects].filter(([path]) => path.startsWith('checkpoints/'));
  const signed = published.map(([, bytes]) => {
    const verdict = verifyNote(sha256, decodeText(bytes)!, [key], (_, message, signature) =>
      verify('sha256', message, createPublicKey(KEYS.publicKey.export({ format: 'pem', type: 'spki' })), signature),
    );
    return verdict.kind === 'verified' ? parseCheckpoint(verdict.text)! : undefined;
  });
  const tilePaths = [...objects.keys()].filter((path) => path.startsWith('tile/'));
  const earlier = signed.flatMap((each) => each ?? []);
  expect(earlier).toHaveLength(signed.length);
  expect(earlier.map(({ size }) => size)).toContain(checkpoint.size);
  return { ids, findings: verifyLedger(sha256, { read: (path) => objects.get(path), tilePaths }, checkpoint, earlier) };
}

test('an access is entered once, however often and in whatever order it is told of, and signed', async () => {
  const store = makeStore();
  const { log, lines } = recordLog();
  for (const number of [3, 1, 3, 2, 1])
    await enterBatch(queued(event(number)), enterInto(store), enterAll, log, unmeasured);
  expect(inspect(store)).toEqual({ ids: [3, 1, 2].map((number) => `event-bus/e-${number}`), findings: [] });
  expect(lines.map(([, , details]) => details)).toEqual([1, 1, 0, 1, 0].map((appended) => ({ told: 1, appended })));
  expect(JSON.stringify(lines)).not.toContain('row value');
});

test('killed at any write, before or after it came to pass, and told again, the end is the same', async () => {
  const { log } = recordLog();
  const events = [1, 2, 3].map((number) => event(number));
  const whole = makeStore();
  for (const each of events) await enterBatch(queued(each), enterInto(whole), enterAll, log, unmeasured);
  const wanted = inspect(whole);
  let tried = 0;
  for (const isDone of [false, true]) {
    for (let failAt = 1; failAt <= whole.writes(); failAt += 1) {
      const store = makeStore(failAt, isDone);
      // EventBridge calls again for what failed.
      for (const each of events) {
        await enterBatch(queued(each), enterInto(store), enterAll, log, unmeasured).catch(() =>
          enterBatch(queued(each), enterInto(store), enterAll, log, unmeasured),
        );
      }
      tried += 1;
      expect(inspect(store)).toEqual(wanted);
    }
  }
  reportTried('record-access, killed at a write', tried);
});

test('an outbox gets the very note that lies beside the ledger, and the key; nothing before there is one', async () => {
  const store = makeStore();
  const outboxes = { list: async () => OUTBOXES, putNew: store.putNew };
  expect(await copyCheckpoint(store, 1, outboxes)).toBe(false);
  expect(store.objects.size).toBe(0);
  await enterBatch(queued(event(1)), enterInto(store), enterAll, recordLog().log, unmeasured);
  // An entry costs as much however many parties there are.
  expect([...store.objects.keys()].filter((path) => path.startsWith('outbox/'))).toEqual([]);
  for (let times = 0; times < 2; times += 1) expect(await copyCheckpoint(store, 1, outboxes)).toBe(true);
  for (const outbox of OUTBOXES)
    for (const path of ['checkpoints/1', 'verifier-key'])
      expect(store.objects.get(`${outbox}${path}`)).toEqual(store.objects.get(path));
  expect(await copyCheckpoint(store, 2, outboxes)).toBe(false);
});

test('many are one commit, whatever is among them', async () => {
  const [single, many] = [makeStore(), makeStore()];
  await enterBatch(queued(event(1)), enterInto(single), enterAll, recordLog().log, unmeasured);
  const events = Array.from({ length: 200 }, (_, at) => event(at, { time: '2026-03-01T10:00:00Z' }));
  const answer = await enterBatch(
    queued('no event', ...events, events[7]),
    enterInto(many),
    enterAll,
    recordLog().log,
    unmeasured,
  );
  expect(answer).toEqual(NONE_LEFT);
  const { ids, findings } = inspect(many);
  expect([new Set(ids).size, ids.length, findings]).toEqual([200, 200, []]);
  expect(many.writes()).toBe(single.writes());
});

test('a batch that is killed at any write, before or after it came to pass, and told again with more, is entered once', async () => {
  const { log } = recordLog();
  const events = [1, 2, 3].map((number) => event(number));
  const whole = makeStore();
  await enterBatch(queued(...events), enterInto(whole), enterAll, log, unmeasured);
  let tried = 0;
  for (const isDone of [false, true]) {
    for (let failAt = 1; failAt <= whole.writes(); failAt += 1) {
      const store = makeStore(failAt, isDone);
      await expect(enterBatch(queued(...events), enterInto(store), enterAll, log, unmeasured)).rejects.toThrow(
        'killed',
      );
      expect(await enterBatch(queued(event(4), ...events), enterInto(store), enterAll, log, unmeasured)).toEqual(
        NONE_LEFT,
      );
      const { ids, findings } = inspect(store);
      expect([ids.toSorted(), findings]).toEqual([[1, 2, 3, 4].map((number) => `event-bus/e-${number}`), []]);
      tried += 1;
    }
  }
  reportTried('record-access, a batch killed at a write', tried);
});

test('what cannot be counted, or is no entry, stays in the queue by itself', async () => {
  const store = makeStore();
  const { log, lines } = recordLog();
  const count: CountRefused = async ({ id }) => {
    if (id.endsWith('e-2')) throw new Error('row value');
    return false;
  };
  const long = Array.from({ length: 200 }, (_, at) => [`k${at}`, 'x'.repeat(2000)]);
  const batch = queued(
    event(1),
    event(2),
    event(3, { detail: { DataSets: [{ Id: 'x' }], ...Object.fromEntries(long) } }),
  );
  expect(await enterBatch(batch, enterInto(store), count, log, unmeasured)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm-1' }],
  });
  expect(inspect(store).ids).toEqual(['event-bus/e-1', 'event-bus/e-3']);
  expect(JSON.stringify(lines)).not.toContain('row value');
});

test('two that enter at the same time end with both', async () => {
  const store = makeStore();
  const { log } = recordLog();
  await Promise.all(
    [1, 2, 3, 4, 1].map((number) => enterBatch(queued(event(number)), enterInto(store), enterAll, log, unmeasured)),
  );
  const { ids, findings } = inspect(store);
  expect(findings).toEqual([]);
  expect(ids.toSorted()).toEqual([1, 2, 3, 4].map((number) => `event-bus/e-${number}`));
});

test('two tellings that differ are somebody’s to look at', async () => {
  const store = makeStore();
  const { log, lines } = recordLog();
  await enterBatch(queued(event(1)), enterInto(store), enterAll, log, unmeasured);
  const batch = queued(event(2), event(1, { region: 'eu-west-1' }), event(3));
  const answer = await enterBatch(batch, enterInto(store), enterAll, log, unmeasured);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  expect(inspect(store)).toEqual({ ids: [1, 2, 3].map((number) => `event-bus/e-${number}`), findings: [] });
  expect(lines.at(-2)).toEqual(['error', expect.any(String), expect.objectContaining({ access: 'event-bus/e-1' })]);
});

test.each<[string, unknown, string]>([
  ['an event that nobody knows', event(1, { 'detail-type': 'Something New' }), 'warn'],
  ['an event that is none', 'row value', 'error'],
  ['an event without an account', event(1, { account: undefined }), 'error'],
])('%s is logged without its content, and nothing is entered', async (_, told, level) => {
  const { log, lines } = recordLog();
  const never: EnterAccesses = () => Promise.reject(new Error('entered'));
  expect(await enterBatch(queued(told), never, enterAll, log, unmeasured)).toEqual(NONE_LEFT);
  expect(lines.map(([at]) => at)).toEqual([level]);
  expect(JSON.stringify(lines)).not.toContain('row value');
});

describe('a refused request', () => {
  const RETAIL = TELCO_RETAIL_PLAN.parties[1]!.account;
  const denied = (number: number, actor: Access['actor'], changed: Partial<Access> = {}): Access => ({
    id: `cloudtrail/${number}`,
    witness: 'cloudtrail',
    at: '2026-03-01T10:00:00Z',
    service: 's3',
    operation: 'GetObject',
    act: 'read',
    outcome: 'denied',
    actor,
    owner: '999900001111',
    recordedBy: '999900001111',
    resource: { kind: 'object', bucket: 'lake', key: 'x' },
    joins: {},
    client: { ip: `198.51.${number % 256}.7` },
    ...changed,
  });
  async function openCounter() {
    const { registry } = await registerSigned(TELCO_RETAIL_PLAN);
    const count = openRefusedCounter(
      registry,
      openDoorRecorder(),
      rememberAccounts(registry, () => 0),
    );
    const onRecord = async () => {
      const knocks = await registry.knocks('-').list();
      const counted = knocks.reduce((sum, each) => sum + each.count, 0);
      return { records: knocks.length + (await registry.decisions('-').list()).length, counted };
    };
    return { count, onRecord };
  }

  test('of strangers is counted, however many there are, and from wherever', async () => {
    const { count, onRecord } = await openCounter();
    for (let number = 0; number < 1000; number += 1) {
      const actor =
        number % 2 === 0 ? ({ kind: 'anonymous' } as const) : ({ kind: 'account', account: '777777777777' } as const);
      expect(await count(denied(number, actor))).toBe(true);
    }
    const { records, counted } = await onRecord();
    expect(records).toBe(16);
    expect(counted).toBe(1000);
  });

  test.each<[string, Access]>([
    ['of a party', denied(1, { kind: 'account', account: RETAIL })],
    ['of the room itself', denied(1, { kind: 'account', account: '999900001111' })],
    [
      'of whose account tells of it',
      denied(1, { kind: 'account', account: '777777777777' }, { recordedBy: '777777777777' }),
    ],
    ['of a service of AWS', denied(1, { kind: 'aws-service', service: 'cloudtrail.amazonaws.com' })],
    ['of an SFTP user', denied(1, { kind: 'sftp-user', user: 'telco-retail-2026.retail' })],
    ['that was none: it was let in', denied(1, { kind: 'anonymous' }, { outcome: 'allowed' })],
    ['that failed', denied(1, { kind: 'account', account: '777777777777' }, { outcome: 'failed' })],
  ])('%s is entered', async (_, access) => {
    const { count, onRecord } = await openCounter();
    expect(await count(access)).toBe(false);
    expect(await onRecord()).toEqual({ records: 0, counted: 0 });
  });

  test('that is counted is not entered, and no checkpoint is signed for it', async () => {
    const { log, lines } = recordLog();
    const never: EnterAccesses = () => Promise.reject(new Error('entered'));
    expect(await enterBatch(queued(event(1)), never, async () => true, log, unmeasured)).toEqual(NONE_LEFT);
    expect(lines.map(([, message]) => message)).toEqual(['A refused request of nobody here was counted']);
  });
});

test('all that is told is measured, what is entered already too', async () => {
  const store = makeStore();
  const told: string[][] = [];
  const measure = async (accesses: readonly Access[]) => void told.push(accesses.map(({ id }) => id));
  const batch = queued(event(1), event(1), 'no event', event(2));
  await enterBatch(batch, enterInto(store), enterAll, recordLog().log, measure);
  await enterBatch(batch, enterInto(store), enterAll, recordLog().log, measure);
  expect(told).toEqual(Array(2).fill(['event-bus/e-1', 'event-bus/e-1', 'event-bus/e-2']));
});
