import { listPaths, listTexts, quoteText } from './sql-text';

interface CsvReaderCall {
  readonly paths: readonly string[];
  readonly delimiter: string;
  readonly header: boolean;
  /** The columns in the file's order, by the names they get. */
  readonly names: readonly string[];
  /** Bytes of the longest record. */
  readonly longest: number;
}

/** DuckDB's own default; longer records need longer buffers. */
const LONGEST_BY_DEFAULT = 2 * 1024 * 1024;

/** Nothing is guessed, and an empty field is an empty text: what stands for a missing value is the agreement's to say. */
export function callCsvReader({ paths, delimiter, header, names, longest }: CsvReaderCall): string {
  const line = Math.max(LONGEST_BY_DEFAULT, longest + 1024);
  const options = [
    'auto_detect = false',
    'strict_mode = true',
    "compression = 'none'",
    'hive_partitioning = false',
    `header = ${header}`,
    `delim = ${quoteText(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `max_line_size = ${line}`,
    ...(line > LONGEST_BY_DEFAULT ? [`buffer_size = ${2 * line}`] : []),
    `force_not_null = ${listTexts(names)}`,
    `columns = {${names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`,
  ];
  return `read_csv(${listPaths(paths)}, ${options.join(', ')})`;
}
