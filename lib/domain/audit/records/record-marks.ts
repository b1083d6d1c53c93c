import { encodeText } from '../../bytes';
import { findTextEnd } from './find-text-end';
import { hasMark, isSame, isSameText, viewOf } from './match-bytes';
import { endHead, openHeads, type PrincipalHead } from './principal-head';
import type { RecordWalker } from './record-walker';
import {
  ACCOUNT,
  ARN,
  BUCKET,
  CATEGORY,
  findSought,
  IDENTITY,
  judgeKey,
  LAKE_SESSION,
  NAME,
  NO_KEY,
  OWN_ACCOUNT,
  SOURCE,
  SOURCE_IDENTITY,
  TIME,
  TYPE,
  UNSEEN,
} from './sought-keys';

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
  /** Whether `userIdentity` names an account of the room, where one says who it was. */
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
  /** Whether the bytes do not show what is looked for: a text has an escape, or what is looked for is no text. */
  readonly isUnclear: boolean;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Notes what a glance at a record shows, as its keys and texts are come across. */
export interface RecordMarks {
  /** Of the record that is read now; used again for the next. */
  readonly record: { isUnclear: boolean };
  readonly begin: () => void;
  readonly end: (bytes: Uint8Array, from: number, to: number) => RawRecord;
  /** A text is a key in a record. @param depth 1: of the record itself. @returns which of those that are looked for */
  readonly findKey: (bytes: Uint8Array, from: number, to: number, depth: number) => number;
  /** A text is the value of a key that was looked for. @param view of the same bytes */
  readonly takeValue: (bytes: Uint8Array, view: DataView, of: number, from: number, to: number) => void;
  /** Something else is: of two of the same name, it may be the one that counts. */
  readonly missValue: () => void;
  /** Takes all keys of the record that was walked last. */
  readonly readWalked: (bytes: Uint8Array, view: DataView, walker: RecordWalker) => void;
  /** Positions count from elsewhere: so much further on. */
  readonly shift: (by: number) => void;
}

const SERVICE = encodeText('AWSService');
const QUOTE = 0x22;

/** A record as it is found out about. */
type Draft = { -readonly [Field in keyof RawRecord]: RawRecord[Field] extends Span ? SpanDraft : RawRecord[Field] };
interface SpanDraft {
  from: number;
  to: number;
}

/** What marks a record. */
interface Marking {
  readonly record: Draft;
  readonly accounts: readonly DataView[];
  readonly findHead: ReturnType<typeof openHeads>;
  /** Whether what is read lies in `userIdentity`. */
  isIdentity: boolean;
}

export function openRecordMarks(roomAccounts: ReadonlySet<string>): RecordMarks {
  const record = draftRecord();
  const { source, name, category, time, principal, bucket } = record;
  const spans = [source, name, category, time, principal, bucket];
  const accounts = [...roomAccounts].map((account) => viewOf(encodeText(account)));
  const marking: Marking = { record, accounts, findHead: openHeads(), isIdentity: false };
  return {
    record,
    begin: () => {
      for (const span of spans) span.to = 0;
      marking.isIdentity = false;
      forgetIdentity(record);
      record.hasOtherAccount = false;
      record.isMarked = false;
      record.isUnclear = false;
    },
    end: (bytes, from, to) => {
      record.bytes = bytes;
      record.from = from;
      record.to = to;
      return record;
    },
    findKey: (bytes, from, to, depth) => takeKey(marking, findSought(bytes, from, to), depth),
    takeValue: (bytes, view, of, from, to) => takeValue(marking, bytes, view, of, from, to),
    missValue: () => {
      record.isUnclear = true;
    },
    readWalked: (bytes, view, walker) => readWalked(marking, bytes, view, walker),
    shift: (by) => {
      for (const span of spans) {
        span.from -= by;
        if (span.to > 0) span.to -= by;
      }
    },
  };
}

