import { type Sha256, sameBytes } from '../../bytes';
import { hashNode } from './merkle-tree';

export interface TreeHead {
  /** Number of entries. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** Verifies that the entry with `leafHash` stands at `index` of the tree (RFC 9162, section 2.1.3.2). */
export function verifyInclusion(
  sha256: Sha256,
  leafHash: Uint8Array,
  index: number,
  head: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(index) || !isSize(head.size) || index >= head.size) return false;
  let [node, last, hash] = [index, head.size - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return false;
    if (node % 2 === 1 || node === last) {
      hash = hashNode(sha256, sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else {
      hash = hashNode(sha256, hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(hash, head.root);
}

/** Verifies that the later tree begins with the whole earlier one (RFC 9162, section 2.1.4.2). */
export function verifyConsistency(
  sha256: Sha256,
  earlier: TreeHead,
  later: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(earlier.size) || !isSize(later.size) || earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && sameBytes(earlier.root, later.root);
  // Every tree begins with the empty one, whose root is a constant.
  if (earlier.size === 0) return proof.length === 0 && sameBytes(earlier.root, sha256(new Uint8Array()));
  const [first, ...rest] = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof;
  if (first === undefined || proof.some((hash) => hash.length !== 32)) return false;
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [earlierHash, laterHash] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      earlierHash = hashNode(sha256, sibling, earlierHash);
      laterHash = hashNode(sha256, sibling, laterHash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else {
      laterHash = hashNode(sha256, laterHash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(earlierHash, earlier.root) && sameBytes(laterHash, later.root);
}

function isSize(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0;
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count)) && 2 ** Math.log2(count) === count;
}

/** Shifts right by one; works above 32 bits. */
function half(count: number): number {
  return Math.floor(count / 2);
}
