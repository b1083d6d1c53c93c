import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedgerFolder } from '../lib/audit/ledger/ledger-folder';
import { openLedgerTiles } from '../lib/audit/ledger/ledger-tiles';
import { openNoteSigner } from '../lib/audit/ledger/note-signer';
import { publishCheckpointTo } from '../lib/audit/ledger/publish-checkpoint';
import { sha256 } from '../lib/audit/node-crypto';
import type { Access } from '../lib/domain/audit/access';
import { formatEntry } from '../lib/domain/audit/ledger/ledger-entry';
import { proveConsistency, proveInclusion } from '../lib/domain/audit/ledger/merkle-tree';
import { readHead, recordAccesses } from '../lib/domain/audit/ledger/record-accesses';
import { nodesOfTiles } from '../lib/domain/audit/ledger/tile';
import { verifyInclusion } from '../lib/domain/audit/ledger/verify-proof';
import { makeSigningKey } from '../lib/signing-key';

const RUNS = 3;
/** What one append takes at once: an audit's batch, and what an event brings. */
const BATCHES = [4096, 1] as const;
const PROOFS = 1000;

/**
 * The access ledger in a folder: appends, each batch with its signed checkpoint, against writing the same entries to the end of
 * a file and syncing it as often, and against SHA-256 over the same bytes; inclusion and consistency proofs, made and verified,
 * against a SHA-256 of 65 bytes for each. Medians.
 */
export async function benchLedger(count = 100_000, print: (line: string) => void = console.log): Promise<void> {
  await countCalls(print);
  for (const batch of BATCHES) {
    const accesses = Array.from({ length: batch === 1 ? Math.min(count, 200) : count }, (_, at) => makeAccess(at));
    const entries = accesses.map((access) => formatEntry(sha256, access).bytes);
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0);
    print(`${accesses.length} entries of ${Math.round(bytes / entries.length)} bytes, ${batch} to an append`);
    const runs = { hash: [] as number[], plain: [] as number[], ledger: [] as number[] };
    for (let run = 0; run < RUNS; run += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'barter-bench-ledger-'));
      try {
        runs.hash.push(await time(() => hashAll(entries)));
        runs.plain.push(await time(() => appendPlainly(join(folder, 'plain'), entries, batch)));
        runs.ledger.push(await time(() => appendAll(folder, accesses, batch)));
        if (run === RUNS - 1 && batch !== 1) await benchProofs(folder, accesses.length, print);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    const plain = median(runs.plain);
    for (const [name, times] of [
      ['SHA-256 of the entries', runs.hash],
      ['plain file, synced', runs.plain],
      ['ledger', runs.ledger],
    ] as const) {
      const seconds = median(times);
      print(
        `  ${name.padEnd(24)} ${seconds.toFixed(3)} s  ${(seconds / plain).toFixed(2)} ×  ${Math.round(accesses.length / seconds)} entries/s`,
      );
    }
  }
}

async function benchProofs(folder: string, size: number, print: (line: string) => void): Promise<void> {
  const ledger = openLedgerFolder(join(folder, 'ledger'));
  const tiles = openLedgerTiles(ledger);
  const step = Math.max(1, Math.floor(size / PROOFS));
  const wanted = Array.from({ length: Math.floor(size / step) }, (_, at) => at * step);
  const node65 = new Uint8Array(65);
  const baseline = await time(() => {
    for (const _ of wanted) sha256(node65);
  });
  const head = readHead(sha256, 'bench', await ledger.get('head'));
  const leaves = await tiles.use((read) => {
    const node = nodesOfTiles(sha256, size, read);
    return wanted.map((index) => node(0, index));
  });
  const paths: (readonly Uint8Array[])[] = [];
  const made = await time(async () => {
    for (const index of wanted)
      paths.push(await tiles.use((read) => proveInclusion(sha256, index, size, nodesOfTiles(sha256, size, read))));
  });
  let verified = 0;
  const checked = await time(() => {
    for (const [at, index] of wanted.entries())
      if (verifyInclusion(sha256, leaves[at]!, index, head, paths[at]!)) verified += 1;
  });
  const consistent = await time(async () => {
    for (const earlier of wanted)
      await tiles.use((read) => proveConsistency(sha256, earlier, size, nodesOfTiles(sha256, size, read)));
  });
  ledger.close();
  if (verified !== wanted.length) throw new Error(`${wanted.length - verified} proofs do not hold.`);
  print(`  ${wanted.length} proofs at ${size} entries, against one SHA-256 of 65 bytes for each`);
  for (const [name, seconds] of [
    ['one hash', baseline],
    ['inclusion, made', made],
    ['inclusion, verified', checked],
    ['consistency, made', consistent],
  ] as const)
    print(
      `    ${name.padEnd(22)} ${Math.round(wanted.length / seconds)} /s  ${(seconds / baseline).toFixed(0)} ×  ${((1e6 * seconds) / wanted.length).toFixed(0)} µs`,
    );
}

