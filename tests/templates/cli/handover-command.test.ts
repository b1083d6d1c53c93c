import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import picocolors from 'picocolors';
import { addHandoverCommand } from '../../../lib/cli/commands/handover-command';
import { InvalidInput } from '../../../lib/cli/describe/exit-code';
import type { Terminal } from '../../../lib/cli/describe/terminal';

const ROOM = 'account: "999900001111"\nregion: eu-central-1\nagreements: .\n';
const AGREEMENT = join(__dirname, '../../fixtures/small-swap/agreement.yaml');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-'));
  writeFileSync(join(folder, 'room.yaml'), ROOM);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...options: readonly string[]): readonly string[] {
  return runOn(AGREEMENT, ...options);
}

function runOn(agreement: string, ...options: readonly string[]): readonly string[] {
  const said: string[] = [];
  const colour = picocolors.createColors(false);
  const say = (text: string) => void said.push(text);
  const terminal: Terminal = { out: say, err: say, progress: say, endProgress: () => {}, colour, errColour: colour };
  const program = new Command().exitOverride();
  addHandoverCommand(program, terminal);
  program.parse(['handover', agreement, '--room', join(folder, 'room.yaml'), ...options], { from: 'user' });
  return said;
}

test('a partner gets a template and a guide, with the room filled in', () => {
  const out = join(folder, 'out');
  const said = run('--party', 'north', '--out', out);
  expect(readdirSync(out)).toEqual(expect.arrayContaining(['guide.md', 'template.json']));
  const template: { readonly Parameters: unknown } = JSON.parse(readFileSync(join(out, 'template.json'), 'utf8'));
  expect(template.Parameters).toMatchObject({ RoomAccount: { Default: '999900001111' } });
  expect(said.join('\n')).toContain('Wrote');
});

test.each([
  ['no party of the agreement', ['--party', 'nobody'], /there is no party nobody/],
  ['a room that is not there', ['--party', 'north', '--room', 'nowhere.yaml'], /nowhere\.yaml:1:1 error/],
])('refused: %s', (_, options, problem) => {
  expect(() => run(...options)).toThrow(problem);
  expect(() => run(...options)).toThrow(InvalidInput);
});

test('no other room than the one that all have signed is handed over', () => {
  cpSync(dirname(AGREEMENT), folder, { recursive: true });
  const signed = join(folder, 'agreement.yaml');
  const text = readFileSync(AGREEMENT, 'utf8');
  const sign = (account: string) =>
    writeFileSync(signed, text.replace(/^term:/m, `room: { topology: hosted, account: "${account}" }\nterm:`));
  sign('999900002222');
  expect(() => runOn(signed, '--party', 'north')).toThrow(
    "room.account: the parties sign `999900002222` here, and the room's file has `999900001111`",
  );
  sign('999900001111');
  const out = join(folder, 'out');
  runOn(signed, '--party', 'north', '--out', out);
  expect(readFileSync(join(out, 'guide.md'), 'utf8')).toContain(
    'one room for all, account `999900001111`: send nothing',
  );
});

test('the party whose room it is has nothing to set up', () => {
  writeFileSync(join(folder, 'room.yaml'), `${ROOM}topology: { peer: south }\n`);
  expect(() => run('--party', 'south')).toThrow('has nothing to set up');
});
