import type { Command } from 'commander';
import { formatFinding } from '../../domain/agreement/yaml/finding';
import { compareRoom } from '../../domain/room/compare-room';
import { ROOM_STACKS } from '../../domain/room/room-names';
import { errorCode } from '../../error-code';
import { EXIT, InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { loadRoom } from '../read/load-room';
import { synthesizeRoom } from '../synthesize-room';

interface DoctorOptions {
  readonly room: string;
  readonly profile?: string;
}

export function addDoctorCommand(program: Command, terminal: Terminal, report: (code: number) => void): void {
  program
    .command('doctor')
    .description('compare what is in the account with what would be deployed; changes nothing')
    .option('--room <file>', "the room's file", 'room.yaml')
    .option('--profile <name>', 'a profile of your AWS configuration')
    .addHelpText('after', '\nExample:\n  barter doctor --profile room-auditor')
    .action(async ({ room: file, profile }: DoctorOptions) => {
      const loaded = loadRoom(file);
      if (loaded.kind === 'invalid') throw new InvalidInput(loaded.findings.map(formatFinding).join('\n'));
      const { room } = loaded;
      terminal.progress('Drawing what would be deployed …');
      const planned = synthesizeRoom(loaded).filter(({ id }) => id !== ROOM_STACKS.logArchive);
      terminal.progress('Looking at what is there …');
      const { observeRoom }: typeof import('../../doctor/observe-room') = require('../../doctor/observe-room');
      const place = {
        ...(room.region === undefined ? {} : { region: room.region }),
        ...(profile === undefined ? {} : { profile }),
      };
      const observed = await observeRoom(
        planned.map(({ id }) => id),
        place,
      ).catch(explainUnreachable);
      const differences = compareRoom(planned, observed);
      for (const { where, problem, remedy } of differences) terminal.out(`${where}: ${problem}\n    ${remedy}`);
      if (room.logArchiveAccount !== undefined)
        terminal.out(`Not looked at: ${ROOM_STACKS.logArchive}, which is in the account ${room.logArchiveAccount}.`);
      terminal.out(
        differences.length === 0
          ? terminal.colour.green(`No difference in ${planned.length} stacks. ${COMPARED}`)
          : `${differences.length} differences in ${planned.length} stacks. ${COMPARED}`,
      );
      if (differences.length > 0) report(EXIT.withheld);
    });
}

const COMPARED =
  'Compared: state of the stacks, protection of buckets, keys, trail, SFTP server, settings of the data lake, quota of Lambda, forwarding of IAM’s alerts; not principals and ARNs in policies, and nothing else.';

/** Not seeing is not finding nothing: whatever is no answer of the account ends the comparison. */
function explainUnreachable(error: unknown): never {
  if (!(error instanceof Error) || error instanceof TypeError) throw error;
  const why = error.message.split('\n')[0]?.replace(/\.$/, '') || String(errorCode(error) ?? error.name);
  const remedy = 'Check credentials (--profile), region (room.yaml or AWS_REGION) and the network.';
  throw new InvalidInput(`the account cannot be looked at: ${why}. ${remedy}`, { cause: error });
}
