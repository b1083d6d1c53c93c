import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgreementReading, parseAgreement } from '../../../lib/domain/agreement/parse-agreement';
import type { Agreement } from '../../../lib/domain/agreement/schema/agreement';
import { sha256 } from '../audit/sha256';

const CASES = join(__dirname, '../../cases/agreement');

export function listCases(kind: 'valid' | 'invalid'): string[] {
  return readdirSync(join(CASES, kind)).filter((name) => name.endsWith('.yaml'));
}

export function readCase(kind: 'valid' | 'invalid', name: string): string {
  return readFileSync(join(CASES, kind, name), 'utf8');
}

/** Reads text as an agreement that stands among the cases of `kind`, with their hierarchy files beside it. */
export function parseText(
  text: string,
  kind: 'valid' | 'invalid' = 'valid',
  file = 'agreement.yaml',
): AgreementReading {
  const readText = (path: string) => {
    const beside = join(CASES, kind, path);
    return existsSync(beside) ? readFileSync(beside, 'utf8') : undefined;
  };
  return parseAgreement({ text, file, readText, sha256 });
}

export function parseValidCase(name: string): Agreement {
  const reading = parseText(readCase('valid', name));
  if (reading.kind === 'invalid') throw new Error(`${name} is not valid: ${JSON.stringify(reading.findings)}`);
  return reading.agreement;
}
