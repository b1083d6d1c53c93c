import type { Command } from 'commander';
import { planAgreement } from '../domain/agreement/plan-agreement';
import { type ExitStep, giveNotice, planExit } from '../domain/exchange/plan-exit';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord, requireParty } from './embedded-registry';
import { InvalidInput } from './exit-code';
import { readAgreement } from './read-agreement';
import type { Terminal } from './terminal';

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
      if (!/^[^\p{Cc}]{1,1000}$/u.test(reason))
        throw new InvalidInput('Write --reason on one line, 1 to 1000 characters.');
      const registry = openEmbeddedRegistry(file, options);
      const now = new Date().toISOString();
      const { plan, current } = await readOnRecord(registry, agreement.id, now);
      requireParty(plan, by);
      if (current.state === 'draft') throw new InvalidInput('Not all have signed: nothing binds anybody yet.');
      if (current.state === 'ended' || current.state === 'settled')
        throw new InvalidInput(`The agreement is ${current.state} already.`);
      const notice = giveNotice(plan, by, reason, now);
      const after = await registry.current(agreement.id).change([], (record) =>
        // The first notice stands: it ends sooner than one that comes later.
        record.ending === undefined ? { ...record, ending: notice } : undefined,
      );
      const { ending = notice } = after ?? {};
      if (ending.at !== notice.at)
        terminal.out(`${ending.by} gave notice on ${ending.at.slice(0, 10)} already: ${ending.reason}`);
      terminal.out(`${agreement.id} ends after ${ending.lastDay} (${ending.clause}).`);
      for (const step of planExit(plan, ending)) terminal.out(`  ${step.on}  ${describe(step)}  (${step.clause})`);
    });
}

function describe({ do: act, concerns }: ExitStep): string {
  const whom = concerns.join(', ');
  switch (act) {
    case 'notice':
      return `notice by ${whom}`;
    case 'last-round':
      return `last round: ${whom}`;
    case 'revoke-all':
      return 'everything is taken back';
    case 'delete-keys':
      return `the keys of ${whom} are scheduled for deletion`;
    case 'ask-destruction':
      return `${whom} are asked to destroy what they received`;
    case 'destruction-due':
      return `${whom} have attested it: barter attest`;
    case 'settle':
      return 'what is owed is settled';
  }
}
