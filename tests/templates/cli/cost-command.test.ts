import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Command } from 'commander';
import picocolors from 'picocolors';
import { addCostCommand } from '../../../lib/cli/commands/cost-command';
import { InvalidInput } from '../../../lib/cli/describe/exit-code';
import type { Terminal } from '../../../lib/cli/describe/terminal';

const EXAMPLE = join(__dirname, '../../../examples/telco-retail');
let room: string;
let agreements: string;
beforeEach(() => {
  room = join(mkdtempSync(join(tmpdir(), 'cost-')), 'room.yaml');
  agreements = `agreements: ${relative(dirname(room), EXAMPLE)}\n`;
});
afterEach(() => rmSync(dirname(room), { recursive: true }));

function run(text: string, ...options: readonly string[]): string {
  writeFileSync(room, text);
  const said: string[] = [];
  const colour = picocolors.createColors(false);
  const out = (line: string) => void said.push(line);
  const terminal: Terminal = { out, err: out, progress: () => {}, endProgress: () => {}, colour, errColour: colour };
  const program = new Command();
  addCostCommand(program, terminal);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  program.parse(['cost', '--room', room, ...options], { from: 'user' });
  return said.join('\n');
}

test('the table counts what is synthesized, and says that it is an estimate', () => {
  const text = run(`${agreements}sftp: { endpoint: public }\n`, '--gb', '20');
  expect(text).toMatch(/^An estimate, not a quote/);
  expect(text).toMatch(/^Transfer Family +\$219\.00/m);
  // Four of the room and one for each leg, and their requests.
  expect(text).toMatch(/^KMS +\$6\.03/m);
  expect(text).toMatch(/^A month of 1 agreement, .* of 20 GB each: about \$/m);
});

test.each(['lots', '-1', ''])('refused as a size: %j', (gb) => {
  expect(() => run(agreements, '--gb', gb)).toThrow('Write a number of GB');
});

test('a room with a mistake has no price', () => {
  expect(() => run('agreements: nowhere\n')).toThrow(InvalidInput);
});

test('every price says where it was read, or that it was not', () => {
  const text = run(`${agreements}sftp: { endpoint: public }\n`);
  const prices = text.slice(text.indexOf('Prices:')).split('\n').slice(1);
  expect(prices.length).toBeGreaterThan(10);
  for (const line of prices)
    expect(line).toMatch(
      /^- \$[\d.]+ per [^:]+: (\w+\.amazon\.com|docs\.aws|not read at AWS, but at .+\(.+\)$|NOT VERIFIED)/,
    );
  expect(prices).toContain('- $0.29 per Glue FLEX DPU-hour: NOT VERIFIED: look it up before you rely on it');
  expect(prices).toContain('- $0.0000002 per Lambda call: docs.aws.amazon.com, How AWS Pricing Works: Lambda');
});
