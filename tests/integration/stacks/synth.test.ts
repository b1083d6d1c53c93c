import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../../../cdk.json';

const ROOT = join(__dirname, '../../..');
let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'synth-'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** Nobody's credentials, no account, no proxy to the world: what a fresh machine has. */
const env = {
  PATH: process.env.PATH,
  CI: 'true',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
};

test('`cdk synth` works without an account and without the network, and has nothing to object to', () => {
  const cdk = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  const run = spawnSync(process.execPath, [cdk, 'synth', '--quiet', '--output', scratch], {
    cwd: ROOT,
    env: { ...env, HOME: scratch },
    encoding: 'utf8',
  });
  const { status, stdout, stderr } = run;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // What the CLI says of any app with more than one stack.
  expect(stdout).toMatch(/^Successfully synthesized to .*\nSupply a stack id \(.*\) to display its template\.\n$/);
  expect(existsSync(join(scratch, 'BarterRoomLake.template.json'))).toBe(true);
});

test('an unbound clause stops it, with file, line, column and no stack trace', () => {
  mkdirSync(join(scratch, 'agreements'));
  const text = readFileSync(join(ROOT, 'examples/telco-retail/agreement.yaml'), 'utf8');
  const wrong = text.replace('control: privacy.k\n', 'control: privacy.goodwill\n');
  const line = wrong.slice(0, wrong.indexOf('privacy.goodwill')).split('\n').length;
  writeFileSync(join(scratch, 'agreements/swap.yaml'), wrong);
  writeFileSync(join(scratch, 'room.yaml'), 'agreements: agreements\n');
  const tsx = join(ROOT, 'node_modules/tsx/dist/loader.mjs');
  const run = spawnSync(process.execPath, ['--import', tsx, join(ROOT, 'bin/app.ts')], {
    cwd: scratch,
    env: { ...env, CDK_CONTEXT_JSON: JSON.stringify(cdkJson.context), CDK_OUTDIR: join(scratch, 'cdk.out') },
    encoding: 'utf8',
  });
  expect(run.status).toBe(2);
  expect(run.stderr).toMatch(new RegExp(`^agreements/swap\\.yaml:${line}:\\d+ error: .*privacy\\.goodwill`, 'm'));
  expect(run.stderr).not.toMatch(/^\s+at |node:internal/m);
  expect(existsSync(join(scratch, 'cdk.out'))).toBe(false);
});
