import type { PlannedDataset } from '../../domain/agreement/plan/plan';
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

/** A file of which no record tells how its header is meant. */
export interface RaggedCsv {
  readonly kind: 'ragged';
  readonly delimiter: string;
  /** Fields of the header. */
  readonly width: number;
  /** The first that has another number: its place, the header being record 1, and how many it has. */
  readonly record: number;
  readonly fields: number;
}

/** Share of the first records. */
const MOST_RAGGED = 0.1;

/**
 * The columns of a file that no agreement speaks of yet. Where some records have other numbers of fields than the header every
 * other delimiter fits, as one that is nowhere does: then the one that divides the header counts, if nearly all records fit it.
 */
export function readCsvNames(path: string): RaggedCsv | { readonly kind: 'names'; readonly names: readonly string[] } {
  const head = readHead(path, CSV_HEAD);
  const layout = findCsvLayout(head, { columns: [] });
  const names = layout?.names ?? [];
  if (layout === undefined || names.length > 1) return { kind: 'names', names };
  const [divided] = DELIMITERS.flatMap((delimiter) => {
    const tried = tryDelimiter(head.subarray(layout.skip), delimiter, head.length === CSV_HEAD);
    return tried === undefined || tried.names.length < 2 ? [] : [{ delimiter, ...tried }];
  }).toSorted((one, other) => one.ragged - other.ragged || other.names.length - one.names.length);
  if (divided?.first === undefined) return { kind: 'names', names };
  if (divided.ragged <= MOST_RAGGED * divided.records) return { kind: 'names', names: divided.names };
  return { kind: 'ragged', delimiter: divided.delimiter, width: divided.names.length, ...divided.first };
}

function tryDelimiter(bytes: Buffer, delimiter: string, more: boolean) {
  let header: string | undefined;
  let width = 0;
  let records = 0;
  let ragged = 0;
  let first: Pick<RaggedCsv, 'record' | 'fields'> | undefined;
  const tokenizer = createCsvTokenizer(delimiter.charCodeAt(0), (start, end, fields, flags) => {
    if (end === start || records > RECORDS) return;
    if (header === undefined) {
      header = bytes.toString('utf8', start, end);
      width = fields;
    } else if (fields !== width || (flags & RECORD.broken) !== 0) ragged++;
    records++;
    if (fields !== width) first ??= { record: records, fields };
  });
  tokenizer.push(bytes);
  if (!more) tokenizer.end();
  return header === undefined
    ? undefined
    : { names: splitCsvRecord(header, delimiter), ragged, records: records - 1, first };
}
