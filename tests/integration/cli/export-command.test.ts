import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import picocolors from 'picocolors';
import { parse } from 'yaml';
import { addExportCommand } from '../../../lib/cli/commands/export-command';

const EXAMPLE = join(__dirname, '../../../examples/telco-retail/agreement.yaml');

test('writes the policy and a contract for each leg, and says where', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'barter-export-'));
  const said: string[] = [];
  const colour = picocolors.createColors(false);
  const out = (line: string) => void said.push(line);
  const program = new Command();
  addExportCommand(program, { out, err: out, progress: () => {}, endProgress: () => {}, colour, errColour: colour });
  await program.parseAsync(['export', EXAMPLE, '--out', folder], { from: 'user' });
  const contracts = ['retail-telco-purchases.odcs.yaml', 'telco-retail-usage.odcs.yaml'];
  expect(readdirSync(join(folder, 'contracts')).sort()).toEqual(contracts);
  expect(said.sort()).toEqual(
    [join(folder, 'agreement.odrl.jsonld'), ...contracts.map((name) => join(folder, 'contracts', name))].sort(),
  );
  expect(JSON.parse(readFileSync(join(folder, 'agreement.odrl.jsonld'), 'utf8'))).toMatchObject({
    '@type': 'Agreement',
  });
  expect(parse(readFileSync(join(folder, 'contracts', contracts[1]!), 'utf8'))).toMatchObject({
    kind: 'DataContract',
    name: 'telco-retail-usage',
  });
  rmSync(folder, { recursive: true, force: true });
});
