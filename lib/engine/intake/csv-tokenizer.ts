/**
 * Finds the records of a CSV file, byte by byte and in bounded memory. Grammar: RFC 4180 with any one-byte delimiter and
 * LF, CRLF or CR between records; a quote counts only at the start of a field, a doubled one in quotes stands for itself.
 */
export interface CsvTokenizer {
  push(chunk: Uint8Array): void;
  /** Ends the last record. */
  end(): void;
  /** Offset of the record that was begun and not ended. */
  readonly begun: number;
  /** Whether that record's last field is in quotes that are still open. */
  readonly inQuotes: boolean;
}

/** `start` to `end` (excluded, without the newline) in the file; `flags`: see `RECORD`. */
export type RecordReader = (start: number, end: number, fields: number, flags: number) => void;

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

  const push = (chunk: Uint8Array) => {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      if (afterCr) {
        afterCr = false;
        const lf = chunk[at] === LF;
        const next = offset + at + (lf ? 1 : 0);
        finish(next - (lf ? 2 : 1), next, lf ? RECORD.crlf : RECORD.cr);
        if (lf) {
          at++;
          continue;
        }
      }
      if (state === QUOTED) {
        while (at < length && chunk[at] !== QUOTE) at++;
        if (at < length) {
          state = CLOSED;
          at++;
        }
        continue;
      }
      if (state === PLAIN) while (at < length && special[chunk[at]!] === 0) at++;
      if (at === length) break;
      const byte = chunk[at]!;
      if (byte === delimiter) {
        fields++;
        state = START;
      } else if (byte === LF) {
        finish(offset + at, offset + at + 1, RECORD.lf);
      } else if (byte === CR) {
        afterCr = true;
      } else if (byte === QUOTE) {
        if (state === START || state === CLOSED) state = QUOTED;
        else flags |= RECORD.strayQuote;
      } else if (state === CLOSED) {
        flags |= RECORD.broken;
        state = PLAIN;
      } else state = PLAIN;
      at++;
    }
    offset += length;
  };

  return {
    push,
    end() {
      if (afterCr) {
        afterCr = false;
        finish(offset - 1, offset, RECORD.cr);
      }
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
