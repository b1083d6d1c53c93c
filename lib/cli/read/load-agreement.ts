import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../audit/node-crypto';
import { type AgreementReading, parseAgreement } from '../../domain/agreement/parse-agreement';
import { readTextFile, resolveInside, UnreadableFile } from './read-text-file';

/** Reads an agreement and the hierarchy files beside it. Nothing outside the agreement's own folder is read. */
export function loadAgreement(file: string): AgreementReading {
  try {
    const text = readTextFile(file, file);
    const folder = dirname(realpathSync(file));
    const readText = (relativePath: string): string | undefined => {
      const path = join(folder, relativePath);
      const shown = join(dirname(file), relativePath);
      return existsSync(path) ? readTextFile(resolveInside(folder, path, shown), shown) : undefined;
    };
    return parseAgreement({ text, file, readText, sha256 });
  } catch (error) {
    if (error instanceof UnreadableFile) return { kind: 'invalid', findings: [error.finding] };
    throw error;
  }
}
