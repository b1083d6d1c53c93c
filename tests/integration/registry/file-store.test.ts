import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileStore, UnusableRegistry } from '../../../lib/registry/file-store';
import { testRecordStore } from '../../fixtures/record-store-contract';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-registry-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KEY = { pk: 'agreement#swap', sk: 'current' };
const HOME = 'agreement%23swap';

testRecordStore(() => openFileStore(folder));

test('earlier revisions stay, and nobody else can read any', async () => {
  const store = openFileStore(folder);
  await store.create(KEY, { state: 'draft' });
  await store.replace(KEY, 1, { state: 'signed' });
  const files = readdirSync(join(folder, HOME));
  expect(files).toEqual(['current.1.json', 'current.2.json']);
  for (const file of files) expect(statSync(join(folder, HOME, file)).mode & 0o077).toBe(0);
});

test('what a crash left half written is no record', async () => {
  const store = openFileStore(folder);
  await store.create(KEY, { state: 'draft' });
  writeFileSync(join(folder, HOME, '.0123456789abcdef.draft'), '{"state":"act');
  expect((await store.list(KEY.pk, '')).map(({ sk }) => sk)).toEqual(['current']);
});

test('a record that somebody damaged is told from one that is not there', async () => {
  const store = openFileStore(folder);
  await store.create(KEY, { state: 'draft' });
  writeFileSync(join(folder, HOME, 'current.2.json'), 'not json');
  expect(await store.read(KEY)).toEqual({ sk: 'current', revision: 2, record: undefined });
});

test('a folder that cannot be used says which, and what to do', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(openFileStore(file).create(KEY, {})).rejects.toThrow(UnusableRegistry);
  await expect(openFileStore(file).read(KEY)).rejects.toThrow(
    `The registry ${file} can be neither read nor written (ENOTDIR)`,
  );
  chmodSync(file, 0o600);
});
