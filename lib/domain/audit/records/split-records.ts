import { encodeText, joinBytes } from '../bytes';
import { findTextEnd } from './find-text-end';
import { hasMark, isSame } from './match-bytes';

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
  /** Whether `userIdentity` names an account of the room. */
  readonly isOwn: boolean;
  /** Whether `userIdentity` is of the type `AWSService`. */
  readonly isService: boolean;
  /** Whether any `accountId`, at any depth, is none of the room's. */
  readonly hasOtherAccount: boolean;
  /**
   * Whether it may stand for somebody else: a source identity or a session of Lake Formation, at any depth, or an ARN in
   * `userIdentity` that has the mark of one, or of Transfer's.
   */
  readonly isMarked: boolean;
  /** Whether any text has an escape: what it spells is then not to be seen in the bytes. */
  readonly hasEscapes: boolean;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface SplitHandler {
  /** Valid only during the call: bytes and fields are used again. */
  readonly onRecord: (record: RawRecord) => void;
  /** Something that stands where a record should; `problem` quotes nothing of it. */
  readonly onMalformed: (problem: string) => void;
}

export interface RecordSplitter {
  /** @returns false once the log cannot be followed any further: `finish` says why. */
  readonly push: (chunk: Uint8Array) => boolean;
  /** What keeps the log from being whole; undefined when it ended where it should. */
  readonly finish: () => string | undefined;
}

/** Longest record that is looked at: CloudTrail writes at most 1 MB. */
const MAX_RECORD = 2 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A list of one of these names has the records: of CloudTrail, or of CloudWatch's logs. */
const LISTS = ['Records', 'events', 'logEvents'].map(encodeText);
const IDENTITY = encodeText('userIdentity');
const SERVICE = encodeText('AWSService');
/** Keys whose value is looked at, by their number; 0 is any other. No two have the same length and first byte. */
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
].map(encodeText);
const [NO_KEY, SOURCE, NAME, CATEGORY, ACCOUNT, TYPE, ARN, SOURCE_IDENTITY, LAKE_SESSION] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;
/** The only key with this length and first byte: most keys are ruled out by it. */
const BY_SHAPE = new Uint8Array(32 << 8);
for (const [key, name] of SOUGHT.entries()) if (key !== NO_KEY) BY_SHAPE[(name.length << 8) | name[0]!] = key;

const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
/** What any other byte outside of texts is: 0 is none of these. */
const [OPENS, CLOSES, SPACE] = [1, 2, 3] as const;
const CLASSES = new Uint8Array(256);
for (const byte of encodeText('{[')) CLASSES[byte] = OPENS;
for (const byte of encodeText('}]')) CLASSES[byte] = CLOSES;
for (const byte of encodeText(' \n\r\t')) CLASSES[byte] = SPACE;

/** A depth at which nothing can be. */
const NOWHERE = -9;

/**
 * Splits `{"Records":[…]}` (or `events`, `logEvents`: CloudWatch's), or an array, into its elements, in constant memory. Exact whatever the texts in it say:
 * brackets and quotes within texts do not count. Of what lies in an element only brackets and quotes are checked;
 * whoever wants it parses it.
 */
