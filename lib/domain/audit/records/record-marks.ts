import { encodeText } from '../../bytes';
import { findTextEnd } from './find-text-end';
import { hasMark, isSame } from './match-bytes';
import { endHead, openHeads, type PrincipalHead } from './principal-head';
import type { RecordWalker } from './record-walker';

/** One element of a log, as it lies in the bytes, and what a glance at it shows without reading it whole. */
export interface RawRecord {
  /** Where it lies in `bytes`: from its opening to behind its closing bracket. */
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Where the values of `eventSource`, `eventName` and `eventCategory` lie; `to` is 0 where there is none. */
  readonly source: Span;
  readonly name: Span;
  readonly category: Span;
  /** The same of `eventTime`, of the `arn` in `userIdentity`, and of a `bucketName` in what the record itself holds. */
  readonly time: Span;
  readonly principal: Span;
  readonly bucket: Span;
  /** Of that `arn`, where there is one, all but what follows its last slash. */
  readonly head: PrincipalHead | undefined;
  /** Whether `userIdentity` names an account of the room. */
  readonly isOwn: boolean;
  /** Whether `userIdentity` is of the type `AWSService`. */
  readonly isService: boolean;
  /** Whether any `accountId`, at any depth, is none of the room's. */
  readonly hasOtherAccount: boolean;
  /**
   * Whether it may stand for somebody else: a source identity or a session of Lake Formation, at any depth, or an ARN in
   * `userIdentity` that has the mark of one, of Transfer's, of one that signs links, or of a party's role.
   */
  readonly isMarked: boolean;
  /** Whether any text has an escape: what it spells is then not to be seen in the bytes. */
  readonly hasEscapes: boolean;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Notes what a glance at a record shows, as its keys and texts are come across. */
interface RecordMarks {
  /** Of the record that is read now; used again for the next. */
  readonly record: { hasEscapes: boolean };
  readonly begin: () => void;
  readonly end: (bytes: Uint8Array, from: number, to: number) => RawRecord;
  /** A text is a key in a record. @param depth 1: of the record itself. @returns which of those that are looked for */
  readonly findKey: (bytes: Uint8Array, from: number, to: number, depth: number) => number;
  /** A text is the value of a key that was looked for. */
  readonly takeValue: (bytes: Uint8Array, of: number, from: number, to: number) => void;
  /** Takes all keys of the record that was walked last. */
  readonly readWalked: (bytes: Uint8Array, view: DataView, walker: RecordWalker) => void;
  /** Positions count from elsewhere: so much further on. */
  readonly shift: (by: number) => void;
}

const SERVICE = encodeText('AWSService');
/** Any other key than those that are looked for. */
export const NO_KEY = 0;
/** Keys whose value is looked at, by their number. No two have the same length and sixth byte. */
const SOUGHT = [
  '',
  'eventSource',
  'eventName',
  'eventCategory',
  'accountId',
  'type',
  'arn',
  'sourceIdentity',
  'lakeFormationRoleSessionName',
  'userIdentity',
  'bucketName',
  'eventTime',
].map(encodeText);
const [SOURCE, NAME, CATEGORY, ACCOUNT, TYPE, ARN, SOURCE_IDENTITY, LAKE_SESSION, IDENTITY, BUCKET, TIME] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
] as const;
/** Said by a walker that a text between colon and key kept from seeing it. */
const UNSEEN = 15;
/** The only key with this length and sixth (or last) byte: most keys are ruled out by it. */
const BY_SHAPE = new Uint8Array(32 << 8);
for (const [key, name] of SOUGHT.entries())
  if (key !== NO_KEY) BY_SHAPE[(name.length << 8) | name[Math.min(5, name.length - 1)]!] = key;

const QUOTE = 0x22;

