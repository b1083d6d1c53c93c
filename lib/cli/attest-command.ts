import type { Command } from 'commander';
import { planAgreement } from '../domain/agreement/plan-agreement';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord, requireParty } from './embedded-registry';
import { InvalidInput } from './exit-code';
import { readAgreement } from './read-agreement';
import type { Terminal } from './terminal';

interface AttestOptions extends RegistryOptions {
  readonly by: string;
  readonly name: string;
  readonly statement: string;
  readonly leg?: string;
}

export function addAttestCommand(program: Command, terminal: Terminal): void {
  program
    .command('attest')
    .description('put on record that a party has destroyed what it received')
    .argument('<agreement>', 'the agreement file (YAML)')
    .requiredOption('--by <party>', 'the party that received')
    .requiredOption('--name <person>', 'who answers for it')
    .requiredOption('--statement <text>', 'what was destroyed, and how')
    .option('--leg <leg>', 'one leg alone (default: all that the party receives)')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .addHelpText(
      'after',
      '\nExample:\n  barter attest agreement.yaml --by retail --name "A. Keeper" --statement "bucket emptied, versions and backups too"',
    )
    .action(async (file: string, { by, name, statement, leg, ...options }: AttestOptions) => {
      const { agreement } = planAgreement(readAgreement(file, terminal));
      for (const [option, text] of [
        ['--name', name],
        ['--statement', statement],
      ] as const)
        if (!/^[^\p{Cc}]{1,1000}$/u.test(text))
          throw new InvalidInput(`Write ${option} on one line, 1 to 1000 characters.`);
      const registry = openEmbeddedRegistry(file, options);
      const at = new Date().toISOString();
      const { plan, current } = await readOnRecord(registry, agreement.id, at);
      requireParty(plan, by);
      if (current.state !== 'ended' && current.state !== 'settled')
        throw new InvalidInput(`The agreement is ${current.state}: what is received is destroyed after its end.`);
      const received = plan.legs.filter(({ to }) => to === by).map(({ id }) => id);
      const legs = leg === undefined ? received : received.filter((id) => id === leg);
      if (legs.length === 0)
        throw new InvalidInput(`${by} receives nothing by that leg. It receives: ${received.join(', ') || 'nothing'}.`);
      for (const id of legs) {
        const isNew = await registry
          .attestations(agreement.id)
          .create({ agreement: agreement.id, party: by, leg: id, statement, by: name, at });
        terminal.out(
          isNew ? `${by} has attested the destruction of ${id}.` : `${id} was attested before; that stands.`,
        );
      }
      const after = await readOnRecord(registry, agreement.id, at);
      terminal.out(`The agreement is ${after.current.state}.`);
    });
}
