import { decodeText, encodeText, formatHex, joinBytes } from '../../bytes';
import type { TreeHead } from './verify-proof';

/** An object to store; it never changes once in its place. */
export interface LedgerObject {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Where the objects of the append that leads to this tree are staged. */
export function stagedPath({ size, root }: TreeHead): string {
  return `staged/${size}-${formatHex(root)}`;
}

/** All objects of an append in one: each as length (uint32, big-endian) and path, then length and bytes. */
export function formatStaged(objects: readonly LedgerObject[]): Uint8Array {
  return joinBytes(objects.flatMap(({ path, bytes }) => [...framed(encodeText(path)), ...framed(bytes)]));
}

/** @throws RangeError for staged bytes cut short. */
export function parseStaged(staged: Uint8Array): readonly LedgerObject[] {
  const objects: LedgerObject[] = [];
  const view = new DataView(staged.buffer, staged.byteOffset, staged.byteLength);
  let at = 0;
  const takeFrame = () => {
    const start = at + 4;
    at = start <= staged.length ? start + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (at > staged.length) throw new RangeError('A staged append of the ledger is cut short. Verify the ledger.');
    return staged.slice(start, at);
  };
  while (at < staged.length) {
    const path = decodeText(takeFrame());
    if (path === undefined) throw new RangeError('A staged append of the ledger names no path. Verify the ledger.');
    objects.push({ path, bytes: takeFrame() });
  }
  return objects;
}

function framed(bytes: Uint8Array): readonly Uint8Array[] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return [length, bytes];
}
