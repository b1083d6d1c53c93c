import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Files of tests, each of which has to fail the run. */
const FAULTY = {
  assertion: 'test("t", () => { expect(1).toBe(2); });',
  error: 'test("t", () => { throw new Error("of the test"); });',
  'no-error': 'test("t", () => Promise.reject("a text"));',
  unawaited: 'test("t", () => { void expect(Promise.resolve(1)).resolves.toBe(2); });',
  'later-error':
    'test("t", async () => { setTimeout(() => { throw new Error("later"); }); await new Promise(() => {}); });',
  hanging: 'test("t", () => new Promise(() => {}), 100);',
  'hanging-hook': 'beforeAll(() => new Promise(() => {}), 100); test("t", () => {});',
  'before-all': 'beforeAll(() => { throw new Error("before"); }); test("t", () => {});',
  'after-each': 'afterEach(() => { throw new Error("after"); }); test("t", () => {});',
  assertions: 'test("t", () => { expect.assertions(2); expect(1).toBe(1); });',
  unparsed: 'test("t", () => { const = 1; });',
  'missing-import': 'import { a } from "./nowhere"; test("t", () => { a(); });',
  describe: 'describe("d", () => { throw new Error("describing"); }); test("t", () => {});',
  empty: 'export const a = 1;',
  exit: 'test("t", () => { process.exit(0); });',
  killed: 'test("t", () => { process.kill(process.pid, "SIGKILL"); });',
  done: 'test("t", (done) => { setTimeout(done, 1); });',
  failing: 'test.failing("t", () => { expect(1).toBe(2); });',
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-bare-node-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('unit tests in Node.js itself fail where they would in Jest, and no others', () => {
  for (const [name, text] of Object.entries(FAULTY)) writeFileSync(join(folder, `${name}.test.ts`), text);
  for (const name of ['good', 'better'])
    writeFileSync(join(folder, `${name}.test.ts`), 'test("t", () => { expect(1).toBe(1); });');

  const { status, failed, passed } = runUnitTests();

  expect(failed).toEqual(Object.keys(FAULTY).sort());
  expect(passed).toEqual(['better', 'good']);
  expect(status).toBe(1);
});

function runUnitTests() {
  const root = process.cwd();
  const [unit] = jest.requireActual<{ projects: [{ runner: string; setupFiles: string[] }] }>(
    '../../jest.config',
  ).projects;
  const config = {
    rootDir: folder,
    runner: unit.runner,
    setupFiles: unit.setupFiles.map((file) => file.replace('<rootDir>', root)),
    testMatch: ['**/*.test.ts'],
    maxWorkers: 2,
  };
  const found = join(folder, 'found.json');
  const args = ['--config', JSON.stringify(config), '--json', '--outputFile', found];
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args]);
  const { testResults }: { testResults: { name: string; status: string }[] } = JSON.parse(readFileSync(found, 'utf8'));
  const name = (wanted: string) =>
    testResults
      .filter((file) => file.status === wanted)
      .map((file) => basename(file.name, '.test.ts'))
      .sort();
  return { status, failed: name('failed'), passed: name('passed') };
}
