/**
 * Finds the records of a CSV file, byte by byte and in bounded memory. Grammar: RFC 4180 with any one-byte delimiter and
 * LF, CRLF or CR between records; a quote counts only at the start of a field, a doubled one in quotes stands for itself.
 */
interface CsvTokenizer {
  push(chunk: Uint8Array): void;
  /** Ends the last record. */
  end(): void;
  /** Offset of the record that was begun and not ended. */
  readonly begun: number;
  /** Whether that record's last field is in quotes that are still open. */
  readonly inQuotes: boolean;
}

/** `start` to `end` (excluded, without the newline) in the file; `flags`: see `RECORD`. */
type RecordReader = (start: number, end: number, fields: number, flags: number) => void;

/** What a record has beyond well-formed fields; several may be set. */
export const RECORD = {
  /** Text behind a closing quote: its fields cannot be told apart. */
  broken: 1,
  /** A quote inside an unquoted field. */
  strayQuote: 2,
  lf: 4,
  crlf: 8,
  cr: 16,
} as const;

const LF = 10;
const CR = 13;
const QUOTE = 34;

const START = 0;
const PLAIN = 1;
const QUOTED = 2;
const CLOSED = 3;

export function createCsvTokenizer(delimiter: number, onRecord: RecordReader): CsvTokenizer {
  /** Bytes that mean something outside quotes. */
  const special = new Uint8Array(256);
  for (const byte of [delimiter, LF, CR, QUOTE]) special[byte] = 1;
  /** With most delimiters no letter, and often no digit, need be looked up. */
  const highest = Math.max(delimiter, QUOTE);

  let state = START;
  let fields = 1;
  let flags = 0;
  let start = 0;
  let offset = 0;
  /** A CR ended a record: an LF may belong to it. */
  let afterCr = false;

  const finish = (end: number, next: number, newline: number) => {
    onRecord(start, end, fields, flags | newline);
    state = START;
    fields = 1;
    flags = 0;
    start = next;
  };

  /** Ends the record that a CR may have ended; returns whether the byte is its LF. */
  const finishCr = (byte: number) => {
    afterCr = false;
    const isLf = byte === LF;
    finish(offset - 1, isLf ? offset + 1 : offset, isLf ? RECORD.crlf : RECORD.cr);
    return isLf;
  };

  // Most of the time of a scan goes by here. Variables of the function itself are faster than those around it.
  const push = (chunk: Uint8Array) => {
    const length = chunk.length;
    const base = offset;
    let at = 0;
    let inside = state;
    let count = fields;
    scan: while (at < length) {
      if (afterCr) {
        offset = base + at;
        fields = count;
        if (finishCr(chunk[at]!)) at++;
        inside = START;
        count = 1;
        continue;
      }
      if (inside === QUOTED) {
        while (at < length && chunk[at] !== QUOTE) at++;
        if (at === length) break;
        inside = CLOSED;
        at++;
        continue;
      }
      let byte = chunk[at]!;
      if (byte > highest || special[byte] === 0) {
        if (inside === CLOSED) flags |= RECORD.broken;
        inside = PLAIN;
        do {
          if (++at === length) break scan;
          byte = chunk[at]!;
        } while (byte > highest || special[byte] === 0);
      }
      if (byte === delimiter) {
        count++;
        inside = START;
      } else if (byte === LF) {
        fields = count;
        finish(base + at, base + at + 1, RECORD.lf);
        inside = START;
        count = 1;
      } else if (byte === CR) {
        afterCr = true;
      } else if (inside === PLAIN) {
        flags |= RECORD.strayQuote;
      } else {
        inside = QUOTED;
      }
      at++;
    }
    state = inside;
    fields = count;
    offset = base + length;
  };

  return {
    push,
    end() {
      if (afterCr) finishCr(0);
      if (start < offset) finish(offset, offset, 0);
    },
    get begun() {
      return start;
    },
    get inQuotes() {
      return state === QUOTED;
    },
  };
}
