import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readParquet } from './read-parquet';
import { makeSmallSwap, REHEARSE, runBarter } from './small-swap';

/* A subject's way out of a barter: found in what was released, left out of what comes, tracked until all have confirmed. */

const BARTER = join(__dirname, '../../../bin/barter.js');
const RELEASE = 'out/south/inbox/customers/release.parquet';
let folder: string;
beforeAll(() => {
  folder = makeSmallSwap();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function erase(identifier: string, ...args: readonly string[]) {
  return spawnSync('node', [BARTER, 'erase', 'agreement.yaml', ...args], {
    cwd: folder,
    encoding: 'utf8',
    input: identifier,
  });
}

const tokensOf = async () => new Set((await readParquet(join(folder, RELEASE))).map((row) => row.id));

test('a subject is found by its token, erased from the next round, and confirmed', async () => {
  expect(runBarter(folder, ...REHEARSE).status).toBe(0);
  for (const by of ['north', 'south']) expect(runBarter(folder, 'sign', 'agreement.yaml', '--by', by).status).toBe(0);
  const before = await tokensOf();

  const erased = erase('c7\n', '--dataset', 'customers', '--rounds', 'out');
  expect(erased.stderr).toBe('');
  const [, token = ''] = /token ([0-9a-f]{32})/.exec(erased.stdout) ?? [];
  expect(before.has(token)).toBe(true);
  expect(erased.stdout).toContain(`1 rows in ${RELEASE}`);
  expect(erased.stdout).toContain('Tell south too: the person is in a round that is not to be confirmed on record.');
  const [, id = ''] = /(erasure-customers-[0-9a-f]{16}) is on record/.exec(erased.stdout) ?? [];

  expect(runBarter(folder, ...REHEARSE).status).toBe(0);
  const after = await tokensOf();
  expect(after.has(token)).toBe(false);
  const lost = [...before].filter((each) => !after.has(each));
  expect(lost).toContain(token);
  const certificate = readFileSync(join(folder, 'out/south/inbox/customers/certificate.json'), 'utf8');
  expect(JSON.parse(certificate).rows.rejectedBy).toContainEqual({
    reason: 'the subject is erased on request',
    // What is told of somebody who is not in the release is a multiple of k.
    rows: 5,
  });
  expect(readFileSync(join(folder, 'out/north/quarantine/customers.csv'), 'utf8')).not.toMatch(/(^|,)c7,/m);

  // The round on record is looked at: who is not in it need not be erased from it, and who is has to be.
  const absent = erase('nobody\n', '--dataset', 'customers').stdout;
  expect(absent).toMatch(/south .*: no release holds the person[\s\S]*: nothing to confirm/);
  expect(absent).toMatch(/nobody has to be told\.\n$/);
  expect(absent).not.toContain('--confirm');
  const present = erase('c8\n', '--dataset', 'customers').stdout;
  expect(present).toMatch(/south .*: 1 release that may hold the person[\s\S]*: to confirm by .*: rounds /);
  // South is told what it can confirm by: the name that it knows the erasure by, and no other.
  const [, told] = /(erasure-customers-\w+) of customers/.exec(present) ?? [];
  const [, own] = /(erasure-customers-\w+) is on record/.exec(present) ?? [];
  expect(told).not.toBe(own);
  expect(present).toMatch(new RegExp(`Tell south, which has until [-0-9]{10}: .* --confirm ${told} --by south\n$`));

  expect(runBarter(folder, 'status', 'agreement.yaml').stdout).toMatch(
    new RegExp(`erasure ${told}: south has not confirmed, and has to by [-0-9]{10}$`, 'm'),
  );

  expect(erase('c7\n', '--dataset', 'customers').stdout).toContain('was on record already');
  expect(erase('', '--confirm', id, '--by', 'north').stderr).toContain('north received nothing of customers');
  expect(erase('', '--confirm', id, '--by', 'south').stdout).toContain('south has nothing to erase');
  const [asked = ''] = /erasure-customers-\w+(?= of customers.*: to confirm)/.exec(erase('', '--list').stdout) ?? [];
  expect(erase('', '--confirm', asked, '--by', 'south').stdout).toContain('south has erased it. So has everybody.');
});

test('rows of erased subjects are in no quarantine, and nobody is sent to look there for them', () => {
  const lines = readFileSync(join(folder, 'customers.csv'), 'utf8').split('\n');
  writeFileSync(join(folder, 'customers.csv'), [...new Set(lines)].join('\n'));
  const { stdout } = runBarter(folder, ...REHEARSE, '--trial');
  expect(stdout).toContain('200 rows received, 2 rejected');
  expect(existsSync(join(folder, 'out/north/quarantine'))).toBe(false);
  expect(stdout).not.toContain('quarantine');
});

test('a subject whose identifier has a line break is named by a quoted one', () => {
  const file = join(folder, 'customers.csv');
  const lines = readFileSync(file, 'utf8').trimEnd();
  writeFileSync(file, `${lines}\n"line\nbreak",Name,30,Aston,2024-03-01,true\n`);
  expect(runBarter(folder, ...REHEARSE, '--trial').stdout).toContain('201 rows received, 2 rejected');
  expect(erase('"line\\nbreak"\n', '--dataset', 'customers').stdout).toContain('is on record');
  expect(runBarter(folder, ...REHEARSE, '--trial').stdout).toContain('201 rows received, 3 rejected');
});

test('the identifier is nowhere on record', () => {
  const files = readdirSync(join(folder, '.barter/registry'), { recursive: true, encoding: 'utf8' });
  const texts = files
    .map((file) => join(folder, '.barter/registry', file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'));
  expect(texts.some((text) => text.includes('erasure-customers-'))).toBe(true);
  expect(texts.filter((text) => /"c7"|\bc7\b/.test(text))).toEqual([]);
});

test.each<[string, string, readonly string[], string]>([
  ['no identifier', '', ['--dataset', 'customers'], 'on standard input: one line'],
  ['two identifiers', 'c1\nc2\n', ['--dataset', 'customers'], 'written as a JSON string, "line\\nbreak"'],
  ['no dataset', 'c1', [], 'Name one with --dataset: customers, orders'],
  ['a dataset that is none', 'c1', ['--dataset', 'nothing'], 'gives no dataset "nothing"'],
  ['keys that are not there', 'c1', ['--dataset', 'customers', '--keys', 'none'], 'There is no key of north in none'],
  ['a round that is not there', 'c1', ['--dataset', 'customers', '--rounds', 'none'], 'release.parquet is not there'],
  ['an erasure that is none', '', ['--confirm', 'erasure-x', '--by', 'south'], 'There is no erasure-x on record'],
  ['nobody who confirms', '', ['--confirm', 'erasure-x'], 'with --by'],
  ['a person, and a list', 'c1', ['--list', '--dataset', 'customers'], '--list and --dataset ask for two things'],
  ['a list, and what is confirmed', '', ['--list', '--confirm', 'x', '--by', 'south'], 'ask for two things'],
  ['a list of one party', '', ['--list', '--by', 'south'], '--by goes with --confirm, not with --list'],
  ['a list by rounds', '', ['--list', '--rounds', 'out'], '--rounds goes with --dataset, not with --list'],
  ['a person, and who confirms', 'c1', ['--dataset', 'customers', '--by', 'south'], '--by goes with --confirm'],
  ['who confirms, and nothing', '', ['--by', 'south'], '--by goes with --confirm.'],
])('bad input: %s', (_, identifier, args, problem) => {
  const { status, stderr } = erase(identifier, ...args);
  expect(stderr).toContain(problem);
  expect(status).toBe(2);
});
