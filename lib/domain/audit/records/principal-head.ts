import { encodeText } from '../../bytes';
import { hasMark, isSame, isSameText, viewOf } from './match-bytes';

/** Of an ARN all up to its last slash, and that too: most often a role, whose sessions differ behind it. */
export interface PrincipalHead {
  readonly bytes: Uint8Array;
  /** Whether what follows names a session, and nobody else. */
  readonly isOfSession: boolean;
  /** Whether it has the mark of one who may stand for somebody else; such a mark has no slash but before it. */
  readonly isMarked: boolean;
}

/**
 * What there is to say of the heads of ARNs, found once for those that come again and again: the same object for the same
 * head, as long as it is among the last few. `view` is of the same bytes.
 * @returns undefined for what is longer than any ARN
 */
export function openHeads(): (
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
) => PrincipalHead | undefined {
  const held: { readonly text: DataView; readonly head: PrincipalHead }[] = [];
  let oldest = 0;
  return (bytes, view, from, to) => {
    for (const { text, head } of held) if (isSameText(view, from, to, text)) return head;
    if (to - from > MAX_HEAD) return undefined;
    const head = { bytes: bytes.slice(from, to), ...readHead(bytes, from, to) };
    held[oldest] = { text: viewOf(head.bytes), head };
    oldest = (oldest + 1) % HELD;
    return head;
  };
}

const HELD = 4;
/** Where `isOfSts` looks: what follows the head has no say in it. */
const LEAST = 21;
const MAX_HEAD = 2048;
const SLASH = 0x2f;
const STS = encodeText(':sts:');

/** Where the head of an ARN ends; where it begins, for one without a slash. */
export function endHead(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] !== SLASH) end -= 1;
  return end;
}

/** `arn:aws:sts::…`, in any partition. */
export function isOfSts(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 16; at += 1) if (isSame(bytes, at, at + STS.length, STS)) return true;
  return false;
}

function readHead(bytes: Uint8Array, from: number, to: number): Omit<PrincipalHead, 'bytes'> {
  return { isOfSession: to - from >= LEAST && isOfSts(bytes, from), isMarked: hasMark(bytes, from, to) };
}
