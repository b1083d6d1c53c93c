import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { EnvironmentName } from '../lib/domain/room/environment';
import { bundleHandler, listHandlers } from '../lib/stacks/shared/bundle-handlers';

const REPEATS = 5;

/** Imports a bundle in a process that has done nothing yet, and says how long that took. */
const PROBE = `
const start = process.hrtime.bigint();
const { handler } = require(process.argv[1]);
const took = Number(process.hrtime.bigint() - start) / 1e6;
if (typeof handler !== 'function') throw new Error('no handler');
console.log(took);
process.exit(0);
`;

/**
 * Size and cold start of every function as it is deployed: from the first line of its bundle until it could answer, the median
 * of five processes, each beside one that imports an empty module. What AWS adds (a place to run, the runtime) is not in it.
 */
export function benchFunctions(print: (line: string) => void = console.log): void {
  const widths = [26, 10, 10, 10, 10, 12];
  const line = (cells: readonly string[]) => print(cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join(''));
  line(['', 'code', 'wasm', 'import', 'slowest', 'to empty']);
  const folder = mkdtempSync(join(tmpdir(), 'barter-empty-'));
  try {
    const empty = join(folder, 'index.js');
    writeFileSync(empty, 'exports.handler = () => {};');
    const handlers = listHandlers().map((name) => ({ name, bundle: bundleHandler(name) }));
    for (const { name, bundle } of handlers) {
      const files = readdirSync(bundle).map((file) => ({ file, bytes: statSync(join(bundle, file)).size }));
      const sum = (ends: string) =>
        files.filter(({ file }) => file.endsWith(ends)).reduce((all, { bytes }) => all + bytes, 0);
      const [own, none]: [number[], number[]] = [[], []];
      for (let run = 0; run < REPEATS; run += 1) {
        none.push(importOnce(empty));
        own.push(importOnce(join(bundle, 'index.js')));
      }
      const [typical, baseline] = [median(own), median(none)];
      line([
        name,
        `${(sum('.js') / 1000).toFixed(0)} KB`,
        sum('.wasm') === 0 ? '' : `${(sum('.wasm') / 1000 ** 2).toFixed(1)} MB`,
        `${typical.toFixed(0)} ms`,
        `${Math.max(...own).toFixed(0)} ms`,
        `${(typical / baseline).toFixed(0)} x`,
      ]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function importOnce(path: string): number {
  const run = spawnSync(process.execPath, ['-e', PROBE, path], { encoding: 'utf8', env: { ...process.env, ...ROOM } });
  if (run.status !== 0) throw new Error(`${path} cannot be imported: ${run.stderr}`);
  return Number(run.stdout);
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** Whatever a function is told, it says something: names alone are read when it starts. */
const LOCAL = 'local';
const ROOM: Readonly<Record<EnvironmentName, string>> = {
  AWS_REGION: LOCAL,
  ALERT_TOPIC_ARN: LOCAL,
  LEDGER_BUCKET: LOCAL,
  LAMBDA_ENDPOINT: LOCAL,
  LEDGER_ORIGIN: LOCAL,
  LEDGER_KEY_ARN: LOCAL,
  REGISTRY_TABLE: LOCAL,
  ROOM_BUS: LOCAL,
  ROOM_ACCOUNT: LOCAL,
  LANDING_BUCKET: LOCAL,
  LANDING_BUCKET_ARN: LOCAL,
  LAKE_BUCKET: LOCAL,
  LAKE_BUCKET_ARN: LOCAL,
  ROOM_KEY_ARN: LOCAL,
  NOTHING_POLICY_ARN: LOCAL,
  LINK_ROLE_ARN: LOCAL,
  SIGNING_KEY_ARN: LOCAL,
  PEER_BUSES: LOCAL,
  TRAIL_BUCKET: LOCAL,
  ACCESS_LOG_BUCKET: LOCAL,
  TRANSFER_LOG_GROUP: LOCAL,
  TRAIL_ARN: LOCAL,
  ROOM_TOPOLOGY: 'hosted',
  OPERATOR_PARTY: LOCAL,
};

if (require.main === module) {
  const start = performance.now();
  benchFunctions();
  console.log(`\n${((performance.now() - start) / 1000).toFixed(0)} s`);
}
