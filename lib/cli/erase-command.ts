import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Plan, PlannedDataset } from '../domain/agreement/plan';
import { planAgreement } from '../domain/agreement/plan-agreement';
import type { Registry } from '../domain/enforcement/registry/registry';
import { listUnconfirmed, planErasure } from '../domain/exchange/plan-erasure';
import { countToken } from '../engine/duckdb/count-token';
import { deriveErasureKey, deriveLegKeys } from '../rehearsal/leg-keys';
import { readMasterKey } from '../rehearsal/master-key';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord, requireParty } from './embedded-registry';
import { InvalidInput } from './exit-code';
import { readAgreement } from './read-agreement';
import type { Terminal } from './terminal';

interface EraseOptions extends RegistryOptions {
  readonly dataset?: string;
  readonly keys?: string;
  readonly round?: readonly string[];
  readonly confirm?: string;
  readonly by?: string;
}

export function addEraseCommand(program: Command, terminal: Terminal): void {
  program
    .command('erase')
    .description('erase a subject: find it in every release, leave it out from now on, and track who has erased it')
    .argument('<agreement>', 'the agreement file (YAML)')
    .option('--dataset <id>', 'the dataset whose subject it is; its identifier is read from standard input')
    .option('--keys <dir>', "where the owner's token key lies (default: .barter/keys beside the agreement)")
    .option('--round <dir...>', 'folders of rounds to look for the subject’s token in')
    .option('--confirm <id>', 'put on record that a receiver has erased it')
    .option('--by <party>', 'the receiver that confirms')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .addHelpText('after', HELP)
    .action(async (file: string, options: EraseOptions) => {
      const plan = planAgreement(readAgreement(file, terminal));
      const registry = openEmbeddedRegistry(file, options);
      const now = new Date().toISOString();
      if (options.confirm !== undefined) return confirm(registry, plan, options.confirm, options.by, now, terminal);
      const dataset = findDataset(plan, options.dataset);
      const keys = options.keys ?? join(dirname(file), '.barter', 'keys');
      if (!existsSync(join(keys, plan.agreement.id, `${dataset.owner}.key`)))
        throw new InvalidInput(
          `There is no key of ${dataset.owner} in ${keys}, so nothing was released with one. Name its folder with --keys.`,
        );
      const identifier = readIdentifier();
      const master = readMasterKey(keys, plan.agreement.id, dataset.owner);
      const digest = (key: Uint8Array) => createHmac('sha256', key).update(identifier).digest('hex');
      const subject = digest(deriveErasureKey(master, plan.agreement.id, dataset));
      const isToken = dataset.columns.find(({ name }) => name === dataset.subject)?.treatment.kind === 'token';
      const legs = plan.legs.filter((leg) => leg.dataset === dataset.id);
      const tokens = Object.fromEntries(
        isToken
          ? legs.map((leg) => [
              leg.to,
              digest(deriveLegKeys(master, plan.agreement.id, leg, dataset).token).slice(0, 32),
            ])
          : [],
      );
      const released = isToken
        ? (options.round ?? []).flatMap((folder) => legs.map(({ to }) => releaseIn(folder, to, dataset.id)))
        : [];
      for (const release of released.filter((path) => !existsSync(path)))
        throw new InvalidInput(`${release} is not there. Name folders of rounds with --round.`);
      const { conduct } = await readOnRecord(registry, plan.agreement.id, now);
      const id = `erasure-${dataset.id}-${subject.slice(0, 16)}`;
      const erasure = planErasure(plan, conduct, { id, dataset: dataset.id, subject, tokens, at: now });
      const isNew = await registry.erasures(plan.agreement.id).create(erasure);
      const kept = (await registry.erasures(plan.agreement.id).read(id)) ?? erasure;
      terminal.out(isNew ? `${id} is on record.` : `${id} was on record already; its deadline stands.`);
      terminal.out('The next deliveries are cleaned of the subject.');
      for (const { party, token, releases } of kept.receivers) {
        const contact = plan.parties.find((each) => each.id === party)?.contacts.privacy ?? '';
        terminal.out(
          `  ${party} (${contact}): ${releases.length} releases on record${token === undefined ? '' : `, token ${token}`}`,
        );
        for (const folder of token === undefined ? [] : (options.round ?? [])) {
          const release = releaseIn(folder, party, dataset.id);
          terminal.out(`    ${await countToken(release, dataset.subject ?? '', token ?? '')} rows in ${release}`);
        }
      }
      terminal.out(
        `Tell them; they have until ${kept.deadline.slice(0, 10)}: barter erase AGREEMENT --confirm ${id} --by PARTY`,
      );
    });
}

const HELP = `
The identifier is read from standard input, not from the command line, where others can see it.

Examples:
  barter erase agreement.yaml --dataset usage --round out/telco-retail < identifier.txt
  barter erase agreement.yaml --confirm erasure-usage-0123456789abcdef --by retail`;

function releaseIn(round: string, party: string, dataset: string): string {
  return join(round, party, 'inbox', dataset, 'release.parquet');
}

function findDataset({ datasets, agreement }: Plan, named: string | undefined): PlannedDataset {
  const dataset = datasets.find(({ id }) => id === named);
  const ids = datasets.map(({ id }) => id).join(', ');
  if (dataset === undefined)
    throw new InvalidInput(
      `${agreement.id} gives no dataset ${JSON.stringify(named ?? '')}. Name one with --dataset: ${ids}.`,
    );
  const type = dataset.columns.find(({ name }) => name === dataset.subject)?.type.kind;
  if (type !== 'string' && type !== 'integer')
    throw new InvalidInput(`${dataset.id} names no subject that is a text or a whole number: none can be found in it.`);
  return dataset;
}

/** One line, without its end. */
function readIdentifier(): string {
  const text = readFileSync(0, 'utf8').replace(/\r?\n$/, '');
  if (text === '' || text.length > 1000 || /\p{Cc}/u.test(text))
    throw new InvalidInput('Give the identifier on standard input: one line, as the delivered files have it.');
  return text;
}

async function confirm(
  registry: Registry,
  plan: Plan,
  id: string,
  by: string | undefined,
  now: string,
  terminal: Terminal,
): Promise<void> {
  if (by === undefined) throw new InvalidInput('Name the receiver that confirms with --by.');
  requireParty(plan, by);
  const erasures = registry.erasures(plan.agreement.id);
  const before = await erasures.read(id);
  if (before === undefined) throw new InvalidInput(`There is no ${id} on record.`);
  if (!before.receivers.some(({ party }) => party === by))
    throw new InvalidInput(`${by} received nothing of ${before.dataset}.`);
  const after = await erasures.change([id], (erasure) => ({
    ...erasure,
    receivers: erasure.receivers.map((each) => (each.party === by ? { confirmedAt: now, ...each } : each)),
  }));
  const rest = listUnconfirmed(after === undefined ? [] : [after], now).map(({ party }) => party);
  terminal.out(
    `${by} has erased it.${rest.length === 0 ? ' So has everybody.' : ` Still to confirm: ${rest.join(', ')}.`}`,
  );
}
