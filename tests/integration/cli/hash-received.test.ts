import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hashReceived } from '../../../lib/cli/read/hash-received';

const hex = (text: string) => createHash('sha256').update(text).digest('hex');
const here = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-received-'));
});
afterEach(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true, force: true });
});

function receive(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

test.each([
  ['lies alone', { 'part-0.parquet': 'a' }],
  ['lies beside its certificate', { 'part-0.parquet': 'a', 'certificate.json': '{}' }],
  ['lies below folders of an export', { 'set/revision/part-0.parquet': 'a', 'set/revision/certificate.json': '{}' }],
])('a file that %s has its own hash', async (_, files) => {
  receive(files);
  expect(await hashReceived(folder)).toEqual({ sha256: hex('a'), files: 1 });
});

test('it is the same from within the folder', async () => {
  receive({ 'part-0.parquet': 'a', 'certificate.json': '{}' });
  process.chdir(folder);
  expect(await hashReceived('.')).toEqual({ sha256: hex('a'), files: 1 });
  expect(await hashReceived('part-0.parquet')).toEqual({ sha256: hex('a'), files: 1 });
});

test('several have that of what sha256sum says of them, wherever they lie', async () => {
  receive({ 'set/part-1.parquet': 'b', 'set/part-0.parquet': 'a', 'set/certificate.json': '{}' });
  const lines = `${hex('a')}  part-0.parquet\n${hex('b')}  part-1.parquet\n`;
  expect(await hashReceived(folder)).toEqual({ sha256: hex(lines), files: 2 });
});

test.each([
  ['a folder with nothing of a release', { 'certificate.json': '{}' }, '.', 'there is no file of a release'],
  ['a place that is not there', {}, 'none', 'cannot be read (ENOENT)'],
])('%s is refused', async (_, files, path, told) => {
  receive(files);
  await expect(hashReceived(join(folder, path))).rejects.toThrow(told);
});
