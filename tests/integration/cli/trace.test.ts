import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSmallSwap, REHEARSE, runBarter } from './small-swap';

const folder = makeSmallSwap();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const trace = (...args: readonly string[]) => runBarter(folder, 'trace', ...args);
const TERMS = ['--agreement', 'agreement.yaml', '--data', 'customers=customers.csv'];
const RELEASE = 'out/south/inbox/customers/release.parquet';

describe('barter trace', () => {
  it('says that there is no key rather than making one', () => {
    const { status, stderr } = trace('customers.csv', ...TERMS);
    expect(status).toBe(2);
    expect(stderr).toContain('no key file');
  });

  it('names the receiver of a release, with the bound, and prints no value', () => {
    expect(runBarter(folder, ...REHEARSE).status).toBe(0);
    const { status, stdout } = trace(RELEASE, ...TERMS);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^From the release to south\./);
    expect(stdout).toMatch(/probability of at most \d\.\de-\d+/);
    expect(stdout).not.toMatch(/[0-9a-f]{32}/);
    const { from } = JSON.parse(trace(RELEASE, ...TERMS, '--json').stdout);
    expect(from).toEqual(['south']);
  });

  it('names nobody of a file that no receiver has', () => {
    const { status, stdout } = trace('customers.csv', ...TERMS);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^No receiver is named/);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['an extract that is not there', ['nowhere.csv', ...TERMS], /no file or folder nowhere/],
    ['no agreement', ['customers.csv', '--data', 'customers=customers.csv'], /required option.*--agreement/],
    [
      'a dataset that is not given',
      ['customers.csv', ...TERMS.slice(0, 3), 'x=customers.csv'],
      /give no dataset x\n.*datasets: customers, orders\./,
    ],
    ['a delivery without a path', ['customers.csv', ...TERMS.slice(0, 3), 'customers'], /DATASET=PATH/],
    ['an extract of something else', ['other.csv', ...TERMS], /none of its columns/],
    ['an empty extract, by its own name', ['empty.csv', ...TERMS], /(?<!extract.*)empty\.csv: the file is empty/],
    ['a delivery that is damaged', ['customers.csv', ...TERMS.slice(0, 3), 'customers=empty.csv'], /empty/],
    ['a key that others can read', ['customers.csv', ...TERMS, '--keys', 'k'], /chmod 600|no key file/],
  ])('refuses %s with 2', (_, args, told) => {
    writeFileSync(join(folder, 'other.csv'), 'a,b\n1,2\n');
    writeFileSync(join(folder, 'empty.csv'), '');
    const before = readFileSync(join(folder, 'customers.csv'));
    const { status, stderr, stdout } = trace(...args);
    expect(stderr).toMatch(told);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(readFileSync(join(folder, 'customers.csv'))).toEqual(before);
  });
});
