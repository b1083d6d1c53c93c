import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { buildAgreementJsonSchema } from '../../domain/agreement/schema/agreement-json-schema';
import { starterAgreement } from '../../domain/agreement/starter-agreement';
import { errorCode } from '../../error-code';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';

export function addInitCommand(program: Command, terminal: Terminal): void {
  program
    .command('init')
    .description('write a commented agreement to start from, and the schema by which an editor completes it')
    .argument('[file]', 'the agreement to write', 'agreement.yaml')
    .addHelpText('after', '\nExample:\n  barter init swap.yaml && barter check swap.yaml')
    .action((file: string) => {
      const schema = join(dirname(file), 'agreement.schema.json');
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, starterAgreement, { flag: 'wx' });
        if (!existsSync(schema)) writeFileSync(schema, `${JSON.stringify(buildAgreementJsonSchema(), null, 2)}\n`);
      } catch (error) {
        throw new InvalidInput(explain(file, error), { cause: error });
      }
      terminal.out(`Wrote ${file} and ${basename(schema)} beside it.`);
      terminal.out(`Next: make it yours, then run ${terminal.colour.bold(`npx barter check ${file}`)}.`);
    });
}

function explain(file: string, error: unknown): string {
  const code = errorCode(error);
  if (code === 'EEXIST') return `${file} is there already and is left as it is. Name another file.`;
  return `${file} cannot be written (${String(code)}). Name another file.`;
}
