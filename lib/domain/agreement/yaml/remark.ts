/** Keys and list positions from the top of the document. */
export type DocumentPath = readonly (string | number)[];

/** A finding that still has to be given its line and column. */
export interface Remark {
  readonly severity: 'error' | 'warning';
  /** What it is about. Where that does not exist, the nearest thing around it is shown. */
  readonly path: DocumentPath;
  /** Show the key even where it has a plain value. */
  readonly at?: 'key';
  /** Characters into the text at `path`. */
  readonly offset?: number;
  readonly problem: string;
  readonly remedy: string;
  /** Places besides its own that it looks at: what is wrong there may be all that is. */
  readonly looksAt?: readonly DocumentPath[];
}

/** `datasets.usage.columns."first name".check[1]` */
export function formatPath(path: DocumentPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = /^[\p{L}\p{N}_-]+$/u.test(part) ? part : JSON.stringify(part);
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

export function errorAt(path: DocumentPath, problem: string, remedy: string): Remark {
  return { severity: 'error', path, problem, remedy };
}

export function warningAt(path: DocumentPath, problem: string, remedy: string): Remark {
  return { severity: 'warning', path, problem, remedy };
}
