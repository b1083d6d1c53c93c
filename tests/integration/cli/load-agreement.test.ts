import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAgreement } from '../../../lib/cli/read/load-agreement';

const EXAMPLE = join(__dirname, '../../../examples/telco-retail');
let folder: string;
let agreement: string;

beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'load-agreement-'));
  folder = join(root, 'agreements');
  agreement = join(folder, 'agreement.yaml');
  mkdirSync(folder);
  copyFileSync(join(EXAMPLE, 'agreement.yaml'), agreement);
  copyFileSync(join(EXAMPLE, 'segment.csv'), join(root, 'outside.csv'));
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const problemsOf = (file: string) => {
  const reading = loadAgreement(file);
  return reading.kind === 'invalid' ? reading.findings.map((finding) => [finding.file, finding.problem]) : [];
};

test('the hierarchy files beside an agreement are read', () => {
  copyFileSync(join(EXAMPLE, 'segment.csv'), join(folder, 'segment.csv'));
  const reading = loadAgreement(agreement);
  expect(reading.kind === 'valid' && reading.agreement.hierarchies.get('segment.csv')?.length).toBeGreaterThan(1);
});

test('one that is not there is told where it is named', () => {
  expect(problemsOf(agreement)).toEqual([[agreement, 'there is no file `segment.csv` beside the agreement']]);
});

test('a symbolic link out of the folder is not followed', () => {
  symlinkSync(join(folder, '../outside.csv'), join(folder, 'segment.csv'));
  expect(problemsOf(agreement)).toEqual([[join(folder, 'segment.csv'), 'this leads out of its folder']]);
});

test('a symbolic link inside the folder is', () => {
  copyFileSync(join(EXAMPLE, 'segment.csv'), join(folder, 'segments-2026.csv'));
  symlinkSync('segments-2026.csv', join(folder, 'segment.csv'));
  expect(loadAgreement(agreement).kind).toBe('valid');
});

test('a folder that is a symbolic link out is not followed either', () => {
  symlinkSync('..', join(folder, 'up'));
  writeFileSync(agreement, readFileSync(agreement, 'utf8').replace('segment.csv', 'up/outside.csv'));
  expect(problemsOf(agreement)).toEqual([[join(folder, 'up/outside.csv'), 'this leads out of its folder']]);
});

test.each([
  ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['Latin-1', () => Buffer.from('K\xf6ln;*\n', 'latin1')],
])('a hierarchy in %s is refused, not read as other names', (_, encode) => {
  writeFileSync(join(folder, 'segment.csv'), encode(readFileSync(join(EXAMPLE, 'segment.csv'), 'utf8')));
  expect(problemsOf(agreement)).toEqual([[join(folder, 'segment.csv'), 'this is no text in UTF-8']]);
});

test('a hierarchy that is a folder is refused', () => {
  mkdirSync(join(folder, 'segment.csv'));
  expect(problemsOf(agreement)).toEqual([[join(folder, 'segment.csv'), 'this is not a file']]);
});

test('a named pipe is refused, not waited for', () => {
  execFileSync('mkfifo', [join(folder, 'segment.csv')]);
  expect(problemsOf(agreement)).toEqual([[join(folder, 'segment.csv'), 'this is not a file']]);
});

test('an agreement that is not there, or no file, is a finding', () => {
  expect(problemsOf(join(folder, 'agrement.yaml'))).toEqual([[join(folder, 'agrement.yaml'), 'there is no such file']]);
  expect(problemsOf(join(agreement, 'x'))).toEqual([[join(agreement, 'x'), 'there is no such file']]);
  expect(problemsOf(folder)).toEqual([[folder, 'this is not a file']]);
});
