import type { Access } from '../access';
import { decodeText, encodeText } from '../bytes';
import type { Glance } from './glance-at-record';
import { isSame } from './match-bytes';
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
  const known = new Map<number, Line[]>();
  let lines = 0;
  const add = (operation: string, principal: Uint8Array, bucket: Uint8Array, at: Uint8Array) => {
    const hash = hashBytes(bucket, hashBytes(principal, operation.length));
    const alike = known.get(hash) ?? [];
    for (const line of alike) {
      if (line.operation !== operation || !same(line.principal, principal) || !same(line.bucket, bucket)) continue;
      line.records += 1;
      if (compare(at, line.first) < 0) line.first = at.slice();
      else if (compare(at, line.last) > 0) line.last = at.slice();
      return;
    }
    if (lines >= MAX_LINES && !same(principal, OTHER_BYTES)) return add('', OTHER_BYTES, bucket, at);
    const time = at.slice();
    const line = {
      operation,
      principal: principal.slice(),
      bucket: bucket.slice(),
      records: 1,
      first: time,
      last: time,
    };
    known.set(hash, [...alike, line]);
    lines += 1;
  };
  return {
    addRecord: ({ bytes, bucket, principal, time }, { what }) => {
      if (bucket.to === 0 || !names.some((name) => isSame(bytes, bucket.from, bucket.to, name))) return;
      const who = principal.to === 0 ? EMPTY : bytes.subarray(principal.from, endPrincipal(bytes, principal));
      const at = time.to === 0 ? EMPTY : bytes.subarray(time.from, time.to);
      add(what, who, bytes.subarray(bucket.from, bucket.to), at);
    },
    addAccess: ({ actor, at, operation, resource, service }) => {
      if (resource.kind !== 'object' || !buckets.includes(resource.bucket)) return;
      const arn = encodeText(actor.kind === 'account' ? (actor.arn ?? '') : '');
      const who = arn.subarray(0, endPrincipal(arn, { from: 0, to: arn.length }));
      add(nameKind(service, operation), who, encodeText(resource.bucket), encodeText(at));
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

const EMPTY = new Uint8Array();
const OTHER_BYTES = encodeText(OTHERS);
const STS = encodeText(':sts:');
const SLASH = 0x2f;

/** Of `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` without the session; of any other whole. */
function endPrincipal(bytes: Uint8Array, { from, to }: Span): number {
  let isSession = false;
  for (let at = from; at < from + 16 && !isSession; at += 1) isSession = isSame(bytes, at, at + STS.length, STS);
  if (!isSession) return to;
  let end = to - 1;
  while (end > from && bytes[end] !== SLASH) end -= 1;
  return end > from ? end : to;
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return isSame(left, 0, left.length, right);
}

function compare(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) if (left[at] !== right[at]) return left[at]! - right[at]!;
  return left.length - right.length;
}

// FNV-1a, 32 bits.
function hashBytes(bytes: Uint8Array, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let at = 0; at < bytes.length; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

function decode(bytes: Uint8Array): string {
  return decodeText(bytes) ?? '';
}
