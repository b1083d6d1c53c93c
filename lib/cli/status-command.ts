import type { Command } from 'commander';
import { sha256 } from '../audit/node-crypto';
import { planAgreement } from '../domain/agreement/plan-agreement';
import { readPlans } from '../domain/enforcement/registry/read-plans';
import { verifySignature } from '../registry/verify-signature';
import { describeStatus, readStatus } from './describe-status';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord } from './embedded-registry';
import { readAgreement } from './read-agreement';
import type { Terminal } from './terminal';

interface StatusOptions extends RegistryOptions {
  readonly json?: boolean;
}

export function addStatusCommand(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('where an agreement stands: signatures, state, rounds, who may have what by which clause, what is due')
    .argument('<agreement>', 'the agreement file (YAML)')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  barter status examples/telco-retail/agreement.yaml')
    .action(async (file: string, { json, ...options }: StatusOptions) => {
      const written = planAgreement(readAgreement(file, terminal));
      const registry = openEmbeddedRegistry(file, options);
      const now = new Date().toISOString();
      const onRecord = await readOnRecord(registry, written.agreement.id, now);
      const erasures = await registry.erasures(written.agreement.id).list();
      const problems = await registry.problems(written.agreement.id).list();
      const signatures = await registry.signatures(written.agreement.id).list();
      const versions = await readPlans(registry, written.agreement.id);
      const proof = { verify: verifySignature, sha256 };
      const status = readStatus(written, onRecord, { erasures, problems, signatures, versions, ...proof, now });
      terminal.out(json === true ? JSON.stringify(status, null, 2) : describeStatus(status, terminal.colour));
    });
}
