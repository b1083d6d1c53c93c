import { encodeText, joinBytes } from '../../bytes';
import { findTextEnd } from './find-text-end';
import { isSame, viewOf } from './match-bytes';
import { openRecordMarks, type RawRecord, type RecordMarks } from './record-marks';
import type { RecordWalker } from './record-walker';
import { NO_KEY } from './sought-keys';

interface SplitHandler {
  /** Valid only during the call: bytes and fields are used again. */
  readonly onRecord: (record: RawRecord) => void;
  /** Something that stands where a record should; `problem` quotes nothing of it. @param isUnseen nobody knows what it names */
  readonly onMalformed: (problem: string, isUnseen: boolean) => void;
}

/** For one log after the other. */
interface RecordSplitter {
  /**
   * @param chunk stays as it is until the next one is pushed
   * @returns false once the log cannot be followed any further: `finish` says why
   */
  readonly push: (chunk: Uint8Array) => boolean;
  /** What keeps the log from being whole; undefined when it ended where it should. What is pushed next begins another log. */
  readonly finish: () => string | undefined;
}

/** Longest record that is looked at: CloudTrail writes at most 1 MB. */
const MAX_RECORD = 2 * 1024 * 1024;

const BACKSLASH = 0x5c;

/** A list of one of these names has the records: of CloudTrail, or of CloudWatch's logs. */
const LISTS = ['Records', 'events', 'logEvents'].map(encodeText);
const OPEN_LIST = 0x5b;
/** What any byte outside of texts is: 0 is none of these. */
const [OPENS, CLOSES, SPACE, QUOTE, COLON, COMMA] = [1, 2, 3, 4, 5, 6] as const;
const CLASSES = new Uint8Array(256);
for (const [kind, bytes] of [
  [OPENS, '{['],
  [CLOSES, '}]'],
  [SPACE, ' \n\r\t'],
  [QUOTE, '"'],
  [COLON, ':'],
  [COMMA, ','],
] as const)
  for (const byte of encodeText(bytes)) CLASSES[byte] = kind;

/** A depth at which nothing can be. */
const NOWHERE = -9;

/** How far a log was read. */
interface Reached {
  bytes: Uint8Array;
  /** The end of the last chunk, as far as it is still needed. */
  rest: Uint8Array;
  /** Position of the next byte; behind the end where an escape was cut by it. */
  next: number;
  depth: number;
  /** Depth of what is in a record; of its own brackets one less. */
  base: number;
  /** Of a record, where it begins; -1: outside of records. */
  start: number;
  isTooLong: boolean;
  isText: boolean;
  /** The last text, without its quotes. */
  textStart: number;
  textEnd: number;
  /** The key whose value comes next. */
  key: number;
  /** Something other than an object or a list, where a record should be. */
  isBare: boolean;
  problem: string | undefined;
}

const NO_BYTES = new Uint8Array();
const BEGINNING: Reached = {
  ...{ bytes: NO_BYTES, rest: NO_BYTES, next: 0, depth: 0, base: NOWHERE, start: -1, isTooLong: false },
  ...{ isText: false, textStart: 0, textEnd: 0, key: NO_KEY, isBare: false, problem: undefined },
};

/** What goes through a log. */
interface Splitting {
  readonly handler: SplitHandler;
  readonly marks: RecordMarks;
  readonly walker: RecordWalker | undefined;
  readonly log: Reached;
}

/**
 * Splits `{"Records":[…]}` (or `events`, `logEvents`: CloudWatch's), or an array, into its elements, in constant memory. Exact whatever the texts in it say:
 * brackets and quotes within texts do not count. Of what lies in an element only brackets and quotes are checked;
 * whoever wants it parses it.
 * @param walker takes records that it can walk
 */
export function splitRecords(
  handler: SplitHandler,
  roomAccounts: ReadonlySet<string>,
  walker?: RecordWalker,
): RecordSplitter {
  const log = { ...BEGINNING };
  const splitting: Splitting = { handler, marks: openRecordMarks(roomAccounts), walker, log };
  return {
    push: (chunk) => {
      if (log.problem !== undefined) return false;
      const plain = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      log.bytes = log.rest.length === 0 ? plain : joinBytes([log.rest, plain]);
      walker?.open(log.bytes);
      scan(splitting);
      keepRest(splitting);
      return log.problem === undefined;
    },
    finish: () => {
      const cut = log.depth > 0 || log.isText ? 'it ends in the middle of its records' : undefined;
      const problem = log.problem ?? cut;
      Object.assign(log, BEGINNING);
      return problem;
    },
  };
}

