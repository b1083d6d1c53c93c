import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { loadRoom } from '../lib/cli/read/load-room';
import { planAgreement } from '../lib/domain/agreement/plan/plan-agreement';
import { buildRoom } from '../lib/stacks/build-room';

const EXAMPLE = join(__dirname, '../examples/telco-retail');
const COUNTS = [1, 10, 100, 300];
/** What the others are compared with: what is there without any agreement weighs little here. */
const BASELINE = 10;

interface Synthesis {
  readonly seconds: number;
  /** Peak resident memory, bytes. */
  readonly peak: number;
  readonly templates: number;
  /** Resources of the largest stack. */
  readonly most: number;
  readonly largest: string;
  /** Of the longest template; CloudFormation takes 1 MB. */
  readonly bytes: number;
}

/**
 * What `cdk synth` does for 1, 10, 100 and 300 agreements, all rules and bundling included: the time and memory of each
 * in a process of its own, and how much more than linear growth from 10 that is (1: linear, below: better).
 */
export async function benchStacks(print: (line: string) => void = console.log): Promise<void> {
  const runs = COUNTS.map((count) => ({ count, run: synthesizeAlone(count) }));
  const base = runs.find(({ count }) => count === BASELINE)!.run;
  const widths = [10, 9, 9, 9, 9, 11, 9, 16];
  const line = (cells: readonly string[]) => print(cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join(''));
  line(['agreements', 'time', 'linear', 'peak', 'linear', 'templates', 'longest', 'most resources']);
  for (const { count, run } of runs) {
    const factor = count / BASELINE;
    line([
      String(count),
      `${run.seconds.toFixed(1)} s`,
      (run.seconds / base.seconds / factor).toFixed(2),
      `${(run.peak / 1e6).toFixed(0)} MB`,
      (run.peak / base.peak / factor).toFixed(2),
      String(run.templates),
      `${(run.bytes / 1e3).toFixed(0)} kB`,
      String(run.most),
      `  ${run.largest}`,
    ]);
  }
}

function synthesizeAlone(count: number): Synthesis {
  const folder = mkdtempSync(join(tmpdir(), 'bench-stacks-'));
  try {
    writeRoom(folder, count);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', __filename, folder], {
      env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(cdkJson.context), JSII_DEPRECATED: 'quiet' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${count} agreements were not synthesized:\n${stderr}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A room with so many copies of an example, each under an id of its own. */
function writeRoom(folder: string, count: number): void {
  const agreements = join(folder, 'agreements');
  mkdirSync(agreements);
  copyFileSync(join(EXAMPLE, 'segment.csv'), join(agreements, 'segment.csv'));
  writeFileSync(join(folder, 'room.yaml'), 'agreements: agreements\nsftp: { endpoint: public }\n');
  const text = readFileSync(join(EXAMPLE, 'agreement.yaml'), 'utf8');
  for (let number = 1; number <= count; number++) {
    const id = `telco-retail-${String(number).padStart(4, '0')}`;
    writeFileSync(join(agreements, `${id}.yaml`), text.replace(/^agreement: .*$/m, `agreement: ${id}`));
  }
}

function synthesize(folder: string): Synthesis {
  const started = performance.now();
  const loaded = loadRoom(join(folder, 'room.yaml'));
  if (loaded.kind === 'invalid') throw new Error(loaded.findings[0]?.problem);
  const app = new App({ outdir: join(folder, 'cdk.out') });
  buildRoom(app, loaded.room, loaded.agreements.map(planAgreement));
  const { stacks } = app.synth();
  const seconds = (performance.now() - started) / 1000;
  const sizes = stacks.map(({ id, template }) => ({ id, size: Object.keys(template.Resources).length }));
  const bytes = Math.max(...stacks.map(({ templateFullPath }) => statSync(templateFullPath).size));
  const { id, size } = sizes.reduce((most, each) => (each.size > most.size ? each : most));
  const peak = process.resourceUsage().maxRSS * 1024;
  return { seconds, peak, templates: stacks.length, most: size, largest: id, bytes };
}

if (require.main === module) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) benchStacks();
  else console.log(JSON.stringify(synthesize(folder)));
}
