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
  return new Tokenizer(delimiter, onRecord);
}

class Tokenizer implements CsvTokenizer {
  /** Bytes that mean something outside quotes. */
  private readonly special = new Uint8Array(256);
  /** With most delimiters no letter, and often no digit, need be looked up. */
  private readonly highest: number;
  private state = START;
  private fields = 1;
  private flags = 0;
  private start = 0;
  private offset = 0;
  /** A CR ended a record: an LF may belong to it. */
  private afterCr = false;

  constructor(
    private readonly delimiter: number,
    private readonly onRecord: RecordReader,
  ) {
    for (const byte of [delimiter, LF, CR, QUOTE]) this.special[byte] = 1;
    this.highest = Math.max(delimiter, QUOTE);
  }

  get begun(): number {
    return this.start;
  }

  get inQuotes(): boolean {
    return this.state === QUOTED;
  }

  // Most of the time of a scan goes by here. Variables of the function itself are faster than those around it.
  push(chunk: Uint8Array): void {
    const length = chunk.length;
    const { special, highest, delimiter, offset: base } = this;
    let at = 0;
    let inside = this.state;
    let count = this.fields;
    scan: while (at < length) {
      if (this.afterCr) {
        this.offset = base + at;
        this.fields = count;
        if (this.finishCr(chunk[at]!)) at++;
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
        if (inside === CLOSED) this.flags |= RECORD.broken;
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
        this.fields = count;
        this.finish(base + at, base + at + 1, RECORD.lf);
        inside = START;
        count = 1;
      } else if (byte === CR) {
        this.afterCr = true;
      } else if (inside === PLAIN) {
        this.flags |= RECORD.strayQuote;
      } else {
        inside = QUOTED;
      }
      at++;
    }
    this.state = inside;
    this.fields = count;
    this.offset = base + length;
  }

  end(): void {
    if (this.afterCr) this.finishCr(0);
    if (this.start < this.offset) this.finish(this.offset, this.offset, 0);
  }

  private finish(end: number, next: number, newline: number): void {
    this.onRecord(this.start, end, this.fields, this.flags | newline);
    this.state = START;
    this.fields = 1;
    this.flags = 0;
    this.start = next;
  }

  /** Ends the record that a CR may have ended; returns whether the byte is its LF. */
  private finishCr(byte: number): boolean {
    this.afterCr = false;
    const isLf = byte === LF;
    this.finish(this.offset - 1, isLf ? this.offset + 1 : this.offset, isLf ? RECORD.crlf : RECORD.cr);
    return isLf;
  }
}
