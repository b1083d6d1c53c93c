import type { Command } from 'commander';
import type { PauseAct } from '../../domain/agreement/lifecycle';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { pauseAgreement } from '../../domain/enforcement/words/pause-agreement';
import { OPERATOR, WordRefused } from '../../domain/enforcement/words/require-speaker';
import { listHolders } from '../../domain/registry/list-pauses';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord } from '../read/embedded-registry';
import { readAgreement } from '../read/read-agreement';

interface PauseOptions extends RegistryOptions {
  readonly by: string;
  readonly reason: string;
}

export function addSuspendCommand(program: Command, terminal: Terminal): void {
  addPauseCommand(
    program,
    terminal,
    'suspend',
    'have the agreement stand still: nothing is published, and what the party that says so gives and gets, or all where the operator does, is taken back, until the same resume it',
  );
}

export function addResumeCommand(program: Command, terminal: Terminal): void {
  addPauseCommand(program, terminal, 'resume', 'have a suspended agreement go on: what it grants is granted again');
}

function addPauseCommand(program: Command, terminal: Terminal, act: PauseAct, description: string): void {
  program
    .command(act)
    .description(description)
    .argument('<agreement>', 'the agreement file (YAML)')
    .requiredOption('--by <party>', `who decides so: a party, as the agreement names it, or ${OPERATOR}`)
    .requiredOption('--reason <text>', 'why; all parties and the auditor read it')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .addHelpText('after', helpFor(act))
    .action(async (file: string, { by, reason, ...options }: PauseOptions) => {
      const { agreement } = planAgreement(readAgreement(file, terminal));
      if (!/^[^\p{Cc}]{1,1000}$/u.test(reason))
        throw new InvalidInput('Write --reason on one line, 1 to 1000 characters.');
      const registry = openEmbeddedRegistry(file, options);
      const at = new Date().toISOString();
      await readOnRecord(registry, agreement.id, at);
      const current = await pauseAgreement(registry, agreement.id, { act, at, by, reason }).catch((error: unknown) => {
        throw error instanceof WordRefused ? new InvalidInput(error.message) : error;
      });
      terminal.out(
        act === 'suspend'
          ? `${agreement.id} is suspended by ${by}: ${by === OPERATOR ? 'nothing is granted' : `nothing is published, and what ${by} gives and gets is taken back,`} until barter resume.`
          : current?.state === 'suspended'
            ? `${agreement.id} stays suspended, by ${listHolders(current.history).join(', ')}.`
            : `${agreement.id} is active again, by ${by}: what fell due meanwhile is due today.`,
      );
    });
}

const helpFor = (act: PauseAct) => `
Whoever suspended an agreement has it go on, and nobody else.

Example:
  barter ${act} agreement.yaml --by telco --reason "${act === 'suspend' ? 'a leak is looked into' : 'it was none'}"

In a room on AWS a party asks the API (suspend-agreement, resume-agreement), and the operator puts it on its bus: docs/runbook.md.`;
