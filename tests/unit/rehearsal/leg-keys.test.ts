import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveLegKeys, readMasterKey, UnusableKeyFile } from '../../../lib/rehearsal/leg-keys';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

const [usage] = TELCO_RETAIL_PLAN.datasets;
const [leg] = TELCO_RETAIL_PLAN.legs;

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
    expect(readdirSync(join(folder, 'swap'))).toEqual(['.gitignore', 'telco.key']);
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

  it('is refused with the reason when it cannot be made', () => {
    writeFileSync(join(folder, 'swap'), 'a file where the folder should be');
    expect(() => readMasterKey(folder, 'swap', 'telco')).toThrow(/can be neither read nor made \(\w+\).*--keys/);
  });
});

describe('leg keys', () => {
  const master = new Uint8Array(32).fill(7);
  const derive = (agreement: string, to: string, dataset = 'usage', version = 1) =>
    deriveLegKeys(master, agreement, { ...leg!, to }, { ...usage!, id: dataset, version });
  const tokenHex = (...args: Parameters<typeof derive>) => Buffer.from(derive(...args).token).toString('hex');

  it('never repeat for another agreement, receiver, dataset, version or use', () => {
    const tokens = [
      tokenHex('a', 'retail'),
      tokenHex('b', 'retail'),
      tokenHex('a', 'bank'),
      tokenHex('a', 'retail', 'calls'),
      tokenHex('a', 'retail', 'usage', 2),
      Buffer.from(derive('a', 'retail').dateShift).toString('hex'),
    ];
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('cannot be confused by names that run into each other', () => {
    expect(tokenHex('a', 'b-c', 'd')).not.toBe(tokenHex('a', 'b', 'c-d'));
  });

  it('are the same on every machine', () => {
    expect(tokenHex('a', 'retail')).toBe(PINNED);
  });
});

/** HKDF-SHA256 of 32 bytes 0x07, salt `barter-room/leg-keys/1`, info `["token","a","retail","usage",1]`: a change breaks every link between rounds. */
const PINNED = '866baf5121e0e10fdbcea29d766e560e57fbdfc9c3852bed167afadf046184da';
