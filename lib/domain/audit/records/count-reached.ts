import { decodeText, encodeText, joinBytes } from '../../bytes';
import type { Access } from '../access';
import type { Glance } from './glance-at-record';
import { isSame } from './match-bytes';
import { endHead, isOfSts, type PrincipalHead } from './principal-head';
import { nameKind } from './record-fields';
import type { RawRecord, Span } from './record-marks';

/** What one of the room's own principals did in one of its buckets. */
export interface Reached {
  /** A role without its session, a user; empty: AWS itself. */
  readonly principal: string;
  /** E.g. `s3 GetObject`. */
  readonly operation: string;
  readonly bucket: string;
  readonly records: number;
  /** As the records say it. */
  readonly first: string;
  readonly last: string;
}

export interface ReachCounter {
  /** A record that is only counted. */
  readonly addRecord: (record: RawRecord, counted: Exclude<Glance, { readonly kind: 'read' }>) => void;
  /** One that was read, and found to be the room's own. */
  readonly addAccess: (access: Access) => void;
  readonly list: () => readonly Reached[];
}

/** Lines counted apart; a log that names more has the rest counted together. */
const MAX_LINES = 5000;
const OTHERS = 'other principals';

interface Line {
  readonly operation: string;
  readonly principal: Uint8Array;
  readonly bucket: Uint8Array;
  records: number;
  first: Uint8Array;
  last: Uint8Array;
}

/** Counts what the room's own principals did in these buckets, in bounded memory. Nothing is decoded until it is listed. */
export function countReached(buckets: readonly string[]): ReachCounter {
  const names = buckets.map(encodeText);
  const known = new Map<number, readonly Line[]>();
  let lines = 0;
  /** By operation: a record is most often like the one before it of the same kind, and then nothing is looked up. */
  const recent = new Map<string, { readonly head: PrincipalHead; readonly line: Line }>();
  const isWatched = (bytes: Uint8Array, { from, to }: Span) => {
    for (const name of names) if (isSame(bytes, from, to, name)) return true;
    return false;
  };
  /** Positions in the bytes, and no copies of what is there. @returns the line it is counted on; undefined: of all others */
  const add = (operation: string, bytes: Uint8Array, who: Span, bucket: Span, at: Span): Line | undefined => {
    const hash = hashSpan(bytes, bucket, hashSpan(bytes, who, operation.length));
    const alike = known.get(hash);
    if (alike !== undefined)
      for (const line of alike) {
        if (!isLine(line, operation, bytes, who, bucket)) continue;
        addTo(line, bytes, at);
        return line;
      }
    if (lines >= MAX_LINES && operation !== '') {
      addOther(bytes, bucket, at);
      return undefined;
    }
    const line = {
      operation,
      principal: bytes.slice(who.from, who.to),
      bucket: bytes.slice(bucket.from, bucket.to),
      records: 1,
      first: bytes.slice(at.from, at.to),
      last: bytes.slice(at.from, at.to),
    };
    known.set(hash, [...(alike ?? []), line]);
    lines += 1;
    return line;
  };
  /** Without an operation, which no record is. */
  const addOther = (bytes: Uint8Array, bucket: Span, at: Span) => {
    const parts = [OTHER_BYTES, bytes.subarray(bucket.from, bucket.to), bytes.subarray(at.from, at.to)] as const;
    const [who, where, when] = spansOf(parts);
    add('', joinBytes(parts), who!, where!, when!);
  };
  const session = { from: 0, to: 0 };
  return {
    addRecord: ({ bytes, bucket, head, principal, time }, { what }) => {
      if (bucket.to === 0) return;
      const latest = recent.get(what);
      if (latest !== undefined && latest.head === head && isSpan(bytes, bucket, latest.line.bucket))
        return addTo(latest.line, bytes, time.to === 0 ? NOWHERE : time);
      if (!isWatched(bytes, bucket)) return;
      session.from = principal.to === 0 ? 0 : principal.from;
      session.to = principal.to === 0 ? 0 : endPrincipal(bytes, principal);
      const line = add(what, bytes, session, bucket, time.to === 0 ? NOWHERE : time);
      if (line === undefined || head?.isOfSession !== true) return;
      if (recent.has(what) || recent.size < MAX_LINES) recent.set(what, { head, line });
    },
    addAccess: ({ actor, at, operation, resource, service }) => {
      if (resource.kind !== 'object' || !buckets.includes(resource.bucket)) return;
      const arn = encodeText(actor.kind === 'account' ? (actor.arn ?? '') : '');
      const who = arn.subarray(0, endPrincipal(arn, { from: 0, to: arn.length }));
      const parts = [who, encodeText(resource.bucket), encodeText(at)] as const;
      const [principal, bucket, time] = spansOf(parts);
      add(nameKind(service, operation), joinBytes(parts), principal!, bucket!, time!);
    },
    list: () =>
      [...known.values()].flat().map(({ operation, principal, bucket, records, first, last }) => ({
        principal: decode(principal),
        operation,
        bucket: decode(bucket),
        records,
        first: decode(first),
        last: decode(last),
      })),
  };
}

