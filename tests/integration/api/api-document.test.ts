import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_OPERATIONS } from '../../../lib/domain/enforcement/api/api-operations';
import { writeApiDocument } from '../../../lib/domain/enforcement/api/write-api-document';

const PYTHON = join(__dirname, '../../../.venv/bin/python');
const VALIDATE =
  'import json, sys; from openapi_spec_validator import OpenAPIV31SpecValidator as V; print([e.message for e in V(json.load(open(sys.argv[1]))).iter_errors()])';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-api-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function validate(document: object): string {
  const file = join(folder, 'api.json');
  writeFileSync(file, JSON.stringify(document));
  return execFileSync(PYTHON, ['-c', VALIDATE, file], { encoding: 'utf8' }).trim();
}

test('the document of the partner API is OpenAPI 3.1, by the validator of the OpenAPI community', () => {
  const document = writeApiDocument('1.0.0');
  expect(validate(document)).toBe('[]');
  expect(Object.keys(document.paths as object).sort()).toEqual(
    [...new Set(API_OPERATIONS.map(({ path }) => path))].sort(),
  );
});

test('the validator finds what is wrong', () => {
  const { info: _, ...headless } = writeApiDocument('1.0.0');
  expect(validate(headless)).not.toBe('[]');
});
