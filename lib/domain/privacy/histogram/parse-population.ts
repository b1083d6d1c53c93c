import { CsvError, parse } from 'csv-parse/sync';
import type { Finding } from '../../agreement/yaml/finding';
import { countBreaks, quote } from '../hierarchies/parse-hierarchy';
import type { PopulationRow } from './population';

/** A class column that the file tells of. */
export interface PopulationColumn {
  readonly name: string;
  /** What can be generalised, where a hierarchy says so; a missing value always can. */
  readonly hierarchy?: { readonly file: string; readonly has: (value: string) => boolean };
}

type PopulationReading =
  | { readonly kind: 'rows'; readonly rows: readonly PopulationRow[] }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const COUNT = 'count';
const MAX_CHARACTERS = 64 * 1024 * 1024;
/** Mistakes of rows that are told. */
const TOLD = 20;

/**
 * Reads a population file: a header that names every class column and `count`, then a row per combination of values; an
 * empty value is a missing one. Between values stand `,`, `;` or tabs. Every finding points at a line. Never throws.
 */
export function parsePopulation(file: string, source: string, columns: readonly PopulationColumn[]): PopulationReading {
  const classColumns = columns.map(({ name }) => name);
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
  const records: Row[] = [];
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        // As of a hierarchy: the parser tells the line on which a row ends.
        records.push({ line: lines - countBreaks(cells), cells });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return refuse(1, 'a quote stands where none can stand, or is not closed', 'Write a quote inside quotes twice.');
  }
  const [head, ...rows] = records;
  const names = head?.cells ?? [];
  const places = [...classColumns, COUNT].map((name) => names.indexOf(name));
  const lacking = [...classColumns, COUNT].filter((_, index) => places[index]! < 0);
  if (lacking.length > 0) return refuse(1, `the header lacks ${lacking.join(', ')}`, `${writeHeader}.`);
  const findings = [
    ...rows.flatMap(({ line, cells }) => {
      if (cells.length !== names.length) {
        const problem = `the row has ${cells.length} cells, the header has ${names.length}`;
        return [report(file, line, problem, 'Give every column a cell.')];
      }
      if (/^\d{1,12}$/.test(cells[places.at(-1)!] ?? '')) return [];
      return [report(file, line, 'the count is no whole number', 'Write how many subjects have these values.')];
    }),
    ...columns.flatMap((column, index) => listUnknown(file, column, rows, places[index]!)),
  ].sort((a, b) => a.line - b.line);
  if (findings.length > 0) return { kind: 'invalid', findings: findings.slice(0, TOLD) };
  const read = rows.map(({ cells }): PopulationRow => {
    const [count, ...values] = [places.at(-1)!, ...places.slice(0, -1)].map((place) => cells[place] ?? '');
    return { values: values.map((value) => (value === '' ? null : value)), subjects: Number(count) };
  });
  return { kind: 'rows', rows: read };
}

/** A value that the column's hierarchy lacks could not be generalised. Each is told once, where it comes first. */
function listUnknown(
  file: string,
  { name, hierarchy }: PopulationColumn,
  rows: readonly Row[],
  place: number,
): readonly Finding[] {
  if (hierarchy === undefined) return [];
  const first = new Map<string, number>();
  for (const { line, cells } of rows) {
    const value = cells[place] ?? '';
    if (value !== '' && !first.has(value) && !hierarchy.has(value)) first.set(value, line);
  }
  return Array.from(first, ([value, line]) => {
    const problem = `${quote(value)} of \`${name}\` is no value of its hierarchy, ${hierarchy.file}`;
    return report(file, line, problem, 'Add it there, or correct it here.');
  });
}

function report(file: string, line: number, problem: string, remedy: string): Finding {
  return { severity: 'error', file, line, column: 1, path: '', problem, remedy };
}
