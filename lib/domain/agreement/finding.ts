/** Something wrong, or doubtful, in a file that a person wrote. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Where in the document, e.g. `datasets.usage.columns.age`. */
  readonly path: string;
  readonly problem: string;
  /** What would be right. */
  readonly remedy: string;
}

/** `agreement.yaml:12:5 error: …` and, indented, what would be right. */
export function formatFinding(finding: Finding): string {
  const { file, line, column, severity, path, problem, remedy } = finding;
  const where = path === '' ? '' : ` (${path})`;
  return `${plain(file)}:${line}:${column} ${severity}: ${plain(problem + where)}\n    ${plain(remedy)}`;
}

/** Names come from files that others wrote: a line break or terminal escape in one must not pass for our own words. */
function plain(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (found) => `[U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