function scan(splitting: Splitting): void {
  const { log, marks } = splitting;
  const data = log.bytes;
  const { length } = data;
  const view = viewOf(data);
  // What the loop touches for every byte is kept in local variables: they are several times as fast.
  let { next: at, isText, textStart, textEnd, key, depth } = log;
  while (at < length && log.problem === undefined) {
    if (isText) {
      at = findQuote(marks, view, at, length);
      if (at >= length) break;
      isText = false;
      textEnd = at;
      at += 1;
      if (key !== NO_KEY) marks.takeValue(data, view, key, textStart, textEnd);
      key = NO_KEY;
      continue;
    }
    const byte = data[at]!;
    const kind = CLASSES[byte];
    at += 1;
    if (kind === SPACE) continue;
    if (kind === QUOTE) {
      isText = true;
      textStart = at;
      if (depth === log.base - 1) log.isBare = true;
      continue;
    }
    if (key !== NO_KEY) marks.missValue();
    key = NO_KEY;
    if (kind === COLON) key = findKey(splitting, textStart, textEnd, depth);
    else if (kind === OPENS) {
      const walked = open(splitting, view, at, depth, byte);
      if (walked > 0) at = walked;
      else depth += 1;
    } else if (kind === CLOSES) {
      depth -= 1;
      if (depth < log.base || depth < 0) close(splitting, depth, at);
    } else if (kind === COMMA) {
      if (log.isBare && depth === log.base - 1) endBare(splitting);
    } else if (depth < log.base || depth === 0) takeStray(log, depth);
  }
  log.next = at;
  Object.assign(log, { isText, textStart, textEnd, key, depth });
}

/** Where the text ends that is read now; the end, or behind it where an escape is cut by it, for one that goes on. */
function findQuote(marks: RecordMarks, view: DataView, from: number, length: number): number {
  let at = findTextEnd(view, from, length);
  while (at < length && view.getUint8(at) === BACKSLASH) {
    marks.record.isUnclear = true;
    at = at + 2 < length ? findTextEnd(view, at + 2, length) : at + 2;
  }
  return at;
}

/** The last text is a key. @returns which of those of records that are looked for */
function findKey({ log, marks }: Splitting, from: number, to: number, depth: number): number {
  const { base, bytes } = log;
  if (base === NOWHERE && depth === 1 && LISTS.some((list) => isSame(bytes, from, to, list))) log.base = 3;
  return base !== NOWHERE && depth >= base ? marks.findKey(bytes, from, to, depth - base + 1) : NO_KEY;
}

/**
 * A bracket opened.
 * @param at behind it
 * @param depth before it
 * @returns where a record ends that was walked
 */
function open(splitting: Splitting, view: DataView, at: number, depth: number, bracket: number): number {
  const { log, marks, walker } = splitting;
  if (depth === 0 && bracket === OPEN_LIST) log.base = 2;
  else if (depth === log.base - 1) {
    log.start = at - 1;
    marks.begin();
    const walked = walker?.walk(at) ?? 0;
    if (walker !== undefined && walked > 0 && walked - log.start <= MAX_RECORD) {
      marks.readWalked(log.bytes, view, walker);
      end(splitting, walked);
      return walked;
    }
  }
  return 0;
}

/** A bracket closed. @param depth behind it */
function close(splitting: Splitting, depth: number, to: number): void {
  const { log } = splitting;
  if (depth < 0) log.problem = 'a bracket closes that was never opened';
  else if (depth === log.base - 1 && log.start >= 0) end(splitting, to);
  else if (depth === log.base - 2) {
    endBare(splitting);
    // Whatever else stands in the file is no list of records.
    log.base = NOWHERE;
  }
}

function end({ handler, log, marks }: Splitting, to: number): void {
  if (log.isTooLong) handler.onMalformed(`a record is longer than ${MAX_RECORD} bytes`, true);
  else handler.onRecord(marks.end(log.bytes, log.start, to));
  log.start = -1;
  log.isTooLong = false;
}

function endBare({ handler, log }: Splitting): void {
  if (log.isBare) handler.onMalformed('what stands where a record should is no object', false);
  log.isBare = false;
}

/** A byte that begins neither a text nor a list nor an object, outside of records. */
function takeStray(log: Reached, depth: number): void {
  if (depth === 0) log.problem = 'it holds something beside its records';
  else if (depth === log.base - 1) log.isBare = true;
}

/** What of the bytes is still needed; positions count from its beginning from now on. */
function keepRest({ log, marks }: Splitting): void {
  const { base, bytes, start } = log;
  // Before the list of records the last text is kept: it may turn out to be the key of that list.
  const kept = start >= 0 ? start : base === NOWHERE ? Math.max(0, log.textStart) : bytes.length;
  log.rest = bytes.subarray(Math.min(kept, bytes.length));
  if (log.rest.length > MAX_RECORD) {
    log.isTooLong = start >= 0;
    log.rest = NO_BYTES;
  }
  const by = bytes.length - log.rest.length;
  log.next -= by;
  log.textStart -= by;
  log.textEnd -= by;
  marks.shift(by);
  if (start >= 0) log.start = 0;
}
