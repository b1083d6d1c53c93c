import type { Command } from 'commander';
import type { Plan } from '../../domain/agreement/plan/plan';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { writeStatement } from '../../domain/agreement/signature';
import { compilePolicies } from '../../domain/enforcement/policies/compile-policies';
import { ChangedVersion } from '../../domain/enforcement/registration/keep-version';
import { MovedProduct } from '../../domain/enforcement/registration/refuse-moved-products';
import { registerAgreement } from '../../domain/enforcement/registration/register-agreement';
import { type Signing, signVersion } from '../../domain/enforcement/registration/sign-version';
import type { Registry } from '../../domain/registry/registry';
import { verifySignature } from '../../registry/verify-signature';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { openSigner, type SignerOptions } from '../open-signer';
import {
  openEmbeddedRegistry,
  type RegistryOptions,
  readOnRecord,
  requireParty,
  versionOf,
} from '../read/embedded-registry';
import { readAgreement } from '../read/read-agreement';

interface SignOptions extends RegistryOptions, SignerOptions {
  readonly by: string;
}

export function addSignCommand(program: Command, terminal: Terminal): void {
  program
    .command('sign')
    .description('sign this version of an agreement for a party; it is in force when all have signed')
    .argument('<agreement>', 'the agreement file (YAML)')
    .requiredOption('--by <party>', 'who signs, as the agreement names it')
    .option('--key <file>', "the party's Ed25519 key (default: .barter/signing/<party>.pem, made on first use)")
    .option('--kms <arn>', 'sign with a key of AWS KMS instead: SigningKeyArn of a peer’s room')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .addHelpText('after', '\nExample:\n  barter sign examples/telco-retail/agreement.yaml --by telco')
    .action(async (file: string, options: SignOptions) => {
      const plan = planAgreement(readAgreement(file, terminal));
      requireParty(plan, options.by);
      const faults = findFaults(plan);
      if (faults.length > 0) throw new InvalidInput(`The agreement’s policies do not hold together: ${faults[0]}.`);
      const signer = await openSigner(file, options.by, options, { isFirst: true });
      const registry = openEmbeddedRegistry(file, options);
      const at = new Date().toISOString();
      await register(registry, plan, at);
      const { id: agreement, version, content } = plan.agreement;
      const said = { agreement, version, content, party: options.by };
      const { algorithm, publicKey } = signer;
      const signature = await signer.sign(writeStatement(said));
      const signing = await signVersion(registry, { ...said, algorithm, publicKey, signature, at }, verifySignature);
      if (signing.kind === 'refused') throw new InvalidInput(explain(signing.fault, options.by));
      const { current } = await readOnRecord(registry, agreement, at);
      terminal.out(`${options.by} has signed ${agreement}, version ${version}: ${content}`);
      terminal.out(`  with the key ${publicKey}`);
      terminal.out(
        `  for the API of a deployed room (sign-version): ${JSON.stringify({ version, content, algorithm, publicKey, signature })}`,
      );
      const rest = signing.unsigned.join(', ');
      const { waits } = signing;
      const signed =
        waits === undefined
          ? `it is ${current.state}.`
          : `it comes into force on ${waits}, and version ${current.version} goes on until then.`;
      terminal.out(rest === '' ? terminal.colour.green(`All have signed: ${signed}`) : `Still to sign: ${rest}.`);
    });
}

/** The engine of policies is slow to load, and only this command needs it. */
function findFaults(plan: Plan): readonly string[] {
  // `import()` would bypass the loader that bin/barter.js puts in place.
  const {
    validatePolicies,
  }: typeof import('../../policy/validate-policies') = require('../../policy/validate-policies');
  return validatePolicies(compilePolicies(plan));
}

async function register(registry: Registry, plan: Plan, at: string): Promise<void> {
  try {
    await registerAgreement(registry, versionOf(plan), at);
  } catch (error) {
    if (error instanceof ChangedVersion || error instanceof MovedProduct)
      throw new InvalidInput(error.message, { cause: error });
    throw error;
  }
}

function explain(fault: Extract<Signing, { kind: 'refused' }>['fault'], party: string): string {
  switch (fault) {
    case 'other-key':
      return `This is not the key that ${party} holds: the one that the version in force names for it, else the one that it signed with. Sign with that one. A new \`signingKey\` counts once the version that names it is in force.`;
    case 'ended':
      return 'The agreement has ended, and is not signed again. Write a new one.';
    case 'unknown-version':
      return 'A later version is on record: sign that one.';
    case 'unknown-party':
    case 'other-agreement':
    case 'other-version':
    case 'other-content':
    case 'not-genuine':
      return `The signature does not hold (${fault}). Nothing was recorded.`;
  }
}
