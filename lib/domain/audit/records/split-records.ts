import { encodeText, joinBytes } from '../../bytes';
import { findTextEnd } from './find-text-end';
import { isSame } from './match-bytes';
import { NO_KEY, openRecordMarks, type RawRecord } from './record-marks';
import type { RecordWalker } from './record-walker';

interface SplitHandler {
  /** Valid only during the call: bytes and fields are used again. */
  readonly onRecord: (record: RawRecord) => void;
  /** Something that stands where a record should; `problem` quotes nothing of it. @param isUnseen nobody knows what it names */
  readonly onMalformed: (problem: string, isUnseen: boolean) => void;
}

interface RecordSplitter {
  /**
   * @param chunk stays as it is until the next one is pushed
   * @returns false once the log cannot be followed any further: `finish` says why
   */
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
 * @param walker takes records that it can walk
 */
export function splitRecords(
  handler: SplitHandler,
  roomAccounts: ReadonlySet<string>,
  walker?: RecordWalker,
): RecordSplitter {
  const marks = openRecordMarks(roomAccounts);
  let bytes: Uint8Array = new Uint8Array();
  /** The end of the last chunk, as far as it is still needed. */
  let rest: Uint8Array = bytes;
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
  function begin(at: number): void {
    start = at;
    marks.begin();
  }

  function end(to: number): void {
    if (isTooLong) handler.onMalformed(`a record is longer than ${MAX_RECORD} bytes`, true);
    else handler.onRecord(marks.end(bytes, start, to));
    start = -1;
    isTooLong = false;
  }

  function endBare(): void {
    if (isBare) handler.onMalformed('what stands where a record should is no object', false);
    isBare = false;
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
          marks.record.hasEscapes = true;
          at += 2;
          continue;
        }
        inText = false;
        to = at;
        at += 1;
        if (sought !== NO_KEY) {
          marks.takeValue(data, sought, from, to);
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
          sought = marks.findKey(data, from, to, level - base + 1);
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
          else if (level === base - 1) {
            begin(at - 1);
            const walked = walker?.walk(at) ?? 0;
            if (walked > 0 && walked - start <= MAX_RECORD) {
              marks.readWalked(data, view, walker!);
              at = walked;
              end(at);
              continue;
            }
          }
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
    marks.shift(by);
  }

  /** What of the bytes is still needed. */
  function keepRest(): void {
    // Before the list of records the last text is kept: it may turn out to be the key of that list.
    const kept = start >= 0 ? start : base === NOWHERE ? Math.max(0, textStart) : bytes.length;
    rest = bytes.subarray(Math.min(kept, bytes.length));
    if (rest.length > MAX_RECORD) {
      isTooLong = start >= 0;
      rest = rest.subarray(rest.length);
    }
    shift(bytes.length - rest.length);
    if (start >= 0) start = 0;
  }

  return {
    push: (chunk) => {
      if (problem !== undefined) return false;
      const plain = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      bytes = rest.length === 0 ? plain : joinBytes([rest, plain]);
      walker?.open(bytes);
      scan();
      keepRest();
      return problem === undefined;
    },
    finish: () => problem ?? (depth > 0 || isText ? 'it ends in the middle of its records' : undefined),
  };
}
