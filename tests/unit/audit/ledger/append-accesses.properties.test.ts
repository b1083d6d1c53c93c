import fc from 'fast-check';
import type { Access } from '../../../../lib/domain/audit/access';
import { appendAccesses } from '../../../../lib/domain/audit/ledger/append-accesses';
import { parseCheckpoint } from '../../../../lib/domain/audit/ledger/checkpoint';
import { formatBundle, parseBundle } from '../../../../lib/domain/audit/ledger/entry-bundle';
import { EMPTY_EDGE, hashEdge } from '../../../../lib/domain/audit/ledger/ledger-edge';
import { readEntryId } from '../../../../lib/domain/audit/ledger/ledger-entry';
import { parseStaged } from '../../../../lib/domain/audit/ledger/ledger-object';
import { hashTree } from '../../../../lib/domain/audit/ledger/merkle-tree';
import { formatTilePath, listTiles, nodesOfTiles } from '../../../../lib/domain/audit/ledger/tile';
import { verifyLedger } from '../../../../lib/domain/audit/ledger/verify-ledger';
import { decodeText } from '../../../../lib/domain/bytes';
import { sha256 } from '../sha256';
import { makeAccess } from './accesses';
import { makeStore, type ObjectStore, ORIGIN, recordAccesses } from './object-store';

const EMPTY = { origin: ORIGIN, size: 0, root: hashEdge(sha256, EMPTY_EDGE) };

describe('appending', () => {
  it('grows the same tree in any batches, and its edge gives the root', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), (batches) => {
        const store = makeStore();
        let size = 0;
        for (const count of batches) {
          run(recordAccesses(store, range(size, size + count)));
          size += count;
        }
        const head = readHead(store);
        expect(head.size).toBe(size);
        const nodes = nodesOfTiles(sha256, size, (tile) => store.get(formatTilePath(tile))!.bytes);
        expect(hashTree(sha256, size, nodes)).toEqual(head.root);
        expect(checkStore(store)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('enters duplicates once, within a batch and across', () => {
    const first = appendAccesses(sha256, EMPTY, EMPTY_EDGE, new Map(), [makeAccess(1), makeAccess(2), makeAccess(1)]);
    expect([first.appended, first.duplicates, first.checkpoint.size]).toEqual([2, 1, 2]);
    const store = makeStore();
    run(recordAccesses(store, [makeAccess(1), makeAccess(2)]));
    run(recordAccesses(store, [makeAccess(2), makeAccess(3), makeAccess(1)]));
    expect(listIds(store)).toEqual([1, 2, 3].map((number) => makeAccess(number).id));
  });

  it('hands back what says something else of a recorded access', () => {
    const altered = { ...makeAccess(1), operation: 'DeleteObject' };
    const result = appendAccesses(sha256, EMPTY, EMPTY_EDGE, new Map(), [makeAccess(1), altered]);
    expect([result.appended, result.duplicates, result.conflicts]).toEqual([1, 0, [altered]]);
  });

  it('builds on nothing that does not give the root', () => {
    const { checkpoint, edge } = appendAccesses(sha256, EMPTY, EMPTY_EDGE, new Map(), [makeAccess(1)]);
    const other = { ...edge, hashes: [[new Uint8Array(32)]] };
    expect(() => appendAccesses(sha256, checkpoint, other, new Map(), [makeAccess(2)])).toThrow(
      'The tiles of audit.example.com/room do not give the root of its checkpoint at 1 entries.',
    );
  });

  it.each([
    ['too long', { region: 'x'.repeat(70_000) }, 'the ledger takes 65535'],
    ['without a time', { at: 'yesterday' }, 'has no UTC time'],
  ])('refuses an access %s', (_, change, message) => {
    const access: Access = { ...makeAccess(1), ...change };
    expect(() => appendAccesses(sha256, EMPTY, EMPTY_EDGE, new Map(), [access])).toThrow(message);
  });
});

it('any writers, overtaken and crashed anywhere, leave one entry per access and a ledger that verifies', () => {
  const schedule = fc.array(fc.tuple(fc.nat(3), fc.boolean(), fc.integer({ min: 1, max: 12 })), { maxLength: 60 });
  const batches = fc.array(fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 25 }), { minLength: 2, maxLength: 4 });
  let crashes = 0;
  fc.assert(
    fc.property(batches, schedule, (numbers, turns) => {
      const store = makeStore();
      const start = (at: number) => recordAccesses(store, numbers[at % numbers.length]!.map(makeAccess));
      const writers = numbers.map((_, at) => start(at));
      for (const [turn, crash, steps] of turns) {
        const at = turn % writers.length;
        for (let step = 0; step < steps; step += 1) writers[at]!.next();
        if (!crash) continue;
        crashes += 1;
        writers[at] = start(at);
      }
      // Whatever was left undone is retried, as a queue would.
      for (const at of numbers.keys()) run(start(at));
      expect(listIds(store).toSorted()).toEqual([...new Set(numbers.flat().map((n) => makeAccess(n).id))].toSorted());
      expect(checkStore(store)).toEqual([]);
    }),
    { numRuns: 200 },
  );
  process.stdout.write(`  ledger writers: ${crashes} crashes, no access lost or entered twice\n`);
});

describe('broken bytes', () => {
  it('a bundle cut short is none', () => {
    const bundle = formatBundle([Uint8Array.of(1, 2, 3), new Uint8Array()]);
    expect(parseBundle(bundle)).toHaveLength(2);
    for (const end of [1, 3, 4, 6]) expect(parseBundle(bundle.subarray(0, end))).toBeUndefined();
  });

  it('a staged append cut short is refused', () => {
    expect(() => parseStaged(Uint8Array.of(0, 0))).toThrow(RangeError);
    expect(() => parseStaged(Uint8Array.of(0, 0, 0, 2, 65))).toThrow('cut short');
  });
});

/** Every checkpoint ever published is a beginning of the last one. */
function checkStore(store: ObjectStore) {
  const published = store.list('checkpoints/').map((path) => parseCheckpoint(decodeText(store.get(path)!.bytes)!)!);
  const copy = { read: (path: string) => store.get(path)?.bytes, tilePaths: store.list('tile/') };
  return verifyLedger(sha256, copy, readHead(store), published);
}

function readHead(store: ObjectStore) {
  const head = store.get('head');
  return head === undefined ? EMPTY : parseCheckpoint(decodeText(head.bytes)!)!;
}

function listIds(store: ObjectStore): readonly (string | undefined)[] {
  const bundles = [...listTiles(readHead(store).size)].filter(({ level }) => level === 'entries');
  return bundles.flatMap((tile) => parseBundle(store.get(formatTilePath(tile))!.bytes)!.map(readEntryId));
}

function range(from: number, to: number): readonly Access[] {
  return Array.from({ length: to - from }, (_, at) => makeAccess(from + at));
}

function run(writer: Generator<void, void>): void {
  while (!writer.next().done);
}
