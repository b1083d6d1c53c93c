import fc from 'fast-check';
import {
  hashLeaf,
  hashNode,
  hashTree,
  type NodeReader,
  proveConsistency,
  proveInclusion,
} from '../../../../lib/domain/audit/ledger/merkle-tree';
import { type TreeHead, verifyConsistency, verifyInclusion } from '../../../../lib/domain/audit/ledger/verify-proof';
import { formatHex, parseHex } from '../../../../lib/domain/bytes';
import { flipBit, reportTried } from '../mutations';
import { sha256 } from '../sha256';

/** The eight leaves, roots and proofs that Certificate Transparency's implementations test against. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => hashLeaf(sha256, parseHex(hex)!),
);

const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const SHARED = {
  '96a2': '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '5f08': '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  '6b47': '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  bc1a: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  ca85: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  '0ebc': '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
};

const node = nodesOf(LEAVES);

describe('RFC 6962 vectors', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))('root of %d leaves', (size, root) => {
    expect(formatHex(hashTree(sha256, size, node))).toBe(root);
  });

  it.each([
    [0, 1, []],
    [0, 8, [SHARED['96a2'], SHARED['5f08'], SHARED['6b47']]],
    [5, 8, [SHARED.bc1a, SHARED.ca85, ROOTS[4]]],
    [2, 3, [ROOTS[2]]],
    [1, 5, [ROOTS[1], SHARED['5f08'], SHARED.bc1a]],
  ])('inclusion of leaf %d in %d', (index, size, proof) => {
    expect(proveInclusion(sha256, index, size, node).map(formatHex)).toEqual(proof);
  });

  it.each([
    [1, 1, []],
    [1, 8, [SHARED['96a2'], SHARED['5f08'], SHARED['6b47']]],
    [6, 8, [SHARED['0ebc'], SHARED.ca85, ROOTS[4]]],
    [2, 5, [SHARED['5f08'], SHARED.bc1a]],
  ])('consistency of %d with %d', (earlier, size, proof) => {
    expect(proveConsistency(sha256, earlier, size, node).map(formatHex)).toEqual(proof);
  });

  it('proves nothing that is not there', () => {
    expect(() => proveInclusion(sha256, 8, 8, node)).toThrow('No entry 8 in a ledger of 8 entries.');
    expect(() => proveConsistency(sha256, 9, 8, node)).toThrow('A ledger of 8 entries never had 9.');
  });
});

describe('proofs over trees of any size', () => {
  const leaves = Array.from({ length: 600 }, (_, at) => hashLeaf(sha256, Uint8Array.of(at >> 8, at & 255)));
  const nodes = nodesOf(leaves);
  const heads = Array.from({ length: 601 }, (_, size): TreeHead => ({ size, root: hashTree(sha256, size, nodes) }));

  it('the root is the recursive definition’s', () => {
    const some = heads.filter(({ size }) => size <= 70 || size % 17 === 0);
    for (const { size, root } of some) expect(root).toEqual(defineRoot(leaves.slice(0, size)));
  });

  it('every leaf of every tree up to 600 is included', () => {
    // All leaves of the smaller trees; of the larger ones those at the edges and a spread, for time.
    for (const head of heads) {
      const step = head.size <= 70 ? 1 : 37;
      for (let index = 0; index < head.size; index += step) assertIncluded(index, head);
      if (head.size > 0) assertIncluded(head.size - 1, head);
    }
  });

  it('proofs that share what they hashed are those that stand alone', () => {
    for (const { size } of heads.filter(({ size }) => size % 23 === 0)) {
      const ranges = new Map<number, Uint8Array>();
      for (let index = 0; index < size; index += 1 + (index % 5))
        expect(proveInclusion(sha256, index, size, nodes, ranges)).toEqual(proveInclusion(sha256, index, size, nodes));
    }
  });

  it('every tree up to 600 begins with every smaller one', () => {
    for (const later of heads) {
      for (const earlier of heads.slice(0, later.size + 1)) {
        if (later.size > 70 && (earlier.size * 7 + later.size) % 41 !== 0) continue;
        const proof = proveConsistency(sha256, earlier.size, later.size, nodes);
        if (!verifyConsistency(sha256, earlier, later, proof)) throw new Error(`${earlier.size} → ${later.size}`);
      }
    }
  });

  it('no altered proof of inclusion passes', () => {
    let tried = 0;
    const reject = (leaf: Uint8Array, index: number, head: TreeHead, proof: readonly Uint8Array[]) => {
      tried += 1;
      expect(verifyInclusion(sha256, leaf, index, head, proof)).toBe(false);
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.nat(599), fc.nat(255), (size, at, bit) => {
        const head = heads[size]!;
        const index = at % size;
        const leaf = leaves[index]!;
        const proof = proveInclusion(sha256, index, size, nodes);
        reject(flipBit(leaf, bit), index, head, proof);
        reject(leaf, index, { size, root: flipBit(head.root, bit) }, proof);
        reject(leaf, index, { size: 0, root: head.root }, proof);
        reject(leaf, size, head, proof);
        reject(leaf, -1, head, proof);
        reject(leaf, index, head, [...proof, flipBit(head.root, bit)]);
        for (const [place, hash] of proof.entries()) {
          reject(leaf, index, head, proof.with(place, flipBit(hash, bit)));
          reject(leaf, index, head, proof.with(place, hash.subarray(1)));
          reject(leaf, index, head, proof.toSpliced(place, 1));
        }
        for (const other of [index - 1, index + 1, size - 1 - index]) {
          if (other !== index) reject(leaf, other, head, proof);
        }
      }),
    );
    reportTried('inclusion proofs', tried);
  });

  it('no altered proof of consistency passes', () => {
    let tried = 0;
    const reject = (earlier: TreeHead, later: TreeHead, proof: readonly Uint8Array[]) => {
      tried += 1;
      expect(verifyConsistency(sha256, earlier, later, proof)).toBe(false);
    };
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), fc.nat(255), (one, two, bit) => {
        const earlier = heads[Math.min(one, two)]!;
        const later = heads[Math.max(one, two)]!;
        const proof = proveConsistency(sha256, earlier.size, later.size, nodes);
        reject({ ...earlier, root: flipBit(earlier.root, bit) }, later, proof);
        reject(earlier, later, [...proof, earlier.root]);
        reject({ ...later, size: later.size + 1 }, later, proof);
        if (earlier.size > 0) reject(earlier, { ...later, root: flipBit(later.root, bit) }, proof);
        if (earlier.size < later.size) reject({ ...earlier, size: earlier.size + 1 }, later, proof);
        for (const [place, hash] of proof.entries()) {
          reject(earlier, later, proof.with(place, flipBit(hash, bit)));
          reject(earlier, later, proof.toSpliced(place, 1));
        }
        if (earlier.size > 0 && earlier.size < later.size) reject(later, earlier, proof);
      }),
    );
    reportTried('consistency proofs', tried);
  });

  function assertIncluded(index: number, head: TreeHead): void {
    const proof = proveInclusion(sha256, index, head.size, nodes);
    if (!verifyInclusion(sha256, leaves[index]!, index, head, proof)) throw new Error(`${index} in ${head.size}`);
  }
});

/** Nodes computed once from the leaves: the plain pyramid, independent of tiles. */
function nodesOf(leaves: readonly Uint8Array[]): NodeReader {
  const levels = [leaves];
  for (let below = leaves; below.length > 1; below = levels.at(-1)!) {
    const pairs = Array.from({ length: below.length >> 1 }, (_, at) => [below[2 * at]!, below[2 * at + 1]!] as const);
    levels.push(pairs.map(([left, right]) => hashNode(sha256, left, right)));
  }
  return (height, index) => levels[height]![index]!;
}

/** MTH as RFC 6962 writes it down. */
function defineRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array());
  if (leaves.length === 1) return leaves[0]!;
  const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return hashNode(sha256, defineRoot(leaves.slice(0, split)), defineRoot(leaves.slice(split)));
}
