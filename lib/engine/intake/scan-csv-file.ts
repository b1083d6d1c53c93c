import { createCsvTokenizer, RECORD } from './csv-tokenizer';
import type { DeliveryProblem } from './delivery-problem';
import type { FoundFile } from './list-delivered-files';
import type { CsvLayout } from './read-csv-layout';
import { MAX_RECORD, scanTextFile } from './scan-text-file';

export interface CsvScan {
  readonly kind: 'scanned';
  readonly sha256: string;
  /** Records behind the header, ragged and broken ones included. */
  readonly rows: number;
  /** Bytes of the longest record, header included. */
  readonly longest: number;
  /** Whether it is plain enough for any reader: even, without blank lines, stray quotes or mixed newlines. */
  readonly plain: boolean;
}

/** Goes through all records of the file. `width`: the number of columns. */
export async function scanCsvFile(
  found: FoundFile,
  { delimiter, skip }: CsvLayout,
  width: number,
): Promise<CsvScan | { readonly kind: 'refused'; readonly problem: DeliveryProblem }> {
  let records = 0;
  let longest = 0;
  let seen = 0;
  let odd = false;
  const tokenizer = createCsvTokenizer(delimiter.charCodeAt(0), (start, end, fields, flags) => {
    seen |= flags;
    if (end - start > longest) longest = end - start;
    if (end === start) odd = true;
    if (isBlank(end - start, width, records)) return;
    if (fields !== width) odd = true;
    records++;
  });
  let offset = 0;
  const scan = await scanTextFile(found, (chunk) => {
    tokenizer.push(offset === 0 ? chunk.subarray(skip) : chunk);
    offset += chunk.length;
    const open = offset - skip - tokenizer.begun;
    return Math.max(open, longest) > MAX_RECORD ? describeLongRecord(found, records, tokenizer.inQuotes) : undefined;
  });
  if (scan.kind === 'refused') return scan;
  if (tokenizer.inQuotes) return { kind: 'refused', problem: describeOpenQuote(found, records) };
  tokenizer.end();
  const newlines = [RECORD.lf, RECORD.crlf, RECORD.cr].filter((newline) => (seen & newline) !== 0).length;
  const plain = !odd && newlines <= 1 && (seen & (RECORD.broken | RECORD.strayQuote)) === 0;
  return { kind: 'scanned', sha256: scan.sha256, rows: Math.max(0, records - 1), longest, plain };
}

/** An empty line is no record, unless records have one field that may be empty; before the header it never is one. */
export function isBlank(bytes: number, width: number, recordsBefore: number): boolean {
  return bytes === 0 && (width > 1 || recordsBefore === 0);
}

function describeLongRecord({ file }: FoundFile, records: number, inQuotes: boolean): DeliveryProblem {
  return {
    where: `${file}, ${describeRecord(records)}`,
    problem: `the record is longer than ${MAX_RECORD / 1024 / 1024} MiB`,
    remedy: inQuotes
      ? 'A quote that is opened there is not closed, or a field is too long: correct the file.'
      : 'Check that the file has line ends, and shorten the field.',
  };
}

function describeOpenQuote({ file }: FoundFile, records: number): DeliveryProblem {
  return {
    where: `${file}, ${describeRecord(records)}`,
    problem: 'a quote is opened and never closed, up to the end of the file',
    remedy: 'Close it, or write a quote that is part of a value twice and put the value in quotes.',
  };
}

function describeRecord(recordsBefore: number): string {
  return recordsBefore === 0 ? 'the header' : `row ${recordsBefore}`;
}
