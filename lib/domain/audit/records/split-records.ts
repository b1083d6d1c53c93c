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
const encode = (text: string) => new TextEncoder().encode(text);
const KEYS = [
  'eventSource',
  'eventName',
  'eventCategory',
  'accountId',
  'Records',
  'events',
  'logEvents',
  'userIdentity',
  'type',
  'AWSService',
].map(encode);
const [SOURCE, NAME, CATEGORY, ACCOUNT, RECORDS, EVENTS, LOG_EVENTS, IDENTITY, TYPE, SERVICE] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;
const NO_KEY = -1;
/** A depth at which nothing can be. */
const NOWHERE = -9;

/**
 * Splits `{"Records":[…]}` (or `events`, `logEvents`: CloudWatch's), or an array, into its elements, in constant memory. Exact whatever the texts in it say:
 * brackets and quotes within texts do not count. Of what lies in an element only brackets and quotes are checked;
 * whoever wants it parses it.
 */
export function splitRecords(handler: SplitHandler, roomAccounts: ReadonlySet<string>): RecordSplitter {
  const accounts = [...roomAccounts].map(encode);
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
  let key = NO_KEY;
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

  /** The last text is the value of a key that was looked for. */
  function takeValue(): void {
    switch (key) {
      case SOURCE:
        takeSpan(source);
        break;
      case NAME:
        takeSpan(name);
        break;
      case CATEGORY:
        takeSpan(category);
        break;
      case TYPE:
        record.isService = isSame(bytes, textStart, textEnd, KEYS[SERVICE]!);
        break;
      case ACCOUNT:
        if (!isOwnAccount()) record.hasOtherAccount = true;
        else if (isIdentity) record.isOwn = true;
    }
    key = NO_KEY;
  }

  function takeSpan(span: { from: number; to: number }): void {
    span.from = textStart;
    span.to = textEnd;
  }

  function isOwnAccount(): boolean {
    for (const account of accounts) if (isSame(bytes, textStart, textEnd, account)) return true;
    return false;
  }

  /** The last text is a key. */
  function takeKey(): void {
    key = NO_KEY;
    if (depth === 1 && base === NOWHERE) {
      // A list of one of these names has the records: of CloudTrail, or of CloudWatch's logs.
      for (const list of [RECORDS, EVENTS, LOG_EVENTS]) {
        if (isSame(bytes, textStart, textEnd, KEYS[list]!)) base = 3;
      }
      return;
    }
    if (depth === base) isIdentity = isSame(bytes, textStart, textEnd, KEYS[IDENTITY]!);
    switch (textEnd - textStart) {
      case 4:
        if (isIdentity && depth === base + 1 && isSame(bytes, textStart, textEnd, KEYS[TYPE]!)) key = TYPE;
        break;
      case 9:
        if (depth === base && isSame(bytes, textStart, textEnd, KEYS[NAME]!)) key = NAME;
        else if (isSame(bytes, textStart, textEnd, KEYS[ACCOUNT]!)) key = ACCOUNT;
        break;
      case 11:
        if (depth === base && isSame(bytes, textStart, textEnd, KEYS[SOURCE]!)) key = SOURCE;
        break;
      case 13:
        if (depth === base && isSame(bytes, textStart, textEnd, KEYS[CATEGORY]!)) key = CATEGORY;
        break;
    }
  }

  function open(at: number, isList: boolean): void {
    key = NO_KEY;
    if (depth === 0 && isList) base = 2;
    else if (depth === base - 1) begin(at);
    depth += 1;
  }

  /** @param to behind the bracket */
  function close(to: number): void {
    depth -= 1;
    if (depth < 0) problem = 'a bracket closes that was never opened';
    else if (depth === base - 1 && start >= 0) end(to);
    else if (depth === base - 2) {
      endBare();
      // Whatever else stands in the file is no list of records.
      base = NOWHERE;
    }
  }

  function scan(): void {
    // What the loop touches for every byte is kept in local variables: they are several times as fast.
    const data = bytes;
    const length = data.length;
    let at = next;
    let inText = isText;
    let byte = 0;
    while (at < length) {
      if (inText) {
        while (at < length) {
          byte = data[at]!;
          if (byte === QUOTE || byte === BACKSLASH) break;
          at += 1;
        }
        if (byte === BACKSLASH && at < length) {
          record.hasEscapes = true;
          at += 2;
          continue;
        }
        if (at >= length) break;
        inText = false;
        textEnd = at;
        if (key !== NO_KEY) takeValue();
        at += 1;
        continue;
      }
      byte = data[at]!;
      at += 1;
      if (byte === QUOTE) {
        inText = true;
        textStart = at;
        if (depth === base - 1) isBare = true;
      } else if (byte === 0x3a) takeKey();
      else if (byte === 0x2c) {
        key = NO_KEY;
        if (isBare && depth === base - 1) endBare();
      } else if (byte === 0x7b || byte === 0x5b) open(at - 1, byte === 0x5b);
      else if (byte === 0x7d || byte === 0x5d) {
        close(at);
        if (problem !== undefined) break;
      } else if (depth <= base - 1 || depth === 0) {
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) takeStray();
        if (problem !== undefined) break;
      }
    }
    isText = inText;
    next = at;
  }

  /** A byte that begins neither a text nor a list nor an object, outside of records. */
  function takeStray(): void {
    if (depth === 0) problem = 'it holds something beside its records';
    else if (depth === base - 1) isBare = true;
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
      bytes = rest.length === 0 ? chunk : concat(rest, chunk);
      scan();
      return problem === undefined;
    },
    finish: () => problem ?? (depth > 0 || isText ? 'it ends in the middle of its records' : undefined),
  };
}

function isSame(bytes: Uint8Array, from: number, to: number, expected: Uint8Array): boolean {
  if (to - from !== expected.length) return false;
  for (let at = 0; at < expected.length; at += 1) if (bytes[from + at] !== expected[at]) return false;
  return true;
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}