export function openRecordMarks(roomAccounts: ReadonlySet<string>): RecordMarks {
  const accounts = [...roomAccounts].map(encodeText);
  const source = { from: 0, to: 0 };
  const name = { from: 0, to: 0 };
  const category = { from: 0, to: 0 };
  const time = { from: 0, to: 0 };
  const principal = { from: 0, to: 0 };
  const bucket = { from: 0, to: 0 };
  const spans = [source, name, category, time, principal, bucket];
  /** Whether what is read lies in `userIdentity`. */
  let isIdentity = false;
  const record = {
    bytes: new Uint8Array() as Uint8Array,
    from: 0,
    to: 0,
    source,
    name,
    category,
    time,
    principal,
    bucket,
    head: undefined as PrincipalHead | undefined,
    isOwn: false,
    isService: false,
    hasOtherAccount: false,
    isMarked: false,
    hasEscapes: false,
  };
  const findHead = openHeads();

  function takeValue(bytes: Uint8Array, of: number, from: number, to: number): void {
    switch (of) {
      case SOURCE:
        takeSpan(source, from, to);
        break;
      case NAME:
        takeSpan(name, from, to);
        break;
      case CATEGORY:
        takeSpan(category, from, to);
        break;
      case TYPE:
        record.isService = isSame(bytes, from, to, SERVICE);
        break;
      case TIME:
        takeSpan(time, from, to);
        break;
      case BUCKET:
        takeSpan(bucket, from, to);
        break;
      case ARN:
        takePrincipal(bytes, from, to);
        break;
      case SOURCE_IDENTITY:
      case LAKE_SESSION:
        record.isMarked = true;
        break;
      case ACCOUNT:
        if (!isOwnAccount(bytes, from, to)) record.hasOtherAccount = true;
        else if (isIdentity) record.isOwn = true;
    }
  }

  /** Most ARNs have a head that was seen before: only what follows it is looked at closely. */
  function takePrincipal(bytes: Uint8Array, from: number, to: number): void {
    takeSpan(principal, from, to);
    const end = endHead(bytes, from, to);
    record.head = findHead(bytes, from, end);
    // A mark may begin with the slash.
    const rest = record.head === undefined ? from : Math.max(from, end - 1);
    if (record.head?.isMarked === true || hasMark(bytes, rest, to)) record.isMarked = true;
  }

  // A loop, and no function for each account: this runs several times for every record.
  function isOwnAccount(bytes: Uint8Array, from: number, to: number): boolean {
    for (const account of accounts) if (isSame(bytes, from, to, account)) return true;
    return false;
  }

  function findKey(bytes: Uint8Array, from: number, to: number, depth: number): number {
    const size = to - from;
    const candidate = size > 0 && size < 32 ? BY_SHAPE[(size << 8) | bytes[from + Math.min(5, size - 1)]!]! : NO_KEY;
    return takeKey(isSame(bytes, from, to, SOUGHT[candidate]!) ? candidate : NO_KEY, depth);
  }

  /** @returns the key, where it counts at this depth */
  function takeKey(key: number, depth: number): number {
    if (depth <= 1) {
      isIdentity = key === IDENTITY;
      if (isIdentity) forgetIdentity();
    }
    if (key === IDENTITY) return NO_KEY;
    if (key <= CATEGORY || key === TIME) return depth === 1 ? key : NO_KEY;
    if (key === BUCKET) return depth === 2 ? key : NO_KEY;
    if (key === TYPE || key === ARN) return isIdentity && depth === 2 ? key : NO_KEY;
    return key;
  }

  /** The text that ends before a colon. No text of this record has an escape: a quote is a quote. */
  function findBefore(bytes: Uint8Array, colon: number, depth: number): number {
    let to = colon - 1;
    while (isSpace(bytes[to])) to -= 1;
    if (bytes[to] !== QUOTE) return NO_KEY;
    let from = to;
    while (bytes[from - 1] !== QUOTE) from -= 1;
    return findKey(bytes, from, to, depth);
  }

  /** Of two of the same name the last counts. */
  function forgetIdentity(): void {
    record.isOwn = false;
    record.isService = false;
    record.head = undefined;
    principal.to = 0;
  }

  return {
    record,
    begin: () => {
      for (const span of spans) span.to = 0;
      isIdentity = false;
      record.head = undefined;
      record.isOwn = false;
      record.isService = false;
      record.hasOtherAccount = false;
      record.isMarked = false;
      record.hasEscapes = false;
    },
    end: (bytes, from, to) => {
      record.bytes = bytes;
      record.from = from;
      record.to = to;
      return record;
    },
    findKey,
    takeValue,
    readWalked: (bytes, view, walker) => {
      const { keys } = walker;
      const [found, origin] = [walker.found(), walker.origin()];
      for (let at = 0; at < 2 * found; at += 2) {
        const told = keys[at + 1]!;
        const colon = keys[at]! + origin;
        const key = (told & 15) === UNSEEN ? findBefore(bytes, colon, told >> 4) : takeKey(told & 15, told >> 4);
        if (key === NO_KEY) continue;
        let value = colon + 1;
        while (isSpace(bytes[value])) value += 1;
        if (bytes[value] === QUOTE) takeValue(bytes, key, value + 1, findTextEnd(view, value + 1, bytes.length));
      }
    },
    shift: (by) => {
      for (const span of spans) {
        span.from -= by;
        if (span.to > 0) span.to -= by;
      }
    },
  };
}

function takeSpan(span: { from: number; to: number }, from: number, to: number): void {
  span.from = from;
  span.to = to;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
