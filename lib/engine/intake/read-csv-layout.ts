import type { PlannedDataset } from '../../domain/agreement/plan';
import { createCsvTokenizer, RECORD } from './csv-tokenizer';
import { readHead } from './detect-format';
import { UTF8_BOM } from './scan-text-file';
import { splitCsvRecord } from './split-csv-record';

/** How a CSV file is laid out, as its first records show. */
export interface CsvLayout {
  readonly delimiter: string;
  /** The header's fields. */
  readonly names: readonly string[];
  /** Bytes before the header: those of a byte order mark. */
  readonly skip: number;
}

const DELIMITERS = [',', ';', '\t', '|'];
export const CSV_HEAD = 256 * 1024;
const RECORDS = 100;

/**
 * The delimiter is the one that finds most of the dataset's columns in the header, then the one under which fewest of the
 * first records have another number of fields than the header, then the one with more fields. Nothing when no header ends within the first 256 KiB.
 */
export function readCsvLayout(path: string, dataset: Pick<PlannedDataset, 'columns'>): CsvLayout | undefined {
  return findCsvLayout(readHead(path, CSV_HEAD), dataset);
}

/** `head`: the first 256 KiB of the file, or all of it. */
export function findCsvLayout(head: Buffer, { columns }: Pick<PlannedDataset, 'columns'>): CsvLayout | undefined {
  const skip = head.subarray(0, 3).equals(UTF8_BOM) ? 3 : 0;
  const expected = new Set(columns.map(({ name }) => name.trim().toLowerCase()));
  let best: { readonly layout: CsvLayout; readonly score: readonly number[] } | undefined;
  for (const delimiter of DELIMITERS) {
    const layout = tryDelimiter(head.subarray(skip), delimiter, head.length === CSV_HEAD);
    if (!layout) continue;
    const names = layout.names.map((name) => name.trim().toLowerCase());
    const known = new Set(names.filter((name) => expected.has(name))).size;
    const score = [known, -layout.ragged, names.length] as const;
    const apart = score.findIndex((part, index) => part !== best?.score[index]);
    if (!best || (apart >= 0 && score[apart]! > best.score[apart]!)) {
      best = { layout: { delimiter, names: layout.names, skip }, score };
    }
  }
  return best?.layout;
}

function tryDelimiter(bytes: Buffer, delimiter: string, more: boolean) {
  let header: string | undefined;
  let width = 0;
  let records = 0;
  let ragged = 0;
  const tokenizer = createCsvTokenizer(delimiter.charCodeAt(0), (start, end, fields, flags) => {
    if (end === start || records > RECORDS) return;
    if (header === undefined) {
      header = bytes.toString('utf8', start, end);
      width = fields;
    } else if (fields !== width || (flags & RECORD.broken) !== 0) ragged++;
    records++;
  });
  tokenizer.push(bytes);
  if (!more) tokenizer.end();
  return header === undefined ? undefined : { names: splitCsvRecord(header, delimiter), ragged };
}
