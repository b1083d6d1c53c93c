import type { Access } from '../access';
import { findAct } from './operations';
import { nameKind } from './record-fields';
import type { RawRecord, Span } from './split-records';

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

/**
 * Marks of a session that may stand for somebody else: credentials of Lake Formation, a source identity, a session of
 * Transfer. Whatever has one is read, whoever's account it names.
 */
const MARKS = ['AWSLF-', 'ourceIdentity', '@s-'].map((mark) => new TextEncoder().encode(mark));

/** Decodes some bytes of a record, each as one character: service and operation have no other. */
export type DecodeLatin1 = (bytes: Uint8Array, from: number, to: number) => string;
/** Whether any of the marks is among some bytes. */
export type FindBytes = (bytes: Uint8Array, marks: readonly Uint8Array[], from: number, to: number) => boolean;

/**
 * Tells the records of a CloudTrail log that have to be read from those that are only counted. Never counts what
 * `readCloudTrailRecord` and `joinAccesses` would find to be somebody else's access to the room: whatever is in doubt is
 * read.
 */
export function openGlance(decode: DecodeLatin1, hasBytes: FindBytes): (record: RawRecord) => Glance {
  // By source and name: what there is to say of every record with them.
  const known = new Map<string, KnownKind>();
  return (record) => {
    const { bytes, source, name } = record;
    // Names of services and operations are short and plain; whatever else is read, and found to be what it is.
    if (source.to === 0 || name.to === 0 || measure(source) > 64 || measure(name) > 64) return READ;
    if (isSummary(record)) return READ;
    const gap = name.from - source.to;
    const text =
      gap > 0 && gap < 32
        ? decode(bytes, source.from, name.to)
        : `${decode(bytes, source.from, source.to)}"${decode(bytes, name.from, name.to)}`;
    const kind = known.get(text) ?? learn(text, record);
    if (kind.glance !== undefined) return kind.glance;
    if (record.hasEscapes || record.hasOtherAccount || !(record.isOwn || record.isService)) return READ;
    return hasBytes(bytes, MARKS, record.from, record.to) ? READ : kind.internal;
  };

  function learn(text: string, { bytes, source, name }: RawRecord): KnownKind {
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
        : OWN_BUSINESS.has(act) && service !== 'lakeformation'
          ? undefined
          : READ;
    const kind: KnownKind = { glance, internal: { kind: 'internal', what } };
    if (known.size < MAX_KNOWN) known.set(text, kind);
    return kind;
  }
}

/** What is left of the same rule when the access is known: whether the room, or AWS, did it for itself. */
export function isInternal({ act, actor, owner, joins, service }: Access, roomAccounts: ReadonlySet<string>): boolean {
  const isMarked = (joins.lakeFormationSession ?? joins.sourceIdentity ?? joins.session) !== undefined;
  if (!OWN_BUSINESS.has(act) || service === 'lakeformation' || isMarked) return false;
  if (owner !== undefined && !roomAccounts.has(owner)) return false;
  return actor.kind === 'aws-service' || (actor.kind === 'account' && roomAccounts.has(actor.account));
}

interface KnownKind {
  /** Absent: it depends on who did it. */
  readonly glance: Glance | undefined;
  readonly internal: Glance;
}

/** A log that names more kinds than there are gets no room in memory for them. */
const MAX_KNOWN = 10_000;

/** `Aggregated` and `Insight` are summaries, not events. */
function isSummary({ bytes, category }: RawRecord): boolean {
  const first = category.to === 0 ? 0 : bytes[category.from];
  return first === 0x41 || first === 0x49;
}

function measure({ from, to }: Span): number {
  return to - from;
}
