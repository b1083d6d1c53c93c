import type { Command } from 'commander';
import { buildAgreementJsonSchema } from '../domain/agreement/agreement-json-schema';
import type { Terminal } from './terminal';

export function addSchemaCommand(program: Command, terminal: Terminal): void {
  program
    .command('schema')
    .description('print the JSON Schema of agreements, for editors')
    .addHelpText('after', '\nExample:\n  barter schema > agreement.schema.json')
    .action(() => terminal.out(JSON.stringify(buildAgreementJsonSchema(), null, 2)));
}
