import type { Command } from 'commander';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { API_CONTRACTS } from '../../domain/enforcement/api/api-contracts';
import { EXIT, InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { openSigner, type SignerOptions } from '../open-signer';
import { requireParty } from '../read/embedded-registry';
import { hashReceived } from '../read/hash-received';
import { readAgreement } from '../read/read-agreement';
import { signStatement } from '../sign-statement';

interface ReceiveOptions extends SignerOptions {
  readonly by: string;
  readonly leg: string;
  readonly round: string;
  readonly room: string;
}

export function addReceiveCommand(program: Command, terminal: Terminal, report: (exitCode: number) => void): void {
  program
    .command('receive')
    .description('hold what arrived of a release against what its giver promised, and put that on record, signed')
    .argument('<agreement>', 'the agreement file (YAML)')
    .argument('<files>', 'the folder in which the files of the release lie, or the only file')
    .requiredOption('--by <party>', 'the party that received')
    .requiredOption('--leg <leg>', 'by which leg')
    .requiredOption('--round <day>', 'of which round, e.g. 2026-03-01')
    .requiredOption(
      '--room <url>',
      "the room's API, asked with the role of your party: a peer's own room, or the room for all",
    )
    .option('--key <file>', "the party's Ed25519 key (default: .barter/signing/<party>.pem)")
    .option('--kms <arn>', 'sign with a key of AWS KMS instead, as the agreement was signed')
    .addHelpText(
      'after',
      '\nExample:\n  barter receive agreement.yaml received/2026-03-01 --by retail --leg telco-retail-usage --round 2026-03-01 --room https://abcde12345.execute-api.eu-central-1.amazonaws.com',
    )
    .action(async (file: string, path: string, { by, leg, round, room, ...options }: ReceiveOptions) => {
      const plan = planAgreement(readAgreement(file, terminal));
      requireParty(plan, by);
      const received = plan.legs.filter(({ to }) => to === by).map(({ id }) => id);
      if (!received.includes(leg))
        throw new InvalidInput(`${by} receives nothing by ${leg}. It receives: ${received.join(', ') || 'nothing'}.`);
      const signer = await openSigner(file, by, options, { isFirst: false });
      const { sha256, files } = await hashReceived(path);
      const said = { leg, round, sha256 };
      const signed = await signStatement(plan, by, { purpose: 'confirm-receipt', ...said }, signer);
      // Slow to load.
      const { askRoom }: typeof import('../ask-room') = require('../ask-room');
      const { schema } = API_CONTRACTS['confirm-receipt'].answers[201]!;
      const answer = await askRoom({ room, plan, party: by }, 'confirm-receipt', { ...said, ...signed }, schema);
      terminal.out(`${files} ${files === 1 ? 'file' : 'files'}, SHA-256 ${sha256}`);
      const isPromised = Reflect.get(Object(answer), 'received') === 'as-promised';
      if (!isPromised) report(EXIT.withheld);
      terminal.out(
        isPromised
          ? terminal.colour.green(`What arrived is the release of ${round} that was promised.`)
          : terminal.colour.red(
              `What arrived is not the release of ${round} that was promised. That is on record; in a peer’s own room its giver is in breach until what it promised has arrived.`,
            ),
      );
    });
}