function draftRecord(): Draft {
  const draftSpan = () => ({ from: 0, to: 0 });
  return {
    bytes: new Uint8Array(),
    ...draftSpan(),
    source: draftSpan(),
    name: draftSpan(),
    category: draftSpan(),
    time: draftSpan(),
    principal: draftSpan(),
    bucket: draftSpan(),
    head: undefined,
    isOwn: false,
    isService: false,
    hasOtherAccount: false,
    isMarked: false,
    isUnclear: false,
  };
}

/** Of two of the same name the last counts. */
function forgetIdentity(record: Draft): void {
  record.isOwn = false;
  record.isService = false;
  record.head = undefined;
  record.principal.to = 0;
}

/** @returns the key, where it counts at this depth */
function takeKey(marking: Marking, key: number, depth: number): number {
  if (depth <= 1) {
    marking.isIdentity = key === IDENTITY;
    if (marking.isIdentity) forgetIdentity(marking.record);
  }
  return judgeKey(key, depth, marking.isIdentity);
}

function takeValue(marking: Marking, bytes: Uint8Array, view: DataView, of: number, from: number, to: number): void {
  const { record } = marking;
  switch (of) {
    case SOURCE:
      takeSpan(record.source, from, to);
      break;
    case NAME:
      takeSpan(record.name, from, to);
      break;
    case CATEGORY:
      takeSpan(record.category, from, to);
      break;
    case TIME:
      takeSpan(record.time, from, to);
      break;
    case BUCKET:
      takeSpan(record.bucket, from, to);
      break;
    case TYPE:
      record.isService = isSame(bytes, from, to, SERVICE);
      break;
    case ARN:
      takePrincipal(marking, bytes, view, from, to);
      break;
    case SOURCE_IDENTITY:
    case LAKE_SESSION:
      record.isMarked = true;
      break;
    case OWN_ACCOUNT:
    case ACCOUNT:
      if (!isOwnAccount(marking.accounts, view, from, to)) record.hasOtherAccount = true;
      else if (of === OWN_ACCOUNT) record.isOwn = true;
  }
}

/** Most ARNs have a head that was seen before: only what follows it is looked at closely. */
function takePrincipal(
  { record, findHead }: Marking,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
): void {
  takeSpan(record.principal, from, to);
  const end = endHead(bytes, from, to);
  record.head = findHead(bytes, view, from, end);
  // A mark may begin with the slash.
  const rest = record.head === undefined ? from : Math.max(from, end - 1);
  if (record.head?.isMarked === true || hasMark(bytes, rest, to)) record.isMarked = true;
}

// A loop, and no function for each account: this runs several times for every record.
function isOwnAccount(accounts: readonly DataView[], view: DataView, from: number, to: number): boolean {
  for (const account of accounts) if (isSameText(view, from, to, account)) return true;
  return false;
}

function readWalked(marking: Marking, bytes: Uint8Array, view: DataView, walker: RecordWalker): void {
  const { keys } = walker;
  const [found, origin] = [walker.found(), walker.origin()];
  for (let at = 0; at < 2 * found; at += 2) {
    const told = keys[at + 1]!;
    const colon = keys[at]! + origin;
    const sought = (told & 15) === UNSEEN ? findBefore(bytes, colon) : told & 15;
    const key = takeKey(marking, sought, told >> 4);
    if (key === NO_KEY) continue;
    let value = colon + 1;
    while (isSpace(bytes[value])) value += 1;
    if (bytes[value] === QUOTE)
      takeValue(marking, bytes, view, key, value + 1, findTextEnd(view, value + 1, bytes.length));
    else marking.record.isUnclear = true;
  }
}

/** The text that ends before a colon. No text of this record has an escape: a quote is a quote. */
function findBefore(bytes: Uint8Array, colon: number): number {
  let to = colon - 1;
  while (isSpace(bytes[to])) to -= 1;
  if (bytes[to] !== QUOTE) return NO_KEY;
  let from = to;
  while (bytes[from - 1] !== QUOTE) from -= 1;
  return findSought(bytes, from, to);
}

function takeSpan(span: SpanDraft, from: number, to: number): void {
  span.from = from;
  span.to = to;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
