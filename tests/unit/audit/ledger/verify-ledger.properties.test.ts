import { appendAccesses } from '../../../../lib/domain/audit/ledger/append-accesses';
import { formatBundle, parseBundle } from '../../../../lib/domain/audit/ledger/entry-bundle';
import { EMPTY_EDGE, hashEdge } from '../../../../lib/domain/audit/ledger/ledger-edge';
import { verifyLedger } from '../../../../lib/domain/audit/ledger/verify-ledger';
import { encodeText } from '../../../../lib/domain/bytes';
import { flipBit, reportTried } from '../mutations';
import { sha256 } from '../sha256';
import { makeAccess } from './accesses';

const SIZE = 300;
/** Flipped bits tried per file, spread over it. */
const FLIPS = 12;
const EMPTY = { origin: 'audit.example.com/room', size: 0, root: hashEdge(sha256, EMPTY_EDGE) };
const EARLIER = grow(EMPTY, EMPTY_EDGE, 0, 280);
const LATER = grow(EARLIER.checkpoint, EARLIER.edge, 280, SIZE);
const FILES = new Map(
  [...EARLIER.objects, ...LATER.objects]
    .filter(({ path }) => path.startsWith('tile/'))
    .map(({ path, bytes }) => [path, bytes] as const),
);

/** What the earlier checkpoint left of tiles that have grown since. */
const SHORTER = new Set(['tile/entries/001.p/24', 'tile/0/001.p/24']);

it('finds nothing in a whole copy', () => {
  expect(verify(FILES)).toEqual([]);
});

it('finds and locates every mutation', () => {
  let tried = 0;
  const expectFound = (files: ReadonlyMap<string, Uint8Array>, where: string) => {
    tried += 1;
    const findings = verify(files);
    if (!JSON.stringify(findings).includes(where)) throw new Error(`${where} not in ${JSON.stringify(findings)}`);
  };
  for (const [path, bytes] of FILES) {
    const at = (change: Uint8Array) => new Map(FILES).set(path, change);
    const without = new Map(FILES);
    without.delete(path);
    // A shorter state of a tile, from an earlier checkpoint, may be missing: the whole one holds its content.
    if (SHORTER.has(path)) expect(verify(without)).toEqual([]);
    else expectFound(without, path);
    expectFound(at(bytes.subarray(0, -1)), path);
    expectFound(at(Uint8Array.from([...bytes, 0])), path);
    expectFound(at(new Uint8Array()), path);
    // A hash of level 0 and its entry stand and fall together, so the bundle is named; a shorter state names itself.
    const named = SHORTER.has(path) ? path : path.replace('tile/0/', 'tile/entries/');
    const stride = Math.ceil((bytes.length * 8) / FLIPS);
    for (let bit = 3; bit < bytes.length * 8; bit += stride) expectFound(at(flipBit(bytes, bit)), named);
  }
  const bundle = parseBundle(FILES.get('tile/entries/000')!)!;
  const swapped = formatBundle(bundle.with(3, bundle[4]!).with(4, bundle[3]!));
  expectFound(new Map(FILES).set('tile/entries/000', swapped), '"entry":3');
  expectFound(new Map(FILES).set('tile/entries/000', formatBundle(bundle.toReversed())), '"entry":0');
  expectFound(new Map(FILES).set('tile/entries/000', formatBundle(bundle.toSpliced(7, 1))), 'tile/entries/000');
  for (const stray of ['tile/0/003', 'tile/0/001.p/200', 'tile/notes', 'tile/0/0002', 'tile/0/000.p/0']) {
    expectFound(new Map(FILES).set(stray, new Uint8Array(32)), stray);
  }
  reportTried('ledger copies', tried);
});

it('finds a history written anew, though every file of it fits', () => {
  const other = grow(EMPTY, EMPTY_EDGE, 1, SIZE);
  const files = new Map(other.objects.map(({ path, bytes }) => [path, bytes]));
  const copy = { read: (path: string) => files.get(path), tilePaths: [] };
  expect(verifyLedger(sha256, copy, other.checkpoint, [EARLIER.checkpoint])).toEqual([
    { kind: 'rewritten', size: 280 },
  ]);
  expect(verifyLedger(sha256, copy, LATER.checkpoint, [])).not.toEqual([]);
});

it('finds an earlier checkpoint that is another ledger’s, though its tree is the beginning of this one', () => {
  const copy = { read: (path: string) => FILES.get(path), tilePaths: FILES.keys() };
  const other = { ...EARLIER.checkpoint, origin: 'audit.example.com/other' };
  expect(verifyLedger(sha256, copy, LATER.checkpoint, [EARLIER.checkpoint, other])).toEqual([
    { kind: 'rewritten', size: 280 },
  ]);
});

it('finds a ledger that is shorter than an earlier checkpoint', () => {
  const files = new Map(EARLIER.objects.map(({ path, bytes }) => [path, bytes]));
  const copy = { read: (path: string) => files.get(path), tilePaths: [] };
  expect(verifyLedger(sha256, copy, EARLIER.checkpoint, [LATER.checkpoint])).toEqual([
    { kind: 'rewritten', size: SIZE },
  ]);
});

it('finds an access entered twice, and an entry that is no canonical JSON', () => {
  const { bytes } = LATER.objects.find(({ path }) => path.startsWith('tile/entries/'))!;
  const [entry] = parseBundle(bytes)!;
  const loose = encodeText('{"access": {"id": "x"}, "entryVersion": 1}');
  const files = new Map([['tile/entries/000.p/3', formatBundle([entry!, entry!, loose])]]);
  const copy = { read: (path: string) => files.get(path), tilePaths: [] };
  const kinds = verifyLedger(sha256, copy, { ...EMPTY, size: 3 }, []).map(({ kind }) => kind);
  expect(kinds).toEqual(['repeated-access', 'unreadable-entry', 'missing']);
});

function verify(files: ReadonlyMap<string, Uint8Array>) {
  const copy = { read: (path: string) => files.get(path), tilePaths: files.keys() };
  return verifyLedger(sha256, copy, LATER.checkpoint, [EMPTY, EARLIER.checkpoint]);
}

function grow(checkpoint: typeof EMPTY, edge: typeof EMPTY_EDGE, from: number, to: number) {
  const accesses = Array.from({ length: to - from }, (_, at) => makeAccess(from + at));
  return appendAccesses(sha256, checkpoint, edge, new Map(), accesses);
}