/** The same lines of several counters together; most frequent first. */
export function mergeReached(lists: readonly (readonly Reached[])[]): readonly Reached[] {
  const merged = new Map<string, Reached>();
  for (const each of lists.flat()) {
    const key = JSON.stringify([each.principal, each.operation, each.bucket]);
    const known = merged.get(key);
    merged.set(
      key,
      known === undefined
        ? each
        : {
            ...known,
            records: known.records + each.records,
            first: [each.first, known.first].toSorted()[0] ?? '',
            last: [each.last, known.last].toSorted()[1] ?? '',
          },
    );
  }
  return [...merged.entries()]
    .toSorted(([left, { records: fewer }], [right, { records: more }]) => more - fewer || (left < right ? -1 : 1))
    .map(([, each]) => each);
}

const NOWHERE: Span = { from: 0, to: 0 };
const OTHER_BYTES = encodeText(OTHERS);

/** Of `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` without the session; of any other whole. */
function endPrincipal(bytes: Uint8Array, { from, to }: Span): number {
  const end = isOfSts(bytes, from) ? endHead(bytes, from, to) - 1 : to;
  return end > from ? end : to;
}

/** Where parts lie when they are joined. */
function spansOf(parts: readonly Uint8Array[]): readonly Span[] {
  let to = 0;
  return parts.map(({ length }) => {
    to += length;
    return { from: to - length, to };
  });
}

function isLine(line: Line, operation: string, bytes: Uint8Array, who: Span, bucket: Span): boolean {
  return line.operation === operation && isSpan(bytes, who, line.principal) && isSpan(bytes, bucket, line.bucket);
}

function addTo(line: Line, bytes: Uint8Array, at: Span): void {
  line.records += 1;
  if (compare(bytes, at, line.first) < 0) line.first = keep(bytes, at, line.first);
  else if (compare(bytes, at, line.last) > 0) line.last = keep(bytes, at, line.last);
}

function isSpan(bytes: Uint8Array, { from, to }: Span, expected: Uint8Array): boolean {
  return isSame(bytes, from, to, expected);
}

/** Where it was kept before, if it fits: in logs each record is most often the last by now. */
function keep(bytes: Uint8Array, { from, to }: Span, before: Uint8Array): Uint8Array {
  if (to - from !== before.length) return bytes.slice(from, to);
  for (let at = 0; at < before.length; at += 1) before[at] = bytes[from + at]!;
  return before;
}

function compare(bytes: Uint8Array, { from, to }: Span, other: Uint8Array): number {
  const length = Math.min(to - from, other.length);
  for (let at = 0; at < length; at += 1) if (bytes[from + at] !== other[at]) return bytes[from + at]! - other[at]!;
  return to - from - other.length;
}

// FNV-1a, 32 bits.
function hashSpan(bytes: Uint8Array, { from, to }: Span, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

function decode(bytes: Uint8Array): string {
  return decodeText(bytes) ?? '';
}
