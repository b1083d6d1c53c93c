import { CsvError, parse } from 'csv-parse/sync';
import type { Finding } from '../../agreement/yaml/finding';
import { findCycle } from './find-cycle';

type HierarchyReading =
  | { readonly kind: 'rows'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const MAX_CHARACTERS = 64 * 1024 * 1024;

/**
 * Reads a hierarchy file: no header, one row per value, the value first and then what it becomes at each level, between
 * `;`, `,`, `|` or tabs (told from the first line). Every finding points at a line of this file. Never throws.
 */
export function parseHierarchy(file: string, source: string): HierarchyReading {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const refuse = (line: number, problem: string, remedy: string, column = 1): HierarchyReading => ({
    kind: 'invalid',
    findings: [report(file, line, column, problem, remedy)],
  });
  if (text.length > MAX_CHARACTERS)
    return refuse(1, 'the hierarchy is larger than 64 MiB', 'Use a hierarchy of fewer values.');
  if (text.trim() === '') return refuse(1, 'the hierarchy is empty', 'Write one row per value: value;level 1;level 2.');

  const delimiter = detectDelimiter(text);
  if (delimiter === undefined)
    return refuse(1, 'the first line has one column', 'Write the value and at least one level, e.g. 1010;101*;10**.');
  const rows: Row[] = [];
  let end = 0;
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        // The parser tells the line on which a row ends; line breaks inside its cells are lines of it.
        rows.push({ line: lines - countBreaks(cells), cells });
        end = lines;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return refuse(
      end + 1,
      'a quote stands where none can stand, or is not closed',
      'Put the whole cell in double quotes, and write a quote inside it twice.',
    );
  }
  const findings = [...checkShape(file, rows), ...checkNesting(file, rows), ...checkCircles(file, rows)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
  return findings.length > 0 ? { kind: 'invalid', findings } : { kind: 'rows', rows: rows.map(({ cells }) => cells) };
}

/** Line breaks inside a row's cells. */
export function countBreaks(cells: readonly string[]): number {
  return cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0);
}

/** The one that the first row has most of, outside quotes. */
function detectDelimiter(text: string): string | undefined {
  const unquoted = text
    .trimStart()
    .slice(0, 100_000)
    .replaceAll(/"(?:[^"]|"")*"/g, '');
  const firstRow = unquoted.match(/^[^\r\n]*/)?.[0] ?? '';
  const counted = [';', ',', '\t', '|'].map((delimiter) => ({
    delimiter,
    count: firstRow.split(delimiter).length - 1,
  }));
  const best = counted.reduce((most, next) => (next.count > most.count ? next : most));
  return best.count === 0 ? undefined : best.delimiter;
}

function checkShape(file: string, rows: readonly Row[]): Finding[] {
  const findings: Finding[] = [];
  const width = rows[0]?.cells.length ?? 0;
  const seen = new Map<string, number>();
  for (const { line, cells } of rows) {
    if (cells.length !== width) {
      findings.push(
        report(
          file,
          line,
          1,
          `the row has ${cells.length} cells, the first row has ${width}`,
          'Give every row a cell for every level.',
        ),
      );
    }
    const blank = cells.indexOf('');
    if (blank !== -1)
      findings.push(
        report(file, line, 1, `cell ${blank + 1} of the row is empty`, 'Say what the value becomes at that level.'),
      );
    const value = cells[0] ?? '';
    const earlier = seen.get(value);
    if (earlier !== undefined)
      findings.push(
        report(file, line, 1, `the value ${quote(value)} stands on line ${earlier} already`, 'Keep one row per value.'),
      );
    else seen.set(value, line);
  }
  return findings;
}

/** A value of one level has the same value at the next level wherever it appears. The first column is checked as duplicates. */
function checkNesting(file: string, rows: readonly Row[]): Finding[] {
  const findings: Finding[] = [];
  const width = rows[0]?.cells.length ?? 0;
  for (let level = 1; level < width - 1; level += 1) {
    const parents = new Map<string, { readonly parent: string; readonly line: number }>();
    for (const { line, cells } of rows) {
      const value = cells[level];
      const parent = cells[level + 1];
      if (value === undefined || parent === undefined) continue;
      const known = parents.get(value);
      if (known === undefined) parents.set(value, { parent, line });
      else if (known.parent !== parent) {
        findings.push(
          report(
            file,
            line,
            1,
            `${quote(value)} of level ${level} becomes ${quote(parent)} here and ${quote(known.parent)} on line ${known.line}`,
            'Every level merges whole values of the level before: give the value one parent, or two different names.',
          ),
        );
      }
    }
  }
  return findings;
}

/** A name that becomes another must not become itself again by way of it: `a;b` and `b;a`. Staying the same is no circle. */
function checkCircles(file: string, rows: readonly Row[]): Finding[] {
  const parents = new Map<string, Set<string>>();
  const lines = new Map<string, number>();
  for (const { line, cells } of rows) {
    for (const [level, value] of cells.entries()) {
      const parent = cells[level + 1];
      if (parent === undefined || parent === value) continue;
      parents.set(value, (parents.get(value) ?? new Set()).add(parent));
      const step = JSON.stringify([value, parent]);
      if (!lines.has(step)) lines.set(step, line);
    }
  }
  const circle = findCycle(parents);
  if (circle === undefined) return [];
  return [
    report(
      file,
      circle.reduce((last, name, at) => {
        const step = JSON.stringify([name, circle[(at + 1) % circle.length]]);
        return Math.max(last, lines.get(step) ?? 1);
      }, 1),
      1,
      `the hierarchy goes in a circle: ${[...circle, circle[0]!].slice(0, 6).map(quote).join(' becomes ')}`,
      'Every level is more general than the level before: give one of these another name.',
    ),
  ];
}

function report(file: string, line: number, column: number, problem: string, remedy: string): Finding {
  return { severity: 'error', file, line: Math.max(line, 1), column, path: '', problem, remedy };
}

/** A value as findings show it. */
export const quote = (value: string) => `\`${value.length > 40 ? `${value.slice(0, 40)}…` : value}\``;
