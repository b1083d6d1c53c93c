import { plainText } from '../../plain-text';

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
  return `${plainText(file)}:${line}:${column} ${severity}: ${plainText(problem + where)}\n    ${plainText(remedy)}`;
}
