import { readDoorRole } from '../../enforcement/doors/door-session';
import { isRoomRole } from '../../room/room-names';
import type { Access } from '../access';
import { judgeChange } from '../judge-change';
import { findAct } from './operations';
import type { PrincipalHead } from './principal-head';
import { nameKind } from './record-fields';
import type { RawRecord, Span } from './record-marks';
import { isUnnamed } from './session-name';

/** What a record is worth, as far as it shows without being parsed. */
export type Glance =
  | { readonly kind: 'read' }
  /** Only to be counted, under this name. `internal`: the room's or AWS's own doing. */
  | { readonly kind: 'unknown' | 'internal'; readonly what: string };

const READ: Glance = { kind: 'read' };

/** Acts that, done by the room itself, open nothing to anybody else. */
const OWN_BUSINESS: ReadonlySet<Access['act']> = new Set([
  'read',
  'write',
  'delete',
  'list',
  'describe',
  'decrypt',
  'key-use',
  'query',
]);

/** Acts that only the room's own roles do without being looked at: `judgeChange`. */
const LOOKED_AT: ReadonlySet<Access['act']> = new Set(['change', 'write', 'delete', 'read']);

/** Decodes some bytes of a record, each as one character: service and operation have no other. */
type DecodeLatin1 = (bytes: Uint8Array, from: number, to: number) => string;

/**
 * Tells the records of a CloudTrail log that have to be read from those that are only counted. Never counts what
 * `readCloudTrailRecord` and `joinAccesses` would find to be somebody else's access to the room: whatever is in doubt is
 * read.
 */
export function openGlance(decode: DecodeLatin1): (record: RawRecord) => Glance {
  // By a hash of source and name: what there is to say of every record with them. Nothing is decoded to look it up.
  const known = new Map<number, KnownKind[]>();
  let kinds = 0;
  let latest: { readonly role: PrincipalHead; readonly isRooms: boolean } | undefined;
  return (record) => {
    const { bytes, source, name } = record;
    // Names of services and operations are short and plain; whatever else is read, and found to be what it is.
    if (source.to === 0 || name.to === 0 || measure(source) > 64 || measure(name) > 64) return READ;
    if (isSummary(record)) return READ;
    const hash = hashSpan(bytes, name, hashSpan(bytes, source, 0));
    const kind = findKind(known.get(hash) ?? NONE, record) ?? learn(hash, record);
    if (kind.glance !== undefined) return kind.glance;
    if (isDoubtful(record)) return READ;
    // Most of what the room changes, reads and writes is by its own functions and jobs.
    if (kind.isLookedAt && !(record.isOwn && isByRoomRole(record))) return READ;
    return kind.internal;
  };

  function learn(hash: number, { bytes, source, name }: RawRecord): KnownKind {
    const eventSource = decode(bytes, source.from, source.to);
    const eventName = decode(bytes, name.from, name.to);
    const service = eventSource.replace(/\.amazonaws\.com(\.cn)?$/, '');
    const act = findAct(service, eventName);
    const what = nameKind(eventSource, eventName);
    const isPlain = !/[^\w .:/-]/.test(eventSource + eventName);
    const glance: Glance | undefined = !isPlain
      ? READ
      : act === undefined
        ? { kind: 'unknown', what }
        : act === 'change' || (OWN_BUSINESS.has(act) && service !== 'lakeformation')
          ? undefined
          : READ;
    const kind: KnownKind = {
      source: bytes.slice(source.from, source.to),
      name: bytes.slice(name.from, name.to),
      glance,
      isLookedAt: act !== undefined && LOOKED_AT.has(act),
      internal: { kind: 'internal', what: nameKind(service, eventName) },
    };
    const alike = known.get(hash) ?? [];
    if (kinds < MAX_KNOWN && alike.length < MAX_ALIKE) {
      kinds += 1;
      known.set(hash, [...alike, kind]);
    }
    return kind;
  }

  /** One role does many things, in sessions of any name, which is the last of its ARN. */
  function isByRoomRole({ principal, head }: RawRecord): boolean {
    if (head === undefined || measure(principal) > MAX_ARN) return false;
    if (latest?.role !== head) latest = { role: head, isRooms: isRoomRole(decode(head.bytes, 0, head.bytes.length)) };
    return latest.isRooms;
  }
}

/** Whether it may be somebody else's doing than the room's or AWS's. */
export function isDoubtful({ isUnclear, hasOtherAccount, isMarked, isOwn, isService }: RawRecord): boolean {
  return isUnclear || hasOtherAccount || isMarked || !(isOwn || isService);
}

/** What is left of the same rule when the access is known: whether the room, or AWS, did it for itself. */
export function isInternal(access: Access, roomAccounts: ReadonlySet<string>): boolean {
  const { act, actor, owner, joins, service } = access;
  const isMarked = (joins.lakeFormationSession ?? joins.sourceIdentity ?? joins.session ?? joins.link) !== undefined;
  if (actor.kind === 'account' && readDoorRole(actor.arn) !== undefined) return false;
  if (judgeChange(access, roomAccounts, NOBODY) !== undefined) return false;
  if (act === 'change') return true;
  if (!OWN_BUSINESS.has(act) || service === 'lakeformation' || isMarked || isUnnamed(access)) return false;
  if (owner !== undefined && !roomAccounts.has(owner)) return false;
  return actor.kind === 'aws-service' || (actor.kind === 'account' && roomAccounts.has(actor.account));
}

/** Whether a change has to be looked at does not hang on whom it lets in. */
const NOBODY: ReadonlySet<string> = new Set();

interface KnownKind {
  readonly source: Uint8Array;
  readonly name: Uint8Array;
  /** Absent: it depends on who did it. */
  readonly glance: Glance | undefined;
  /** Whether it is one that the room's roles alone may do without being looked at. */
  readonly isLookedAt: boolean;
  readonly internal: Glance;
}

/** A log that names more kinds than there are gets no room in memory for them. */
const MAX_KNOWN = 10_000;
const MAX_ARN = 2048;
/** Nor may names made to have the same hash cost a search. */
const MAX_ALIKE = 4;

/** `Aggregated` and `Insight` are summaries, not events. */
function isSummary({ bytes, category }: RawRecord): boolean {
  const first = category.to === 0 ? 0 : bytes[category.from];
  return first === 0x41 || first === 0x49;
}

const NONE: readonly KnownKind[] = [];

function findKind(kinds: readonly KnownKind[], record: RawRecord): KnownKind | undefined {
  for (const kind of kinds) if (isKind(kind, record)) return kind;
  return undefined;
}

function isKind({ source, name }: KnownKind, record: RawRecord): boolean {
  return isSpan(record.bytes, record.source, source) && isSpan(record.bytes, record.name, name);
}

function isSpan(bytes: Uint8Array, { from, to }: Span, expected: Uint8Array): boolean {
  if (to - from !== expected.length) return false;
  for (let at = 0; at < expected.length; at += 1) if (bytes[from + at] !== expected[at]) return false;
  return true;
}

// FNV-1a, 32 bits.
function hashSpan(bytes: Uint8Array, { from, to }: Span, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

function measure({ from, to }: Span): number {
  return to - from;
}
