export type CsvValue = string | number | undefined;

/**
 * One line of CSV (RFC 4180). Texts are for reading in a spreadsheet, and so harmless there: nothing in them begins a
 * formula, whatever the separator of the reader's country, and characters that could hide or reorder others are shown by
 * their code. The exact texts are in the JSON lines.
 */
export function formatCsvLine(values: readonly CsvValue[]): string {
  return `${values.map(formatCell).join(',')}\r\n`;
}

function formatCell(value: CsvValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (HARMLESS.test(value)) return value;
  const text = value.replace(UNSEEN, showCode).replace(FORMULA, "$1'");
  return /[",;|']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Most cells: they need no closer look. */
const HARMLESS = /^[A-Za-z0-9][\w./: -]*$/;

/** Control, bidirectional, line and paragraph characters, and halves of surrogate pairs. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Where a cell begins, or would with another separator, before what a spreadsheet takes for a formula. */
const FORMULA = /(^|[;,|])(?=[\s"']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/gu;

function showCode(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
