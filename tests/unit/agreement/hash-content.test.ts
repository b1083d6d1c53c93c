import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgreementReading } from '../../../lib/domain/agreement/parse-agreement';
import { parseAgreement } from '../../../lib/domain/agreement/parse-agreement';
import { sha256 } from '../audit/sha256';
import { readCase } from './agreement-cases';

const TEXT = readCase('valid', 'telco-retail.yaml');
const HIERARCHY = readFileSync(join(__dirname, '../../cases/agreement/valid/segment.csv'), 'utf8');

function contentOf(text: string, hierarchy = HIERARCHY): string {
  const reading: AgreementReading = parseAgreement({ text, file: 'a.yaml', readText: () => hierarchy, sha256 });
  if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading.findings));
  return reading.agreement.content;
}

test('layout, comments and the order of keys do not count', () => {
  const moved = TEXT.replace(/^version: 1\n/m, '').concat('\n# a remark\nversion: 1\n');
  expect(contentOf(moved)).toBe(contentOf(TEXT));
});

test.each([
  ['a value', () => contentOf(TEXT.replace(/retain: P180D/, 'retain: P181D'))],
  ['a clause’s text', () => contentOf(TEXT.replace(/text: "?No group/, (found) => found.replace('No', 'Any')))],
  ['a row of a hierarchy file', () => contentOf(TEXT, HIERARCHY.replace(/\n$/, '\nzz;private;*\n'))],
])('%s does', (_, change) => {
  expect(change()).not.toBe(contentOf(TEXT));
});

test('it is the SHA-256 of canonical JSON, so that another program finds the same', () => {
  expect(contentOf(TEXT)).toMatch(/^[0-9a-f]{64}$/);
});
