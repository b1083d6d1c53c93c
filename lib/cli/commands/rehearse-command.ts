import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { listErased } from '../../domain/exchange/erasure/plan-erasure';
import type { Registry } from '../../domain/registry/registry';
import { identifyMasterKey } from '../../rehearsal/master-key';
import { EXIT, InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { openEmbeddedRegistry, type RegistryOptions } from '../read/embedded-registry';
import { parseDeliveries } from '../read/parse-deliveries';
import { readAgreement } from '../read/read-agreement';
import { MEMORY_OPTION, readMemory } from '../read/read-memory';
import { recordRound } from '../round-record';
import { runRehearsal } from '../run-rehearsal';

interface RehearseOptions extends RegistryOptions {
  readonly round?: string;
  readonly trial?: boolean;
  readonly data: readonly string[];
  readonly out?: string;
  readonly keys?: string;
  readonly search?: string;
  readonly memory?: string;
  readonly json?: boolean;
}

/** Of a day: who waits longer has stopped it. */
const MOST_MINUTES = 1440;

export function addRehearseCommand(program: Command, terminal: Terminal, report: (exitCode: number) => void): void {
  program
    .command('rehearse')
    .description('run one whole round on this machine: clean, treat, measure, and deliver all releases or none')
    .argument('<agreement>', 'the agreement file (YAML)')
    .requiredOption(
      '--data <dataset=path>',
      'what the dataset’s owner delivers: a CSV, JSON lines or Parquet file, or a folder of them; once per dataset',
      (value: string, earlier: readonly string[]) => [...earlier, value],
      [] as readonly string[],
    )
    .option('--out <dir>', 'where the round is written (default: out/<agreement>)')
    .option('--keys <dir>', 'where the givers’ token keys lie or are made (default: .barter/keys beside the agreement)')
    .option('--round <day>', 'the round that this is (default: the one that was due last, or the next)')
    .option('--trial', 'put nothing on record, and heed no earlier round')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .option('--search <minutes>', 'how long the least generalisation of a dataset may be searched for (default: 5)')
    .option(...MEMORY_OPTION)
    .option('--json', 'print the record of the round as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, options: RehearseOptions) => {
      if (options.out === '') throw new InvalidInput('--out is empty. Name a folder, or leave --out away.');
      const search = options.search === undefined ? {} : { searchMinutes: readMinutes(options.search) };
      const plan = planAgreement(readAgreement(file, terminal));
      const out = options.out ?? join('out', plan.agreement.id);
      const keysFolder = options.keys ?? join(dirname(file), '.barter', 'keys');
      const registry = openEmbeddedRegistry(file, options);
      const recording = await recordRound({
        registry,
        plan,
        out,
        ...(options.round !== undefined && { day: options.round }),
        isTrial: options.trial === true,
        keyIdOf: (giver) => identifyMasterKey(keysFolder, plan.agreement.id, giver),
        now: new Date().toISOString(),
      });
      if (recording.kind === 'trial' && options.round !== undefined)
        throw new InvalidInput(`--round names a round of the record, and this is a trial: ${recording.why}.`);
      const legs = recording.kind === 'round' ? recording.legs : plan.legs.map(({ id }) => id);
      const deliveries = parseDeliveries(plan, legs, options.data);
      assertOutside(out, [file, keysFolder, ...deliveries.values()]);
      const outcome = await runRehearsal({
        plan,
        legs,
        deliveries,
        out,
        keysFolder,
        erasedFrom: await readErasures(registry, plan.agreement.id),
        recording,
        ...search,
        ...readMemory(options.memory),
        json: options.json === true,
        terminal,
      });
      report(outcome.kind === 'delivered' ? EXIT.delivered : EXIT.withheld);
    });
}

const HELP = `
Examples:
  barter rehearse swap.yaml --data usage=usage.csv --data purchases=purchases.parquet
  barter rehearse swap.yaml --data usage=july/ --data purchases=july.jsonl --out july --json

Of an agreement that all have signed (barter sign) and whose term runs, a delivered round goes on record: barter status shows
it, later rounds have the same levels, and their certificates say what they tell beside it. Give every round an --out of its
own, so that the releases before it are there to be compared.

An agreement that has ended, or is suspended, is not rehearsed, be it as a trial: no file is made, and no key.

Written below --out, all of it or nothing:
  <party>/inbox/<dataset>/release.parquet, certificate.json   what the party receives, when every leg passed
  <giver>/quarantine/<dataset>.csv                            the giver's rejected rows, with reasons
  <party>/notice.md                                           what each party is told
  room.html, round.json                                       the report, and the same for programs`;

function readMinutes(text: string): number {
  const minutes = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (minutes > 0 && minutes <= MOST_MINUTES) return minutes;
  throw new InvalidInput(`--search is a number of minutes above 0, at most ${MOST_MINUTES}.`);
}

/** Whom this round leaves out: the subjects of `barter erase`, from the registry beside the agreement. */
async function readErasures(registry: Registry, agreement: string): Promise<(dataset: string) => readonly string[]> {
  const erasures = await registry.erasures(agreement).list();
  return (dataset) =>
    listErased(erasures, dataset).flatMap(({ key, digests }) => {
      if (key === undefined) return digests;
      throw new InvalidInput(
        `The registry has erasures of ${dataset} under ${key}: they were asked for in a room on AWS.`,
      );
    });
}

/**
 * A round replaces its output folder as a whole: what a rehearsal reads, or makes to last, must not lie in it.
 * @throws InvalidInput naming what does.
 */
function assertOutside(out: string, paths: readonly string[]): void {
  const folder = followLinks(out);
  const inside = paths.filter((path) => `${followLinks(path)}${sep}`.startsWith(`${folder}${sep}`));
  if (inside.length === 0) return;
  throw new InvalidInput(`--out ${out} would replace ${inside.join(', ')}. Choose a folder that holds none of them.`);
}

/** The real path, also of what is not there yet. */
function followLinks(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) return realpathSync(full);
  return dirname(full) === full ? full : join(followLinks(dirname(full)), basename(full));
}
