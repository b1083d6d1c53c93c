import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMasterKey, UnusableKeyFile } from '../../../lib/rehearsal/master-key';

describe('a master key', () => {
  let folder: string;
  const file = () => join(folder, 'swap', 'telco.key');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'barter-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made on first use, private, and the same ever after', () => {
    const first = readMasterKey(folder, 'swap', 'telco');
    expect(first).toHaveLength(32);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'swap'))).toEqual(['.gitignore', 'telco.key', 'telco.key.id']);
    expect(readMasterKey(folder, 'swap', 'telco')).toEqual(first);
  });

  it('differs from giver to giver and from agreement to agreement', () => {
    const keys = [
      readMasterKey(folder, 'swap', 'telco'),
      readMasterKey(folder, 'swap', 'retail'),
      readMasterKey(folder, 'other', 'telco'),
    ];
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3);
  });

  it.each([
    ['truncated', () => writeFileSync(file(), readFileSync(file(), 'utf8').slice(0, 40)), 'damaged'],
    ['empty', () => writeFileSync(file(), ''), 'damaged'],
    ['something else', () => writeFileSync(file(), 'hello\n'), 'damaged'],
    ['gone', () => rmSync(file()), 'is gone'],
    [
      'another one',
      () =>
        writeFileSync(
          file(),
          readFileSync(file(), 'utf8').replace(/[0-9a-f](?=\n)/, (digit) => (digit === '0' ? '1' : '0')),
        ),
      'another key',
    ],
    ['longer than a key', () => writeFileSync(file(), readFileSync(file(), 'utf8').trim().concat('00\n')), 'damaged'],
    ['all zeros', () => writeFileSync(file(), `barter-room-key-1:${'0'.repeat(64)}\n`), 'again and again'],
    ['all of another digit', () => writeFileSync(file(), `barter-room-key-1:${'f'.repeat(64)}\n`), 'again and again'],
    ['in a folder that its group can write to', () => chmodSync(join(folder, 'swap'), 0o770), 'chmod go-w'],
    ['below a folder that others can write to', () => chmodSync(folder, 0o702), 'chmod go-w'],
    ['readable by others', () => chmodSync(file(), 0o644), 'chmod 600'],
    ['readable by the group', () => chmodSync(file(), 0o640), 'chmod 600'],
  ])('is refused when %s, without being shown', (_, spoil, told) => {
    const key = Buffer.from(readMasterKey(folder, 'swap', 'telco')).toString('hex');
    spoil();
    const read = () => readMasterKey(folder, 'swap', 'telco');
    expect(read).toThrow(UnusableKeyFile);
    expect(read).toThrow(told);
    expect(read).not.toThrow(key.slice(0, 16));
  });

  it('is not made where others can write, unless only owners can take files away there', () => {
    chmodSync(folder, 0o777);
    expect(() => readMasterKey(folder, 'swap', 'telco')).toThrow(`chmod go-w ${folder}`);
    expect(readdirSync(folder)).toEqual([]);
    chmodSync(folder, 0o1777);
    expect(readMasterKey(folder, 'swap', 'telco')).toHaveLength(32);
  });

  it('is made anew only when what tells of the first is deleted too', () => {
    const first = readMasterKey(folder, 'swap', 'telco');
    rmSync(file());
    expect(() => readMasterKey(folder, 'swap', 'telco')).toThrow(`${file()}.id`);
    rmSync(`${file()}.id`);
    expect(readMasterKey(folder, 'swap', 'telco')).not.toEqual(first);
  });

  it('tells nothing of itself in what stands beside it', () => {
    const key = Buffer.from(readMasterKey(folder, 'swap', 'telco')).toString('hex');
    const id = readFileSync(`${file()}.id`, 'utf8').trim();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(key).not.toContain(id.slice(0, 8));
    expect(statSync(`${file()}.id`).mode & 0o777).toBe(0o600);
  });

  it('that was made before is known from now on', () => {
    const first = readMasterKey(folder, 'swap', 'telco');
    rmSync(`${file()}.id`);
    expect(readMasterKey(folder, 'swap', 'telco')).toEqual(first);
    rmSync(file());
    expect(() => readMasterKey(folder, 'swap', 'telco')).toThrow('is gone');
  });

  it('is refused with the reason when it cannot be made', () => {
    writeFileSync(join(folder, 'swap'), 'a file where the folder should be');
    expect(() => readMasterKey(folder, 'swap', 'telco')).toThrow(/can be neither read nor made \(\w+\).*--keys/);
  });
});
