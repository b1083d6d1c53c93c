import type { Command } from 'commander';
import { checkOverlaps } from '../../domain/agreement/checks/check-overlaps';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import type { Agreement } from '../../domain/agreement/schema/agreement';
import type { Remark } from '../../domain/agreement/yaml/remark';
import { checkCatalogue } from '../../domain/room/check-catalogue';
import type { Terminal } from '../describe/terminal';
import { readAgreement } from '../read/read-agreement';

/** An agreement that no room on AWS can hold is right all the same: it can be rehearsed. */
function warnOfRoom(agreement: Agreement): readonly Remark[] {
  return checkCatalogue(agreement).map((remark) => ({
    ...remark,
    severity: 'warning',
    remedy: `${remark.remedy} A room on AWS refuses the agreement as it is.`,
  }));
}

export function addCheckCommand(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('read an agreement and list every mistake in it, with line, column and what would be right')
    .argument('<agreement>', 'the agreement file (YAML)')
    .addHelpText('after', '\nExample:\n  barter check examples/telco-retail/agreement.yaml')
    .action((file: string) => {
      const warnings = (agreement: Agreement) => [
        ...warnOfRoom(agreement),
        ...checkOverlaps([agreement]).map(({ remark }) => remark),
      ];
      const plan = planAgreement(readAgreement(file, terminal, warnings));
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
