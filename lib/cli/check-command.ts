import type { Command } from 'commander';
import { planAgreement } from '../domain/agreement/plan-agreement';
import { readAgreement } from './read-agreement';
import type { Terminal } from './terminal';

export function addCheckCommand(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('read an agreement and list every mistake in it, with line, column and what would be right')
    .argument('<agreement>', 'the agreement file (YAML)')
    .addHelpText('after', '\nExample:\n  barter check examples/telco-retail/agreement.yaml')
    .action((file: string) => {
      const plan = planAgreement(readAgreement(file, terminal));
      const { green } = terminal.colour;
      const bound = plan.clauses.filter((clause) => !clause.legalOnly).length;
      terminal.out(green(`${file} is valid: ${plan.agreement.id}, version ${plan.agreement.version}.`));
      for (const { from, to, dataset, every, via } of plan.legs) {
        terminal.out(`  ${from} gives ${to} ${dataset}, every ${every}, by ${via.kind}`);
      }
      terminal.out(
        `  ${bound} of ${plan.clauses.length} clauses are bound to controls, the others are for the law alone`,
      );
    });
}
