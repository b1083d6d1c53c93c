import { joinBytes, type Sha256 } from '../../bytes';

/*
 * Merkle tree hashing and proofs of RFC 6962, section 2.1 (unchanged in RFC 9162). A node is the hash of a perfect
 * subtree: at height h and index i it covers the leaves [i·2^h, (i+1)·2^h). Sizes are whole numbers up to 2^53 − 1.
 */

/** Finds the hash of a perfect subtree that lies wholly inside the tree. */
export type NodeReader = (height: number, index: number) => Uint8Array;

export function hashLeaf(sha256: Sha256, entry: Uint8Array): Uint8Array {
  return sha256(joinBytes([Uint8Array.of(0), entry]));
}

export function hashNode(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joinBytes([Uint8Array.of(1), left, right]));
}

/** The tree hash over the first `size` leaves; of no leaf, the hash of nothing. */
export function hashTree(sha256: Sha256, size: number, node: NodeReader): Uint8Array {
  return size === 0 ? sha256(new Uint8Array()) : hashRange(sha256, 0, size, node);
}

/** Hashes of ranges that no node covers, by where they begin (all end where the tree does): many proofs of one tree share them. */
export type KnownRanges = Map<number, Uint8Array>;

/** Sibling hashes from the leaf to the root of the tree of `size` leaves. */
export function proveInclusion(
  sha256: Sha256,
  index: number,
  size: number,
  node: NodeReader,
  ranges: KnownRanges = new Map(),
): readonly Uint8Array[] {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) {
    throw new RangeError(`No entry ${index} in a ledger of ${size} entries.`);
  }
  return pathInRange(index, 0, size, (from, to) => {
    const height = findHeight(to - from);
    if (height !== undefined) return node(height, from / (to - from));
    const known = ranges.get(from) ?? hashRange(sha256, from, to, node);
    ranges.set(from, known);
    return known;
  });
}

/** What it takes to see that the tree of `size` leaves begins with the tree of `earlier` leaves. */
export function proveConsistency(
  sha256: Sha256,
  earlier: number,
  size: number,
  node: NodeReader,
): readonly Uint8Array[] {
  if (!(Number.isSafeInteger(earlier) && earlier >= 0 && earlier <= size)) {
    throw new RangeError(`A ledger of ${size} entries never had ${earlier}.`);
  }
  return earlier === 0 || earlier === size ? [] : subproof(sha256, earlier, 0, size, true, node);
}

function pathInRange(
  index: number,
  first: number,
  end: number,
  hashOf: (from: number, to: number) => Uint8Array,
): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let [from, to] = [first, end];
  while (to - from > 1) {
    const middle = from + splitSize(to - from);
    if (index < middle) {
      path.push(hashOf(middle, to));
      to = middle;
    } else {
      path.push(hashOf(from, middle));
      from = middle;
    }
  }
  return path.toReversed();
}

/** SUBPROOF of RFC 6962, section 2.1.2; `known`: the verifier has the hash of this very range. */
function subproof(
  sha256: Sha256,
  earlier: number,
  from: number,
  to: number,
  known: boolean,
  node: NodeReader,
): readonly Uint8Array[] {
  if (earlier === to) return known ? [] : [hashRange(sha256, from, to, node)];
  const middle = from + splitSize(to - from);
  return earlier <= middle
    ? [...subproof(sha256, earlier, from, middle, known, node), hashRange(sha256, middle, to, node)]
    : [...subproof(sha256, earlier, middle, to, false, node), hashRange(sha256, from, middle, node)];
}

function hashRange(sha256: Sha256, from: number, to: number, node: NodeReader): Uint8Array {
  const count = to - from;
  const height = findHeight(count);
  if (height !== undefined) return node(height, from / count);
  const middle = from + splitSize(count);
  return hashNode(sha256, hashRange(sha256, from, middle, node), hashRange(sha256, middle, to, node));
}

/** Of the node that covers so many leaves, where they begin at a multiple of their number; undefined where none does. */
function findHeight(count: number): number | undefined {
  // Doubling is exact, and several times as fast as a logarithm: every proof asks at each of its levels.
  let [height, leaves] = [0, 1];
  while (leaves < count) {
    leaves *= 2;
    height += 1;
  }
  return leaves === count ? height : undefined;
}

/** The largest power of two below `count`. */
export function splitSize(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
