import { Command } from 'commander';
import picocolors from 'picocolors';
import { addAuditCommand } from '../../../lib/cli/commands/audit-command';
import { addVerifyCommand } from '../../../lib/cli/commands/verify-command';
import type { Terminal } from '../../../lib/cli/describe/terminal';

/** `barter audit` or `barter verify`, as called at the terminal. @returns its exit code and what it said */
export async function runAuditCommand(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly said: string }> {
  const said: string[] = [];
  let code = 0;
  const colour = picocolors.createColors(false);
  const out = (line: string) => void said.push(line);
  const terminal: Terminal = { out, err: out, progress: () => {}, endProgress: () => {}, colour, errColour: colour };
  const program = new Command();
  for (const add of [addAuditCommand, addVerifyCommand])
    add(program, terminal, (exitCode) => {
      code = exitCode;
    });
  await program.parseAsync(args, { from: 'user' });
  return { code, said: said.join('\n') };
}
