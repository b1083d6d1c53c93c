import type { Command } from 'commander';
import { buildAgreementJsonSchema } from '../../domain/agreement/schema/agreement-json-schema';
import { writeApiDocument } from '../../domain/enforcement/api/write-api-document';
import type { Terminal } from '../describe/terminal';
import { TOOL_VERSION } from '../tool-version';

export function addSchemaCommand(program: Command, terminal: Terminal): void {
  program
    .command('schema')
    .description('print the JSON Schema of agreements, for editors; or the partner API')
    .option('--api', 'print the OpenAPI document of what partners ask the room instead')
    .addHelpText('after', '\nExample:\n  barter schema > agreement.schema.json')
    .action(({ api }: { readonly api?: boolean }) => {
      const document = api === true ? writeApiDocument(TOOL_VERSION) : buildAgreementJsonSchema();
      terminal.out(JSON.stringify(document, null, 2));
    });
}
