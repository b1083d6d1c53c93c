import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { formatCount } from '../../domain/format';
import { ACCUSE_BELOW, type TraceFinding, type TraceVerdict } from '../../domain/trace/judge-trace';
import { openDuckDbEngine } from '../../engine/duckdb/duckdb-engine';
import { InvalidDelivery } from '../../engine/invalid-delivery';
import { traceExtract, UnreleasedDelivery } from '../../rehearsal/trace-extract';
import { EXIT, InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { inScratch } from '../in-scratch';
import { openEmbeddedRegistry, type RegistryOptions } from '../read/embedded-registry';
import { parseOneDelivery } from '../read/parse-deliveries';
import { readAgreement } from '../read/read-agreement';
import { MEMORY_OPTION, readMemory } from '../read/read-memory';

interface TraceOptions extends RegistryOptions {
  readonly agreement: string;
  readonly data: string;
  readonly keys?: string;
  readonly memory?: string;
  readonly json?: boolean;
}

export function addTraceCommand(program: Command, terminal: Terminal, report: (exitCode: number) => void): void {
  program
    .command('trace')
    .description('tell from a leaked extract from which party’s release it is, with the probability of error')
    .argument('<extract>', 'what was found: CSV, JSON lines or Parquet, with columns named as in the release')
    .requiredOption('--agreement <file>', 'the agreement under which it was released')
    .requiredOption('--data <dataset=path>', 'what the dataset’s owner delivered in that round')
    .option('--keys <dir>', 'where the giver’s keys lie (default: .barter/keys beside the agreement)')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .option(...MEMORY_OPTION)
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', HELP)
    .action(async (extract: string, options: TraceOptions) => {
      const memory = readMemory(options.memory);
      const plan = planAgreement(readAgreement(options.agreement, terminal));
      const { dataset, path: delivery } = parseOneDelivery(plan, options.data);
      if (!existsSync(extract)) throw new InvalidInput(`There is no file or folder ${extract}.`);
      const levels = await openEmbeddedRegistry(options.agreement, options).levels(plan.agreement.id).list();
      const verdict = await inScratch((scratch) =>
        traceExtract({
          plan,
          dataset,
          delivery,
          extract,
          keysFolder: options.keys ?? join(dirname(options.agreement), '.barter', 'keys'),
          levelsOf: ({ id, version }) => levels.find((each) => each.dataset === id && each.version === version),
          scratch,
          openEngine: (directory) => openDuckDbEngine({ directory, ...memory }),
          onProgress: (stage) => terminal.progress(`${STAGES[stage]} …`),
        }).catch((error: unknown) => {
          throw explain(error);
        }),
      );
      terminal.endProgress();
      terminal.out(options.json ? JSON.stringify(verdict, null, 2) : describe(verdict));
      report(verdict.from.length > 0 ? EXIT.delivered : EXIT.withheld);
    });
}

const STAGES = {
  clean: 'reading and cleaning the delivery',
  count: 'counting who looks alike',
  solve: 'finding the levels of the release',
  compare: 'comparing with what was released',
} as const;

const HELP = `
Example:
  barter trace found.csv --agreement swap.yaml --data usage=july.csv

Ends with 0 when a receiver is named, and with 3 when none is. Tokens name a receiver for certain; moved dates and, where
the leg says \`watermark: 0.2%\`, the subjects left out of its release name it also when tokens are gone.`;

function explain(error: unknown): unknown {
  if (error instanceof UnreleasedDelivery) return new InvalidInput(error.message, { cause: error });
  if (!(error instanceof InvalidDelivery)) return error;
  const lines = error.problems.map(({ where, problem, remedy }) => `  ${where}: ${problem}\n    ${remedy}`);
  return new InvalidInput(`A file cannot be read:\n${lines.join('\n')}`, { cause: error });
}

function describe({ findings, from }: TraceVerdict): string {
  const verdict =
    from.length === 0
      ? `No receiver is named: for each, accident explains what was found (more than once in ${1 / ACCUSE_BELOW} such extracts).`
      : `From the release to ${from.join(' and ')}.`;
  return [
    verdict,
    ...findings.map(describeFinding),
    'A bound holds for one extract. Two receivers who mix their releases hide their marks.',
  ].join('\n\n');
}

function describeFinding({ leg, known, rows, evidence, falseAccusation }: TraceFinding): string {
  const lines = evidence.map(({ kind, said, chance }) => `  ${kind}: ${said} (probability ${formatChance(chance)})`);
  return [
    `${leg}: naming it would be wrong with a probability of at most ${formatChance(falseAccusation)}`,
    `  ${formatCount(known)} of the ${formatCount(rows)} rows are in its release, columns apart that its key has a part in`,
    ...(lines.length > 0 ? lines : ['  nothing that is compared depends on its key']),
  ].join('\n');
}

function formatChance(chance: number): string {
  return chance === 0 ? 'below 1e-300' : chance >= 0.001 ? chance.toFixed(3) : chance.toExponential(1);
}
