import { encodeText, formatHex, type Sha256 } from '../../bytes';

/** Name of a release's certificate, beside its files. */
export const CERTIFICATE = 'certificate.json';

/**
 * One hash for all files of a release: of one file its own; of several that of the lines that `sha256sum` writes of them, in
 * the order of their names.
 */
export function hashFiles(
  files: readonly { readonly file: string; readonly sha256: string }[],
  sha256: Sha256,
): string {
  const [only, ...more] = files;
  if (only !== undefined && more.length === 0) return only.sha256;
  const lines = files
    .toSorted((left, right) => (left.file < right.file ? -1 : 1))
    .map((each) => `${each.sha256}  ${each.file}\n`);
  return formatHex(sha256(encodeText(lines.join(''))));
}
