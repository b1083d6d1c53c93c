import canonicalize from 'canonicalize';
import { encodeText, formatHex, type Sha256 } from '../audit/bytes';

/**
 * What the parties of an agreement sign: SHA-256, hexadecimal, of the canonical JSON (RFC 8785) of what its file says and of
 * the rows of every hierarchy file it names. Order of keys, comments and layout do not count; every value does, as it is
 * written, so that no later version of the room reads another meaning into what was signed.
 * @param hierarchies by file name
 */
export function hashContent(
  written: unknown,
  hierarchies: ReadonlyMap<string, readonly (readonly string[])[]>,
  sha256: Sha256,
): string {
  const files = [...hierarchies].map(([file, rows]) => ({ file, rows })).sort((a, b) => (a.file < b.file ? -1 : 1));
  return formatHex(
    sha256(encodeText(canonicalize({ contentVersion: 1, agreement: written, hierarchies: files }) ?? '')),
  );
}
