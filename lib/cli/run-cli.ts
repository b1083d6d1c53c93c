import { Command, CommanderError } from 'commander';
import { LedgerInUse } from '../audit/ledger/ledger-folder';
import { UnusableDigests } from '../audit/logs/read-digests';
import { BrokenLedger } from '../domain/audit/ledger/record-accesses';
import { RecordUnreadable } from '../domain/registry/record-unreadable';
import { EngineFailure } from '../engine/engine-failure';
import { errorCode } from '../error-code';
import { UnusableRegistry } from '../registry/file-store';
import { InvalidDeliveries } from '../rehearsal/invalid-deliveries';
import { UnusableKeyFile } from '../rehearsal/master-key';
import { UnusableOutput } from '../rehearsal/round-folder';
import { UnusableSigningKey } from '../signing-key';
import { EXIT, InvalidInput } from './describe/exit-code';
import { openTerminal, type Terminal } from './describe/terminal';
import { TOOL_VERSION } from './tool-version';

/** Runs one command line and returns the exit code; nothing is thrown, and a stack is shown only with `--debug`. */
export async function runCli(args: readonly string[]): Promise<number> {
  const terminal = openTerminal(process.stdout, process.stderr, process.env);
  let exitCode: number = EXIT.delivered;
  const program = new Command('barter')
    .description('Swap data by agreement: check the agreement, rehearse the swap, see the proof.')
    .version(TOOL_VERSION)
    .option('--debug', 'show where in the program an error arose')
    .showHelpAfterError('(barter --help shows the commands, barter COMMAND --help their options)')
    .addHelpText('after', HELP)
    .exitOverride();
  const report = (code: number) => {
    exitCode = code;
  };
  try {
    for (const loadCommand of listLoaders(args)) loadCommand()(program, terminal, report);
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    terminal.endProgress();
    if (args.includes('--debug')) terminal.err(showStack(error));
    return explainError(error, terminal);
  }
}

type AddCommand = (program: Command, terminal: Terminal, report: (exitCode: number) => void) => void;

/** In the order of the help. Each brings engines and libraries of its own: only what is called for is loaded. */
const COMMANDS: Readonly<Record<string, () => AddCommand>> = {
  init: () => (require('./commands/init-command') as typeof import('./commands/init-command')).addInitCommand,
  check: () => (require('./commands/check-command') as typeof import('./commands/check-command')).addCheckCommand,
  sign: () => (require('./commands/sign-command') as typeof import('./commands/sign-command')).addSignCommand,
  status: () => (require('./commands/status-command') as typeof import('./commands/status-command')).addStatusCommand,
  amend: () => (require('./commands/amend-command') as typeof import('./commands/amend-command')).addAmendCommand,
  end: () => (require('./commands/end-command') as typeof import('./commands/end-command')).addEndCommand,
  overrule: () =>
    (require('./commands/overrule-command') as typeof import('./commands/overrule-command')).addOverruleCommand,
  suspend: () => (require('./commands/pause-commands') as typeof import('./commands/pause-commands')).addSuspendCommand,
  resume: () => (require('./commands/pause-commands') as typeof import('./commands/pause-commands')).addResumeCommand,
  receive: () =>
    (require('./commands/receive-command') as typeof import('./commands/receive-command')).addReceiveCommand,
  attest: () => (require('./commands/attest-command') as typeof import('./commands/attest-command')).addAttestCommand,
  erase: () => (require('./commands/erase-command') as typeof import('./commands/erase-command')).addEraseCommand,
  scan: () => (require('./commands/scan-command') as typeof import('./commands/scan-command')).addScanCommand,
  rehearse: () =>
    (require('./commands/rehearse-command') as typeof import('./commands/rehearse-command')).addRehearseCommand,
  trace: () => (require('./commands/trace-command') as typeof import('./commands/trace-command')).addTraceCommand,
  schema: () => (require('./commands/schema-command') as typeof import('./commands/schema-command')).addSchemaCommand,
  export: () => (require('./commands/export-command') as typeof import('./commands/export-command')).addExportCommand,
  handover: () =>
    (require('./commands/handover-command') as typeof import('./commands/handover-command')).addHandoverCommand,
  cost: () => (require('./commands/cost-command') as typeof import('./commands/cost-command')).addCostCommand,
  doctor: () => (require('./commands/doctor-command') as typeof import('./commands/doctor-command')).addDoctorCommand,
  audit: () => (require('./commands/audit-command') as typeof import('./commands/audit-command')).addAuditCommand,
  verify: () => (require('./commands/verify-command') as typeof import('./commands/verify-command')).addVerifyCommand,
};

/** That of the command that is named; all where none is, for the help. */
function listLoaders(args: readonly string[]): readonly (() => AddCommand)[] {
  const named = args.find((arg) => !arg.startsWith('-')) ?? '';
  const loader = Object.hasOwn(COMMANDS, named) ? COMMANDS[named] : undefined;
  return loader === undefined ? Object.values(COMMANDS) : [loader];
}

const HELP = `
Examples:
  barter init swap.yaml                                     write a commented agreement to start from
  barter check swap.yaml                                    every mistake, with line and column
  barter rehearse swap.yaml --data usage=usage.csv --data purchases=purchases/
  barter audit --agreements swap --logs trail --out march   every access, explained; barter verify checks it

Exit codes: 0 done as it should be, 2 invalid input or usage, 130 interrupted, 1 anything unexpected; and 3 where something was found:
a gate withheld the round (rehearse), other files arrived (receive), nobody was named (trace), not as planned (doctor),
enforced otherwise (status --room), not all explained (audit), changed (verify).`;

function explainError(error: unknown, terminal: Terminal): number {
  const { red, bold } = terminal.errColour;
  const say = (text: string) => terminal.err(`${bold(red('error:'))} ${text}`);
  if (error instanceof CommanderError) {
    // Commander has printed its own message by now; --help and --version arrive here too.
    return error.exitCode === 0 ? EXIT.delivered : EXIT.invalid;
  }
  if (error instanceof InvalidDeliveries) {
    for (const { dataset, problems } of error.deliveries) {
      say(`the delivery for dataset ${dataset} cannot be taken:`);
      for (const { where, problem, remedy } of problems) terminal.err(`  ${where}: ${problem}\n    ${remedy}`);
    }
    terminal.err('Nothing was written.');
    return EXIT.invalid;
  }
  if (error instanceof Error && EXPLAINED.some((kind) => error instanceof kind)) {
    say(error.message);
    return EXIT.invalid;
  }
  say(explainUnexpected(error));
  return EXIT.unexpected;
}

/** Errors whose message says what is wrong and what to do. */
const EXPLAINED = [
  InvalidInput,
  UnusableOutput,
  UnusableKeyFile,
  UnusableSigningKey,
  UnusableRegistry,
  RecordUnreadable,
  UnusableDigests,
  LedgerInUse,
  BrokenLedger,
];

function explainUnexpected(error: unknown): string {
  if (error instanceof EngineFailure) return `${error.problem}. Nothing was delivered. ${error.remedy}`;
  if (errorCode(error) === 'ENOSPC') return 'The disk is full. Nothing was delivered. Free some space and start again.';
  return 'Something went wrong that should not have. Nothing was delivered. Run again with --debug and report what it shows.';
}

function showStack(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.cause === undefined ? `${error.stack}` : `${error.stack}\n  because of ${showStack(error.cause)}`;
}
