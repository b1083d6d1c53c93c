import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync, stop } from 'esbuild';
import { ROOT_FOLDER } from '../../root-folder';

const LAMBDA = join(ROOT_FOLDER, 'lambda');
let bundled: string | undefined;

/** A folder under `lambda/` is a function each, but for the one that holds what several of them do with AWS. */
export function listHandlers(): string[] {
  return readdirSync(LAMBDA).filter((name) => name !== 'shared');
}

/** The source of a handler: what stands for its code where nothing is deployed. */
export function handlerSource(handler: string): string {
  return join(LAMBDA, handler);
}

/**
 * The folder with `index.js` of a handler, `lambda/<handler>/handler.ts` and all that it imports in one file. The first
 * call bundles all handlers at once: a call of esbuild for each would take a third of a second each.
 */
export function bundleHandler(handler: string): string {
  bundled ??= bundleHandlers();
  return join(bundled, handler);
}

function bundleHandlers(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'barter-handlers-'));
  process.on('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const handlers = listHandlers();
  buildSync({
    absWorkingDir: ROOT_FOLDER,
    entryPoints: handlers.map((name) => ({ in: `lambda/${name}/handler.ts`, out: `${name}/index` })),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: OTHER_CREDENTIALS,
    // Functions and classes go by short names as well, a sixteenth of each bundle: errors say theirs. What is lost is the AWS SDK's
    // warnings of sockets that wait, since it knows by name that it was given no logger.
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  // Its process would wait for more to do, and hold up whoever asked for this and wants to end.
  stop();
  for (const name of handlers) addPolicyEngine(join(outdir, name));
  return outdir;
}

/**
 * A function's credentials stand in its environment, where the SDK looks first. What it would ask for others is loaded only then,
 * and Lambda's own copy of the SDK has it.
 */
const OTHER_CREDENTIALS = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** The engine of policies reads its WebAssembly from beside itself, where no bundler looks for it. */
function addPolicyEngine(folder: string): void {
  if (!readFileSync(join(folder, 'index.js'), 'utf8').includes(POLICY_ENGINE)) return;
  const library = dirname(require.resolve('@cedar-policy/cedar-wasm/nodejs'));
  copyFileSync(join(library, POLICY_ENGINE), join(folder, POLICY_ENGINE));
}

const POLICY_ENGINE = 'cedar_wasm_bg.wasm';
