import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Plan, PlannedDataset } from '../../domain/agreement/plan/plan';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { readSubject } from '../../domain/exchange/erasure/read-subject';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { confirmHere, eraseHere, listHere } from '../erase-here';
import { openSigner, type SignerOptions } from '../open-signer';
import { type RegistryOptions, requireParty } from '../read/embedded-registry';
import { readAgreement } from '../read/read-agreement';

interface EraseOptions extends RegistryOptions, SignerOptions {
  readonly dataset?: string;
  readonly keys?: string;
  readonly rounds?: readonly string[];
  readonly confirm?: readonly string[];
  readonly by?: string;
  readonly list?: boolean;
  readonly room?: string;
}

export function addEraseCommand(program: Command, terminal: Terminal): void {
  program
    .command('erase')
    .description('erase a subject: find it in every release, leave it out from now on, and track who has erased it')
    .argument('<agreement>', 'the agreement file (YAML)')
    .option('--dataset <id>', 'the dataset whose subject it is; its identifier is read from standard input')
    .option('--key <file>', "the receiver's Ed25519 key (default: .barter/signing/<party>.pem)")
    .option('--kms <arn>', 'confirm with a key of AWS KMS instead, as the agreement was signed')
    .option('--keys <dir>', "where the owner's token key lies (default: .barter/keys beside the agreement)")
    .option('--rounds <dir...>', 'folders of rounds to look for the subject’s token in')
    .option('--list', 'show who is to be erased, by which tokens and until when')
    .option('--confirm <id...>', 'put on record that a receiver has erased these, signed with its key')
    .option('--by <party>', 'the receiver that confirms')
    .option('--room <url>', 'ask a room on AWS, by the address of its API and with the role of your party there')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .addHelpText('after', HELP)
    .action(async (file: string, options: EraseOptions) => {
      const plan = planAgreement(readAgreement(file, terminal));
      const { confirm, by, list, room } = options;
      refuseIdle(options);
      if (confirm !== undefined && by === undefined)
        throw new InvalidInput('Name the receiver that confirms with --by.');
      // Slow to load, and only wanted there.
      const inRoom = (): typeof import('../erase-in-room') => require('../erase-in-room');
      if (room !== undefined) refuseTogether(options);
      if (list === true)
        return room === undefined ? listHere(file, options, plan, terminal) : inRoom().listInRoom(room, plan, terminal);
      if (confirm !== undefined && by !== undefined) {
        requireParty(plan, by);
        const signer = await openSigner(file, by, options, { isFirst: false });
        return room === undefined
          ? confirmHere(file, options, plan, confirm, by, signer, terminal)
          : inRoom().confirmInRoom(room, plan, confirm, by, signer, terminal);
      }
      const dataset = findDataset(plan, options.dataset);
      if (room === undefined) return eraseHere(file, options, plan, dataset, () => readIdentifier(dataset), terminal);
      return inRoom().eraseInRoom(room, plan, dataset, readIdentifier(dataset), terminal);
    });
}

const HELP = `
The identifier is read from standard input, not from the command line, where others can see it.

Examples:
  barter erase agreement.yaml --dataset usage --rounds out/telco-retail < identifier.txt
  barter erase agreement.yaml --by retail --confirm erasure-usage-0123456789abcdef erasure-usage-fedcba9876543210
  barter erase agreement.yaml --room https://abcde12345.execute-api.eu-central-1.amazonaws.com --dataset usage < identifier.txt`;

/** What can be asked for, and what only that takes. */
const TAKES = {
  list: [],
  confirm: ['by', 'key', 'kms'],
  dataset: ['keys', 'rounds'],
} as const satisfies Partial<Record<keyof EraseOptions, readonly (keyof EraseOptions)[]>>;
const ASKED = ['list', 'confirm', 'dataset'] as const satisfies readonly (keyof typeof TAKES)[];

/** Whoever names a person and is shown a list believes the person erased: what would not be done is refused. */
function refuseIdle(options: EraseOptions): void {
  const [asked, other] = ASKED.filter((name) => options[name] !== undefined);
  if (other !== undefined) throw new InvalidInput(`--${asked} and --${other} ask for two things. Give one.`);
  for (const goesWith of ASKED.filter((name) => name !== asked)) {
    const idle = TAKES[goesWith].find((name) => options[name] !== undefined);
    if (idle !== undefined)
      throw new InvalidInput(`--${idle} goes with --${goesWith}${asked === undefined ? '' : `, not with --${asked}`}.`);
  }
}

/** A room has its own record, and its own keys. */
function refuseTogether({ keys, rounds, registry }: EraseOptions): void {
  const [given] = Object.entries({ keys, rounds, registry }).flatMap(([name, value]) => (value ? [name] : []));
  if (given !== undefined)
    throw new InvalidInput(`--${given} is about this machine, and --room about another. Give one.`);
}

function findDataset({ datasets, agreement }: Plan, named: string | undefined): PlannedDataset {
  const dataset = datasets.find(({ id }) => id === named);
  const ids = datasets.map(({ id }) => id).join(', ');
  if (dataset === undefined)
    throw new InvalidInput(
      `${agreement.id} gives no dataset ${JSON.stringify(named ?? '')}. Name one with --dataset: ${ids}.`,
    );
  return dataset;
}

function describeSubject({ id, subject, columns }: PlannedDataset): string {
  const isWhole = columns.find(({ name }) => name === subject)?.type?.kind === 'integer';
  return isWhole
    ? `${subject} of ${id} is a whole number, written as 4711 or -4711.`
    : `${subject} of ${id} is a text; one with a line break or another control character is written as a JSON string, "line\\nbreak".`;
}

/** One line, without its end, as rows have it. */
function readIdentifier(dataset: PlannedDataset): string {
  const text = readFileSync(0, 'utf8').replace(/\r?\n$/, '');
  const reading = readSubject(dataset, text);
  if (reading.kind === 'read') return reading.subject;
  throw new InvalidInput(
    reading.reason === 'no-subject'
      ? `${dataset.id} names no subject that is a text or a whole number: none can be found in it.`
      : `Give the identifier on standard input: one line, as the delivered files have it. ${describeSubject(dataset)}`,
  );
}
