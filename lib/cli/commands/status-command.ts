import type { Command } from 'commander';
import { sha256 } from '../../audit/node-crypto';
import type { Plan } from '../../domain/agreement/plan/plan';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { statusSchema } from '../../domain/enforcement/api/api-schemas';
import { readPlans } from '../../domain/registry/read-plans';
import { verifySignature } from '../../registry/verify-signature';
import { compareWithRoom, describeRoomStatus } from '../describe/describe-room-status';
import { describeStatus, readStatus } from '../describe/describe-status';
import { EXIT, InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord } from '../read/embedded-registry';
import { listKeysLeft } from '../read/list-keys-left';
import { readAgreement } from '../read/read-agreement';

interface StatusOptions extends RegistryOptions {
  readonly json?: boolean;
  readonly room?: string;
}

export function addStatusCommand(program: Command, terminal: Terminal, report: (exitCode: number) => void): void {
  program
    .command('status')
    .description('where an agreement stands: signatures, state, rounds, who may have what by which clause, what is due')
    .argument('<agreement>', 'the agreement file (YAML)')
    .option('--registry <dir>', 'where the record is kept (default: .barter/registry beside the agreement)')
    .option(
      '--room <url>',
      'ask a room on AWS, by the address of its API and with the role of your party, and hold what it enforces against the file',
    )
    .option('--json', 'print it as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, { json, room, ...options }: StatusOptions) => {
      const written = planAgreement(readAgreement(file, terminal));
      if (room !== undefined) {
        if (options.registry !== undefined)
          throw new InvalidInput('--registry is about this machine, and --room about another. Give one.');
        if (!(await showRoom(room, written, json === true, terminal))) report(EXIT.withheld);
        return;
      }
      const registry = openEmbeddedRegistry(file, options);
      const now = new Date().toISOString();
      const onRecord = await readOnRecord(registry, written.agreement.id, now);
      const erasures = await registry.erasures(written.agreement.id).list();
      const problems = await registry.problems(written.agreement.id).list();
      const signatures = await registry.signatures(written.agreement.id).list();
      const versions = await readPlans(registry, written.agreement.id);
      const proof = { verify: verifySignature, sha256 };
      const keysLeft = listKeysLeft(file, onRecord);
      const sources = { erasures, problems, signatures, versions, ...proof, keysLeft, now };
      const status = readStatus(written, onRecord, sources);
      terminal.out(json === true ? JSON.stringify(status, null, 2) : describeStatus(status, terminal.colour));
    });
}

const HELP = `
Examples:
  barter status examples/telco-retail/agreement.yaml
  barter status agreement.yaml --room https://abcde12345.execute-api.eu-central-1.amazonaws.com

Exit codes with --room: 0 what the room enforces follows from the file, 3 it does not, 2 invalid input.`;

/** @returns whether what the room enforces follows from the file */
async function showRoom(room: string, plan: Plan, asJson: boolean, terminal: Terminal): Promise<boolean> {
  // Slow to load, and only wanted here.
  const { askRoom }: typeof import('../ask-room') = require('../ask-room');
  const status = await askRoom({ room, plan, party: 'your party' }, 'read-agreement', undefined, statusSchema);
  const comparison = compareWithRoom(plan, status);
  terminal.out(
    asJson
      ? JSON.stringify({ ...status, comparison }, null, 2)
      : describeRoomStatus(status, comparison, terminal.colour),
  );
  return comparison.differing.length === 0;
}
