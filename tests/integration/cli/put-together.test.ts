import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '../../..');

/** A checkout with a command that only says something, and the libraries that put it together and run it. */
function makeCheckout(says: string): string {
  const root = mkdtempSync(join(tmpdir(), 'barter-checkout-'));
  for (const folder of ['bin', 'lib/audit/threads', 'node_modules']) mkdirSync(join(root, folder), { recursive: true });
  for (const name of ['esbuild', 'tsx'])
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(root, 'node_modules', name));
  for (const name of ['cdk.json', 'package.json', 'package-lock.json']) writeFileSync(join(root, name), '{}');
  cpSync(join(REPOSITORY, 'bin/barter.js'), join(root, 'bin/barter.js'));
  writeFileSync(join(root, 'bin/barter.ts'), "import { WORDS } from '../lib/words';\n\nconsole.log(WORDS);\n");
  for (const thread of ['scan-worker', 'table-worker'])
    writeFileSync(join(root, `lib/audit/threads/${thread}.ts`), 'export {};\n');
  say(root, says);
  return root;
}

function say(root: string, says: string): void {
  writeFileSync(join(root, 'lib/words.ts'), `export const WORDS: string = '${says}';\n`);
}

function run(root: string) {
  const { stdout, status } = spawnSync(process.execPath, [join(root, 'bin/barter.js')], { encoding: 'utf8' });
  return { said: stdout.trim(), status };
}

test('a changed source is put together anew at the next call; what was used of late stays, and nothing older', () => {
  const root = makeCheckout('one');
  const cache = join(root, 'node_modules/.cache/barter');
  try {
    expect(run(root)).toEqual({ said: 'one', status: 0 });
    expect(readdirSync(cache)).toHaveLength(1);
    expect(run(root)).toEqual({ said: 'one', status: 0 });
    expect(readdirSync(cache)).toHaveLength(1);
    symlinkSync('nowhere', join(root, 'lib/.#words.ts'));
    say(root, 'two');
    expect(run(root)).toEqual({ said: 'two', status: 0 });
    expect(readdirSync(cache)).toHaveLength(2);
    const longAgo = new Date('2026-01-01');
    for (const name of readdirSync(cache)) utimesSync(join(cache, name), longAgo, longAgo);
    say(root, 'three');
    expect(run(root)).toEqual({ said: 'three', status: 0 });
    expect(readdirSync(cache)).toHaveLength(1);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('where nothing can be kept, or a source is wrong, the sources run as they are', () => {
  const root = makeCheckout('here');
  try {
    writeFileSync(join(root, 'node_modules/.cache'), 'a file where a folder should be');
    expect(run(root)).toEqual({ said: 'here', status: 0 });
    rmSync(join(root, 'node_modules/.cache'));
    writeFileSync(join(root, 'lib/words.ts'), 'export const WORDS = ;\n');
    expect(run(root)).toMatchObject({ said: '', status: 1 });
    expect(existsSync(join(root, 'node_modules/.cache/barter'))).toBe(true);
    expect(readdirSync(join(root, 'node_modules/.cache/barter'))).toEqual([]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
