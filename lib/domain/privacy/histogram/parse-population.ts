import { CsvError, parse } from 'csv-parse/sync';
import type { Finding } from '../../agreement/yaml/finding';
import type { PopulationRow } from './population';

type PopulationReading =
  | { readonly kind: 'rows'; readonly rows: readonly PopulationRow[] }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

const COUNT = 'count';
const MAX_CHARACTERS = 64 * 1024 * 1024;
/** Mistakes of rows that are told. */
const TOLD = 20;

/**
 * Reads a population file: a header that names every class column and `count`, then a row per combination of values; an
 * empty value is a missing one. Between values stand `,`, `;` or tabs. Every finding points at a line. Never throws.
 */
export function parsePopulation(file: string, source: string, classColumns: readonly string[]): PopulationReading {
  const refuse = (line: number, problem: string, remedy: string): PopulationReading => ({
    kind: 'invalid',
    findings: [report(file, line, problem, remedy)],
  });
  const header = [...classColumns, COUNT].join(',');
  const writeHeader = `Begin with the line ${header}`;
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  if (text.length > MAX_CHARACTERS)
    return refuse(1, 'the population is larger than 64 MiB', 'Use a population of fewer combinations.');
  if (text.trim() === '') return refuse(1, 'the population is empty', `${writeHeader}.`);
  const first = text.trimStart().split(/\r?\n/, 1)[0] ?? '';
  const delimiter = [';', '\t'].find((candidate) => first.includes(candidate)) ?? ',';
  let records: string[][];
  try {
    records = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return refuse(1, 'a quote stands where none can stand, or is not closed', 'Write a quote inside quotes twice.');
  }
  const [names = [], ...rows] = records;
  const places = [...classColumns, COUNT].map((name) => names.indexOf(name));
  const lacking = [...classColumns, COUNT].filter((_, index) => places[index]! < 0);
  if (lacking.length > 0) return refuse(1, `the header lacks ${lacking.join(', ')}`, `${writeHeader}.`);
  const findings: Finding[] = [];
  const read = rows.map((cells, index): PopulationRow => {
    const values = places.map((place) => cells[place] ?? '');
    const count = values.pop() ?? '';
    if (cells.length !== names.length)
      findings.push(
        report(
          file,
          index + 2,
          `the row has ${cells.length} cells, the header has ${names.length}`,
          'Give every column a cell.',
        ),
      );
    else if (!/^\d{1,12}$/.test(count))
      findings.push(
        report(file, index + 2, 'the count is no whole number', 'Write how many subjects have these values.'),
      );
    return { values: values.map((value) => (value === '' ? null : value)), subjects: Number(count) };
  });
  return findings.length > 0 ? { kind: 'invalid', findings: findings.slice(0, TOLD) } : { kind: 'rows', rows: read };
}

function report(file: string, line: number, problem: string, remedy: string): Finding {
  return { severity: 'error', file, line, column: 1, path: '', problem, remedy };
}
