import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { writeDataContract } from '../../domain/standards/write-data-contract';
import { writePolicy } from '../../domain/standards/write-policy';
import type { Terminal } from '../describe/terminal';
import { readAgreement } from '../read/read-agreement';

export function addExportCommand(program: Command, terminal: Terminal): void {
  program
    .command('export')
    .description('write an agreement as standards: its terms as ODRL 2.2, each leg as a data contract of ODCS 3.1')
    .argument('<agreement>', 'the agreement file (YAML)')
    .option('--out <dir>', 'where the files are written (default: out/export/<agreement>)')
    .addHelpText('after', HELP)
    .action((file: string, { out }: { readonly out?: string }) => {
      const plan = planAgreement(readAgreement(file, terminal));
      const folder = out ?? join('out', 'export', plan.agreement.id);
      const files = [
        ['agreement.odrl.jsonld', `${JSON.stringify(writePolicy(plan), null, 2)}\n`] as const,
        ...plan.legs.map(
          (leg) =>
            [
              join('contracts', `${leg.id}.odcs.yaml`),
              stringify(writeDataContract(plan, leg), { lineWidth: 0 }),
            ] as const,
        ),
      ];
      for (const [name, text] of files) {
        const path = join(folder, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        terminal.out(path);
      }
    });
}

const HELP = `
Example:
  barter export examples/telco-retail/agreement.yaml --out standards

Purposes are terms of the W3C Data Privacy Vocabulary. What a standard has no word for stands in it under names of our own:
urn:barter-room:terms: in ODRL, customProperties in ODCS.`;
