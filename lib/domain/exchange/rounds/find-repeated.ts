import { encodeText, formatHex, type Sha256 } from '../../bytes';
import type { ReleaseRecord } from '../../registry/round-records';

/** One hash for the files of a delivery, whatever they are called and in whatever order they came. */
export function hashInput(files: readonly { readonly sha256: string }[], sha256: Sha256): string {
  const lines = files.map((file) => `${file.sha256}\n`).sort();
  return formatHex(sha256(encodeText(lines.join(''))));
}

/**
 * The release that was made of the same files for another round, or holds the very same rows; undefined where there is none.
 * What was given once is no delivery for a round to come: whoever hands January in each month, with an empty line more or
 * without, gives nothing, and would be paid in full. What never went out may be handed in again.
 * @param releases of the same leg
 */
export function findRepeated(
  releases: readonly ReleaseRecord[],
  round: string,
  made: Pick<ReleaseRecord, 'input' | 'sha256'>,
): ReleaseRecord | undefined {
  return releases.find(
    (each) =>
      (each.input === made.input || each.sha256 === made.sha256) && each.round !== round && each.state !== 'revoked',
  );
}
