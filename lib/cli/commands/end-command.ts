import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { noticeRequestSchema } from '../../domain/enforcement/api/api-schemas';
import { recordNotice } from '../../domain/enforcement/breaches/record-notice';
import { planExit } from '../../domain/exchange/entitlements/plan-exit';
import { describeExitStep } from '../describe/describe-exit';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord, requireParty } from '../read/embedded-registry';
import { readAgreement } from '../read/read-agreement';

interface EndOptions extends RegistryOptions {
  readonly by: string;
  readonly reason: string;
}

export function addEndCommand(program: Command, terminal: Terminal): void {
  program
    .command('end')
    .description('give notice: the agreement ends after its notice period, and everything is taken back')
    .argument('<agreement>', 'the agreement file (YAML)')
    .requiredOption('--by <party>', 'who leaves, as the agreement names it')
    .requiredOption('--reason <text>', 'why; all parties read it')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .addHelpText('after', '\nExample:\n  barter end agreement.yaml --by telco --reason "the campaign is over"')
    .action(async (file: string, { by, reason, ...options }: EndOptions) => {
      const { agreement } = planAgreement(readAgreement(file, terminal));
      if (!noticeRequestSchema.safeParse({ reason }).success)
        throw new InvalidInput('Write --reason on one line, 1 to 1000 characters.');
      const registry = openEmbeddedRegistry(file, options);
      const now = new Date().toISOString();
      const { plan, current, conduct } = await readOnRecord(registry, agreement.id, now);
      requireParty(plan, by);
      const notice = await recordNotice(registry, plan, by, reason, now);
      if (notice.kind === 'refused')
        throw new InvalidInput(
          notice.fault === 'over'
            ? `The agreement is ${current.state} already.`
            : 'Not all have signed: nothing binds anybody yet.',
        );
      const { ending } = notice;
      if (ending.at !== now)
        terminal.out(`${ending.by} gave notice on ${ending.at.slice(0, 10)} already: ${ending.reason}`);
      terminal.out(`${agreement.id} ends after ${ending.lastDay} (${ending.clause}).`);
      for (const step of planExit(plan, { ...conduct, ending })) terminal.out(describeExitStep(step));
      terminal.out(
        `A deployed room does this by itself, on these days. On one machine it is yours to do: the keys lie in ${join(dirname(file), '.barter', 'keys', agreement.id)}.`,
      );
      terminal.out(`For the API of a deployed room (give-notice): ${JSON.stringify({ reason })}`);
    });
}
