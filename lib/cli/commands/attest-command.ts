import type { Command } from 'commander';
import type { Plan } from '../../domain/agreement/plan/plan';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { findVersionOf } from '../../domain/exchange/entitlements/list-former-legs';
import { listReleaseAttestations, listRetained } from '../../domain/exchange/entitlements/plan-retention';
import { listReceivedLegs } from '../../domain/exchange/peers/list-received-legs';
import { hasLeftEscrow } from '../../domain/exchange/rounds/has-left-escrow';
import type { AttestationRecord } from '../../domain/registry/conduct-records';
import type { AgreementOnRecord } from '../../domain/registry/read-conduct';
import type { Registry } from '../../domain/registry/registry';
import { describeKeysLeft } from '../describe/describe-exit';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { openSigner, type SignerOptions } from '../open-signer';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord, requireParty } from '../read/embedded-registry';
import { listKeysLeft } from '../read/list-keys-left';
import { readAgreement } from '../read/read-agreement';
import { requireGenuine, signStatement } from '../sign-statement';

interface AttestOptions extends RegistryOptions, SignerOptions {
  readonly by: string;
  readonly name: string;
  readonly statement: string;
  readonly leg?: string;
  readonly round?: readonly string[];
  readonly room?: string;
}

export function addAttestCommand(program: Command, terminal: Terminal): void {
  program
    .command('attest')
    .description('put on record that a party has destroyed what it received, or releases of it, signed with its key')
    .argument('<agreement>', 'the agreement file (YAML)')
    .requiredOption('--by <party>', 'the party that received')
    .requiredOption('--name <person>', 'who answers for it')
    .requiredOption('--statement <text>', 'what was destroyed, and how')
    .option('--leg <leg>', 'one leg alone (default: all that the party receives)')
    .option(
      '--round <day...>',
      'single releases, by their rounds (while the agreement goes on: default those that are due)',
    )
    .option('--key <file>', "the party's Ed25519 key (default: .barter/signing/<party>.pem)")
    .option('--kms <arn>', 'sign with a key of AWS KMS instead, as the agreement was signed')
    .option('--room <url>', 'tell a room on AWS, by the address of its API and with the role of your party there')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .addHelpText('after', HELP)
    .action(async (file: string, options: AttestOptions) => {
      const { by, name, statement, leg, round, room, registry } = options;
      const written = planAgreement(readAgreement(file, terminal));
      for (const [option, text] of [
        ['--name', name],
        ['--statement', statement],
      ] as const)
        if (!/^[^\p{Cc}]{1,1000}$/u.test(text))
          throw new InvalidInput(`Write ${option} on one line, 1 to 1000 characters.`);
      if (room !== undefined && registry !== undefined)
        throw new InvalidInput('--registry is about this machine, and --room about another. Give one.');
      const at = new Date().toISOString();
      const here = openEmbeddedRegistry(file, options);
      const on = room === undefined ? await readOnRecord(here, written.agreement.id, at) : undefined;
      const inForce = on?.plan ?? written;
      const earlier = on?.conduct.earlier ?? [];
      const plan = findVersionOf(by, inForce, earlier);
      requireParty(plan, by);
      const signer = await openSigner(file, by, options, { isFirst: false });
      const legs = on === undefined ? written.legs : listReceivedLegs(on.plan, on.conduct).map((each) => each.leg);
      for (const id of listReceived(legs, by, leg)) {
        const releases = round ?? (on === undefined ? undefined : listDue(on, id, at));
        if (releases?.length === 0) {
          terminal.out(`Nothing of ${id} is to be destroyed yet.`);
          continue;
        }
        const said = { leg: id, statement, by: name, ...(releases === undefined ? {} : { releases: [...releases] }) };
        const signed = await signStatement(plan, by, { purpose: 'attest-destruction', ...said }, signer);
        if (room !== undefined) {
          // Slow to load, and only wanted there.
          const { askRoom }: typeof import('../ask-room') = require('../ask-room');
          await askRoom({ room, plan, party: by }, 'attest-destruction', { ...said, ...signed });
        }
        if (on !== undefined) requireGenuine(on, by, { purpose: 'attest-destruction', ...said }, signed);
        const { id: agreement } = plan.agreement;
        const record = { leg: id, statement, by: name, ...signed, agreement, party: by, at };
        const isNew = on === undefined || (await keep(here, on, record, releases));
        const what = releases === undefined ? id : `${id} of ${releases.join(', ')}`;
        terminal.out(
          isNew ? `${by} has attested the destruction of ${what}.` : `${what} was attested before; that stands.`,
        );
      }
      if (on === undefined) return;
      const after = await readOnRecord(here, plan.agreement.id, at);
      terminal.out(`The agreement is ${after.current.state}.`);
      for (const line of describeKeysLeft(listKeysLeft(file, after))) terminal.out(line);
    });
}

const HELP = `
Examples:
  barter attest agreement.yaml --by retail --name "A. Keeper" --statement "bucket emptied, versions and backups too"
  barter attest agreement.yaml --by retail --name "A. Keeper" --statement "files deleted" --leg telco-retail-usage --round 2026-01-01
  barter attest agreement.yaml --by retail --name "A. Keeper" --statement "…" --room https://abcde12345.execute-api.eu-central-1.amazonaws.com`;

/** While the agreement goes on, what is received is destroyed release by release; after its end all of it: undefined. */
function listDue({ plan, conduct }: AgreementOnRecord, leg: string, now: string): readonly string[] | undefined {
  if (conduct.state === 'ended' || conduct.state === 'settled') return undefined;
  return listRetained(plan, conduct, now)
    .filter((each) => each.leg.id === leg && (each.state === 'due' || each.state === 'overdue'))
    .map(({ round }) => round);
}

/** @returns whether any of it was not on record before */
async function keep(
  registry: Registry,
  { conduct, current: { agreement } }: AgreementOnRecord,
  record: AttestationRecord,
  releases: readonly string[] | undefined,
): Promise<boolean> {
  if (releases === undefined) return registry.attestations(agreement).create(record);
  const isOut = (day: string) =>
    conduct.releases.some((each) => each.leg === record.leg && each.round === day && hasLeftEscrow(each));
  const other = releases.find((day) => !isOut(day));
  if (other !== undefined) throw new InvalidInput(`Nothing was received by ${record.leg} in round ${other}.`);
  let isNew = false;
  for (const each of listReleaseAttestations(record, releases))
    isNew = (await registry.releaseAttestations(agreement).create(each)) || isNew;
  return isNew;
}

function listReceived(legs: Plan['legs'], by: string, leg: string | undefined): readonly string[] {
  const received = legs.filter(({ to }) => to === by).map(({ id }) => id);
  const named = leg === undefined ? received : received.filter((id) => id === leg);
  if (named.length === 0)
    throw new InvalidInput(
      `${by} has received nothing by that leg. It has received: ${received.join(', ') || 'nothing'}.`,
    );
  return named;
}
