import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(__dirname, '../..');

/** One of two processes takes longer to start than the other needs to ask what it has to know. */
test('a process that starts late is told what it has to know all the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'barter-runner-'));
  try {
    const late = join(folder, 'late.mjs');
    writeFileSync(
      late,
      "if (process.env.TINYPOOL_WORKER_ID === '2') await new Promise((done) => setTimeout(done, 3000));\n",
    );
    for (const name of ['one', 'other'])
      writeFileSync(join(folder, `${name}.test.cjs`), `test('${name}', () => expect(1).toBe(1));\n`);
    const config = {
      rootDir: folder,
      runner: join(ROOT, 'tests/unit-runner.mjs'),
      testMatch: ['<rootDir>/*.test.cjs'],
      transform: {},
    };
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/jest/bin/jest.js'), '--config', JSON.stringify(config), '--maxWorkers', '2'],
      {
        cwd: folder,
        env: { ...process.env, NODE_OPTIONS: `--import ${pathToFileURL(late).href}` },
        encoding: 'utf8',
        timeout: 60_000,
      },
    );
    expect(stderr).toContain('Tests:       2 passed, 2 total');
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
