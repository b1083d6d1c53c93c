import type { Command } from 'commander';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { overruleBreach } from '../../domain/enforcement/breaches/overrule-breach';
import { remediesAt } from '../../domain/enforcement/breaches/remedies-at';
import { OPERATOR, WordRefused } from '../../domain/enforcement/words/require-speaker';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord } from '../read/embedded-registry';
import { readAgreement } from '../read/read-agreement';

interface OverruleOptions extends RegistryOptions {
  readonly by: string;
  readonly reason: string;
}

export function addOverruleCommand(program: Command, terminal: Terminal): void {
  program
    .command('overrule')
    .description('take back what follows from a breach: who, when and why is recorded, once and for all')
    .argument('<agreement>', 'the agreement file (YAML)')
    .argument('<breach>', 'the breach, as barter status names it')
    .requiredOption('--by <party>', `who decides so: a party, as the agreement names it, or ${OPERATOR}`)
    .requiredOption('--reason <text>', 'why; all parties and the auditor read it')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .addHelpText('after', HELP)
    .action(async (file: string, report: string, { by, reason, ...options }: OverruleOptions) => {
      const { agreement } = planAgreement(readAgreement(file, terminal));
      if (!/^[^\p{Cc}]{1,1000}$/u.test(reason))
        throw new InvalidInput('Write --reason on one line, 1 to 1000 characters.');
      const registry = openEmbeddedRegistry(file, options);
      const now = new Date().toISOString();
      const { plan, conduct } = await readOnRecord(registry, agreement.id, now);
      const breach = conduct.breaches.find((each) => each.report === report);
      if (breach === undefined) throw new InvalidInput(describeUnknown(agreement.id, report, conduct.breaches));
      const due = remediesAt(plan, [breach], now, conduct.versions);
      const after = await overruleBreach(registry, agreement.id, report, { by, at: now, reason }).catch(
        (error: unknown) => {
          throw error instanceof WordRefused ? new InvalidInput(error.message) : error;
        },
      );
      if (after?.overruled?.at !== now)
        terminal.out(`Overruled already, by ${after?.overruled?.by} on ${after?.overruled?.at.slice(0, 10)}.`);
      else {
        terminal.out(`${report} is overruled by ${by}: nothing follows from it any more.`);
        for (const { do: measure, party, clause } of due)
          terminal.out(`  lifted: ${measure} against ${party} (${clause})`);
      }
    });
}

function describeUnknown(agreement: string, report: string, breaches: readonly { readonly report: string }[]): string {
  const known = breaches.map((each) => each.report);
  return `${agreement} has no breach ${JSON.stringify(report)} on record. There ${known.length === 0 ? 'is none' : `is: ${known.join(', ')}`}.`;
}

const HELP = `
Example:
  barter overrule agreement.yaml foreign-network:retail:telco-retail-usage:2026-03-01 --by telco --reason "a new office, agreed by telephone"

In a room on AWS a party asks the API (overrule-breach), and the operator puts it on its bus: docs/runbook.md.`;
