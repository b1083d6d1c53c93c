import { encodeText } from '../../bytes';
import { DOOR_MARKS } from '../../enforcement/doors/door-session';
import { LINK_MARK } from '../../enforcement/doors/link-session';
import { ROLES_FOR_OTHERS } from '../../room/room-names';

/**
 * In an ARN: credentials of Lake Formation, a session of Transfer, one that signs links, one of a party's role, one of a role
 * whose sessions are all for others. They begin with `A`, `@` or `/`.
 */
const ROLE_MARKS = ROLES_FOR_OTHERS.map((name) => `/${name}`);
const ARN_MARKS = ['AWSLF-', '@s-', LINK_MARK, ...DOOR_MARKS, ...ROLE_MARKS].map(encodeText);

/** Whether these bytes, from one position to before another, are the expected ones. */
export function isSame(bytes: Uint8Array, from: number, to: number, expected: Uint8Array): boolean {
  if (to - from !== expected.length) return false;
  for (let at = 0; at < expected.length; at += 1) if (bytes[from + at] !== expected[at]) return false;
  return true;
}

/** The same, four bytes at a time: for what is often compared, and long. */
export function isSameText(view: DataView, from: number, to: number, expected: DataView): boolean {
  const size = to - from;
  if (size !== expected.byteLength) return false;
  let at = 0;
  for (; at + 4 <= size; at += 4) if (view.getInt32(from + at, true) !== expected.getInt32(at, true)) return false;
  for (; at < size; at += 1) if (view.getUint8(from + at) !== expected.getUint8(at)) return false;
  return true;
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Whether an ARN has the mark of a session that may stand for somebody else. */
export function hasMark(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x40 && byte !== 0x41 && byte !== 0x2f) continue;
    for (const mark of ARN_MARKS) if (at + mark.length <= to && isSame(bytes, at, at + mark.length, mark)) return true;
  }
  return false;
}