export function splitRecords(handler: SplitHandler, roomAccounts: ReadonlySet<string>): RecordSplitter {
  const accounts = [...roomAccounts].map(encodeText);
  let bytes: Uint8Array = new Uint8Array();
  /** Position of the next byte; behind the end where an escape was cut by it. */
  let next = 0;
  let depth = 0;
  /** Depth of what is in a record; of its own brackets one less. */
  let base = NOWHERE;
  let start = -1;
  let isTooLong = false;
  let isText = false;
  /** The last text, without its quotes. */
  let textStart = 0;
  let textEnd = 0;
  let key: number = NO_KEY;
  /** Something other than an object or a list, where a record should be. */
  let isBare = false;
  let problem: string | undefined;
  const source = { from: 0, to: 0 };
  const name = { from: 0, to: 0 };
  const category = { from: 0, to: 0 };
  /** Whether what is read lies in `userIdentity`. */
  let isIdentity = false;
  const record = {
    bytes,
    from: 0,
    to: 0,
    source,
    name,
    category,
    isOwn: false,
    isService: false,
    hasOtherAccount: false,
    isMarked: false,
    hasEscapes: false,
  };

  function begin(at: number): void {
    start = at;
    source.to = 0;
    name.to = 0;
    category.to = 0;
    isIdentity = false;
    record.isOwn = false;
    record.isService = false;
    record.hasOtherAccount = false;
    record.isMarked = false;
    record.hasEscapes = false;
  }

  function end(to: number): void {
    if (isTooLong) handler.onMalformed(`a record is longer than ${MAX_RECORD} bytes`);
    else {
      record.bytes = bytes;
      record.from = start;
      record.to = to;
      handler.onRecord(record);
    }
    start = -1;
    isTooLong = false;
  }

  function endBare(): void {
    if (isBare) handler.onMalformed('what stands where a record should is no object');
    isBare = false;
  }

  /** A text is the value of a key that was looked for. */
  function takeValue(of: number, from: number, to: number): void {
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
      case ARN:
        if (hasMark(bytes, from, to)) record.isMarked = true;
        break;
      case SOURCE_IDENTITY:
      case LAKE_SESSION:
        record.isMarked = true;
        break;
      case ACCOUNT:
        if (!isOwnAccount(from, to)) record.hasOtherAccount = true;
        else if (isIdentity) record.isOwn = true;
    }
  }

  // A loop, and no function for each account: this runs several times for every record.
  function isOwnAccount(from: number, to: number): boolean {
    for (const account of accounts) if (isSame(bytes, from, to, account)) return true;
    return false;
  }

  /** The last text is a key in a record. @returns which of those that are looked for */
  function findKey(from: number, to: number, level: number): number {
    const size = to - from;
    if (level === base) {
      isIdentity = size === IDENTITY.length && isSame(bytes, from, to, IDENTITY);
      if (isIdentity) forgetIdentity();
    }
    const candidate = size < 32 ? BY_SHAPE[(size << 8) | bytes[from]!]! : NO_KEY;
    if (candidate === NO_KEY || !isSame(bytes, from, to, SOUGHT[candidate]!)) return NO_KEY;
    if (candidate <= CATEGORY) return level === base ? candidate : NO_KEY;
    if (candidate === TYPE || candidate === ARN) return isIdentity && level === base + 1 ? candidate : NO_KEY;
    return candidate;
  }

  /** Of two of the same name the last counts. */
  function forgetIdentity(): void {
    record.isOwn = false;
    record.isService = false;
  }

  /** The last text is a key outside of records. */
  function findList(from: number, to: number): void {
    if (LISTS.some((list) => isSame(bytes, from, to, list))) base = 3;
  }

  /** A bracket closed. @param level depth behind it */
  function close(level: number, to: number): void {
    if (level < 0) problem = 'a bracket closes that was never opened';
    else if (level === base - 1 && start >= 0) end(to);
    else if (level === base - 2) {
      endBare();
      // Whatever else stands in the file is no list of records.
      base = NOWHERE;
    }
  }

  function scan(): void {
    // What the loop touches for every byte is kept in local variables: they are several times as fast.
    const data = bytes;
    const length = data.length;
    const view = new DataView(data.buffer, data.byteOffset, length);
    let at = next;
    let inText = isText;
    let [from, to, sought, level] = [textStart, textEnd, key, depth];
    while (at < length) {
      if (inText) {
        at = findTextEnd(view, at, length);
        if (at >= length) break;
        if (data[at] === BACKSLASH) {
          record.hasEscapes = true;
          at += 2;
          continue;
        }
        inText = false;
        to = at;
        at += 1;
        if (sought !== NO_KEY) {
          takeValue(sought, from, to);
          sought = NO_KEY;
        }
        if (at >= length) break;
      }
      const byte = data[at]!;
      at += 1;
      if (byte === QUOTE) {
        inText = true;
        from = at;
        if (level === base - 1) isBare = true;
      } else if (byte === COLON) {
        if (base === NOWHERE) {
          if (level === 1) findList(from, to);
        } else if (level >= base) {
          sought = findKey(from, to, level);
          // Most often a text follows, and its end is the next that matters.
          if (data[at] === QUOTE) {
            at += 1;
            from = at;
            inText = true;
          }
        }
      } else if (byte === COMMA) {
        sought = NO_KEY;
        if (isBare && level === base - 1) endBare();
      } else {
        const kind = CLASSES[byte];
        if (kind === OPENS) {
          sought = NO_KEY;
          if (level === 0 && byte === OPEN_LIST) base = 2;
          else if (level === base - 1) begin(at - 1);
          level += 1;
        } else if (kind === CLOSES) {
          level -= 1;
          if (level < base || level < 0) close(level, at);
        } else if (kind !== SPACE && (level < base || level === 0)) takeStray(level);
        if (problem !== undefined) break;
      }
    }
    isText = inText;
    next = at;
    [textStart, textEnd, key, depth] = [from, to, sought, level];
  }

  /** A byte that begins neither a text nor a list nor an object, outside of records. */
  function takeStray(level: number): void {
    if (level === 0) problem = 'it holds something beside its records';
    else if (level === base - 1) isBare = true;
  }

  /** Positions count from the beginning of what is kept. */
  function shift(by: number): void {
    next -= by;
    textStart -= by;
    textEnd -= by;
    for (const span of [source, name, category]) {
      span.from -= by;
      if (span.to > 0) span.to -= by;
    }
  }

  return {
    push: (chunk) => {
      if (problem !== undefined) return false;
      // Outside of records the last text is kept: it may turn out to be the key of their list.
      const kept = start >= 0 ? start : Math.max(0, textStart);
      let rest = bytes.subarray(Math.min(kept, bytes.length));
      if (rest.length > MAX_RECORD) {
        isTooLong = start >= 0;
        rest = rest.subarray(rest.length);
      }
      shift(bytes.length - rest.length);
      if (start >= 0) start = 0;
      bytes = rest.length === 0 ? chunk : joinBytes([rest, chunk]);
      scan();
      return problem === undefined;
    },
    finish: () => problem ?? (depth > 0 || isText ? 'it ends in the middle of its records' : undefined),
  };
}

function takeSpan(span: { from: number; to: number }, from: number, to: number): void {
  span.from = from;
  span.to = to;
}
