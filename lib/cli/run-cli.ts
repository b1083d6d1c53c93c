import { Command, CommanderError } from 'commander';
import { LedgerInUse } from '../audit/ledger-folder';
import { UnusableDigests } from '../audit/read-digests';
import { BrokenLedger } from '../domain/audit/ledger/record-accesses';
import { RecordUnreadable } from '../domain/registry/record-unreadable';
import { EngineFailure } from '../engine/engine-failure';
import { errorCode } from '../error-code';
import { UnusableRegistry } from '../registry/file-store';
import { InvalidDeliveries } from '../rehearsal/invalid-deliveries';
import { UnusableKeyFile } from '../rehearsal/master-key';
import { UnusableOutput } from '../rehearsal/round-folder';
import { UnusableSigningKey } from '../signing-key';
import { EXIT, InvalidInput } from './exit-code';
import { openTerminal, type Terminal } from './terminal';
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

const load = <T>(path: string): T => require(path);

/** In the order of the help. Each brings engines and libraries of its own: only what is called for is loaded. */
const COMMANDS: Readonly<Record<string, () => AddCommand>> = {
  init: () => load<typeof import('./init-command')>('./init-command').addInitCommand,
  check: () => load<typeof import('./check-command')>('./check-command').addCheckCommand,
  sign: () => load<typeof import('./sign-command')>('./sign-command').addSignCommand,
  status: () => load<typeof import('./status-command')>('./status-command').addStatusCommand,
  amend: () => load<typeof import('./amend-command')>('./amend-command').addAmendCommand,
  end: () => load<typeof import('./end-command')>('./end-command').addEndCommand,
  overrule: () => load<typeof import('./overrule-command')>('./overrule-command').addOverruleCommand,
  suspend: () => load<typeof import('./pause-commands')>('./pause-commands').addSuspendCommand,
  resume: () => load<typeof import('./pause-commands')>('./pause-commands').addResumeCommand,
  receive: () => load<typeof import('./receive-command')>('./receive-command').addReceiveCommand,
  attest: () => load<typeof import('./attest-command')>('./attest-command').addAttestCommand,
  erase: () => load<typeof import('./erase-command')>('./erase-command').addEraseCommand,
  scan: () => load<typeof import('./scan-command')>('./scan-command').addScanCommand,
  rehearse: () => load<typeof import('./rehearse-command')>('./rehearse-command').addRehearseCommand,
  trace: () => load<typeof import('./trace-command')>('./trace-command').addTraceCommand,
  schema: () => load<typeof import('./schema-command')>('./schema-command').addSchemaCommand,
  export: () => load<typeof import('./export-command')>('./export-command').addExportCommand,
  handover: () => load<typeof import('./handover-command')>('./handover-command').addHandoverCommand,
  cost: () => load<typeof import('./cost-command')>('./cost-command').addCostCommand,
  doctor: () => load<typeof import('./doctor-command')>('./doctor-command').addDoctorCommand,
  audit: () => load<typeof import('./audit-command')>('./audit-command').addAuditCommand,
  verify: () => load<typeof import('./verify-command')>('./verify-command').addVerifyCommand,
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
a gate withheld the round (rehearse), other files arrived (receive), nobody was named (trace), not as planned (doctor), not all explained (audit), changed (verify).`;

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