async function appendAll(folder: string, accesses: readonly Access[], batch: number): Promise<void> {
  const signer = openSigner(folder);
  const store = openLedgerFolder(join(folder, 'ledger'));
  const publish = publishCheckpointTo(store, signer);
  for (let at = 0; at < accesses.length; at += batch)
    await recordAccesses(sha256, 'bench', store, accesses.slice(at, at + batch), publish);
  store.tidy();
  store.close();
}

/** Calls of the store, each of which is one of S3 in a room, for events that are entered so many to a commit. */
async function countCalls(print: (line: string) => void): Promise<void> {
  print('events of accesses of one hour, calls of the store');
  for (const [batch, events] of QUEUED) {
    const folder = mkdtempSync(join(tmpdir(), 'barter-bench-calls-'));
    try {
      const ledger = openLedgerFolder(join(folder, 'ledger'));
      let calls = 0;
      const counted = <A extends readonly unknown[], R>(work: (...args: A) => R) => {
        return (...args: A): R => {
          calls += 1;
          return work(...args);
        };
      };
      const { get, list, putNew, replace } = ledger;
      const store = { get: counted(get), list: counted(list), putNew: counted(putNew), replace: counted(replace) };
      const publish = publishCheckpointTo(store, openSigner(folder));
      for (let at = 0; at < events; at += batch) {
        const accesses = Array.from({ length: batch }, (_, index) => makeAccess(at + index));
        await recordAccesses(sha256, 'bench', store, accesses, publish);
      }
      ledger.close();
      print(`  ${events} events, ${batch} to a commit: ${calls} calls, ${(calls / events).toFixed(2)} for each`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** So many to a commit, of so many: a commit reads what all others of the hour have left. */
const QUEUED = [
  [1, 200],
  [100, 2000],
  [1000, 2000],
] as const;

function openSigner(folder: string) {
  makeSigningKey(join(folder, 'audit.pem'));
  return openNoteSigner(join(folder, 'audit.pem'), 'bench');
}

function appendPlainly(path: string, entries: readonly Uint8Array[], batch: number): void {
  const file = openSync(path, 'a');
  for (let at = 0; at < entries.length; at += batch) {
    writeSync(file, Buffer.concat(entries.slice(at, at + batch)));
    fsyncSync(file);
  }
  closeSync(file);
}

function hashAll(entries: readonly Uint8Array[]): void {
  for (const entry of entries) createHash('sha256').update(entry).digest();
}

/** As an audit enters a read of an object: 50 a minute. */
function makeAccess(number: number): Access {
  const id = number.toString(16).padStart(12, '0');
  return {
    id: `cloudtrail/00000000-0000-4000-8000-${id}/111122223333`,
    witness: 'cloudtrail',
    at: new Date(Date.parse('2026-03-01T00:00:00Z') + number * 1200).toISOString(),
    region: 'eu-central-1',
    service: 's3',
    operation: 'GetObject',
    act: 'read',
    outcome: 'allowed',
    actor: {
      kind: 'account',
      account: '444455556666',
      arn: 'arn:aws:sts::444455556666:assumed-role/analytics/session',
    },
    owner: '111122223333',
    recordedBy: '111122223333',
    resource: { kind: 'object', bucket: 'room-releases', key: `swap/telco-retail-usage/round=2026-02-26/part-${id}` },
    bytes: { out: 1_048_576, in: 0 },
    joins: { request: `REQUEST${id}` },
    client: { ip: '203.0.113.9', agent: '[aws-sdk-java/2.20]' },
  };
}

async function time(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
}

if (require.main === module) benchLedger(Number(process.argv[2] ?? '100000'));
