import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditRun } from '../audit/audit-run';
import { sha256 } from '../audit/node-crypto';
import { placeVersions } from '../audit/place-recorded';
import { formatFinding } from '../domain/agreement/finding';
import type { Plan } from '../domain/agreement/plan';
import { planAgreement } from '../domain/agreement/plan-agreement';
import { listVersions } from '../domain/audit/attribution/place-agreement';
import type { RecordedDecision } from '../domain/audit/attribution/recorded-decision';
import { type AuditRecords, readAuditRecords } from '../domain/audit/report/read-audit-records';
import { NO_CONDUCT, type ReportedConduct } from '../domain/audit/report/reported-conduct';
import { openRegistry } from '../domain/enforcement/registry/registry';
import type { Certificate } from '../domain/privacy/certificate';
import { openFileStore } from '../registry/file-store';
import { InvalidInput } from './exit-code';
import { loadAgreement } from './load-agreement';
import type { Inventory } from './load-inventory';
import { listAgreements } from './load-room';
import { resolveInside, UnreadableFile } from './read-text-file';
import type { Terminal } from './terminal';

export interface AuditedOptions {
  readonly agreements: string;
  readonly registry?: string;
  readonly certificates?: string;
}

export interface Audited {
  readonly agreements: AuditRun['agreements'];
  readonly decisions: readonly RecordedDecision[];
  readonly conduct: ReportedConduct;
}

/**
 * What was in force, decided and on record: from a registry, where one is named; agreements that it does not have, from their
 * files, as if every version had been signed in time.
 * @throws InvalidInput
 */
export async function loadAudited(
  options: AuditedOptions,
  inventory: Inventory,
  terminal: Terminal,
  now: string,
): Promise<Audited> {
  const plans = loadPlans(options.agreements, terminal);
  const records = options.registry === undefined ? undefined : await loadRecords(options, options.registry, now);
  const recorded = (records?.agreements ?? []).filter(({ versions }) => versions.length > 0);
  for (const { agreement, versions } of recorded) {
    for (const { plan } of versions) {
      const file = plans.get(agreement)?.find((each) => each.agreement.version === plan.agreement.version);
      if (file !== undefined && file.agreement.content !== plan.agreement.content) {
        throw new InvalidInput(
          `--agreements ${options.agreements}: version ${plan.agreement.version} of ${agreement} is not what was signed. Audit by the file that was.`,
        );
      }
    }
  }
  const known = new Set(recorded.map(({ agreement }) => agreement));
  const fromFiles = [...plans].filter(([id]) => !known.has(id));
  return {
    agreements: [
      ...recorded.flatMap(({ agreement, versions, provisioned }) =>
        placeVersions(versions, inventory.room, inventory.agreements[agreement] ?? provisioned),
      ),
      ...fromFiles.flatMap(([id, versions]) =>
        placeVersions(
          listVersions(versions),
          inventory.room,
          inventory.agreements[id] ?? { dataSets: {}, legKeys: {} },
        ),
      ),
    ],
    decisions: records?.decisions ?? [],
    conduct: records?.conduct ?? NO_CONDUCT,
  };
}

/** Every version in the folder, by agreement. */
function loadPlans(folder: string, terminal: Terminal): ReadonlyMap<string, readonly Plan[]> {
  const files = listAgreements(folder) ?? [];
  if (files.length === 0)
    throw new InvalidInput(`--agreements ${folder} holds no agreement: a .yaml file with the key \`agreement\`.`);
  const plans = new Map<string, Plan[]>();
  for (const file of files) {
    const reading = loadAgreement(file);
    if (reading.kind === 'invalid') throw new InvalidInput(reading.findings.map(formatFinding).join('\n'));
    for (const warning of reading.warnings) terminal.err(formatFinding(warning));
    const plan = planAgreement(reading.agreement);
    const { id, version } = plan.agreement;
    const others = plans.get(id) ?? [];
    if (others.some(({ agreement }) => agreement.version === version)) {
      throw new InvalidInput(`${file}: version ${version} of ${id} is there twice. Keep one file for each version.`);
    }
    plans.set(id, [...others, plan]);
  }
  return plans;
}

function loadRecords({ agreements, certificates }: AuditedOptions, registry: string, now: string) {
  for (const [option, folder] of [
    ['--registry', registry],
    ['--certificates', certificates ?? agreements],
  ] as const)
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      throw new InvalidInput(`${option} ${folder}: there is no such folder.`);
  const root = realpathSync(certificates ?? agreements);
  const reading = { sha256, now, readCertificate: async (file: string) => readCertificate(root, file) };
  return readAuditRecords(openRegistry(openFileStore(registry)), reading) satisfies Promise<AuditRecords>;
}

/** A place on record may be anything: only files of the folder are read. */
function readCertificate(root: string, file: string): Certificate | undefined {
  try {
    return JSON.parse(readFileSync(resolveInside(root, join(root, file), file), 'utf8'));
  } catch (error) {
    if (error instanceof UnreadableFile || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
