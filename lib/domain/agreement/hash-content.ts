import canonicalize from 'canonicalize';
import { encodeText, formatHex, type Sha256 } from '../bytes';
import type { PopulationRow } from '../privacy/histogram/population';

/**
 * What the parties of an agreement sign: SHA-256, hexadecimal, of the canonical JSON (RFC 8785) of what its file says and of
 * the rows of every file it names. Order of keys, comments and layout do not count; every value does, as it is
 * written, so that no later version of the room reads another meaning into what was signed.
 * @param hierarchies by file name
 * @param populations by file name; they enter only where there are any
 */
export function hashContent(
  written: unknown,
  hierarchies: ReadonlyMap<string, readonly (readonly string[])[]>,
  populations: ReadonlyMap<string, readonly PopulationRow[]>,
  sha256: Sha256,
): string {
  const content = {
    contentVersion: 1,
    agreement: written,
    hierarchies: listFiles(hierarchies),
    ...(populations.size > 0 && { populations: listFiles(populations) }),
  };
  return formatHex(sha256(encodeText(canonicalize(content) ?? '')));
}

function listFiles<Row>(files: ReadonlyMap<string, readonly Row[]>) {
  return [...files].map(([file, rows]) => ({ file, rows })).sort((a, b) => (a.file < b.file ? -1 : 1));
}
