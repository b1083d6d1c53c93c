import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditRun } from '../../audit/audit-run';
import type { Inventory } from '../../audit/grounds/inventory';
import { placeRecorded } from '../../audit/grounds/place-recorded';
import { RECORD_FILES, type RecordKeeper } from '../../audit/grounds/record-folder';
import type { Plan } from '../../domain/agreement/plan/plan';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { formatFinding } from '../../domain/agreement/yaml/finding';
import type { RecordedDecision } from '../../domain/audit/attribution/recorded-decision';
import type { AuditRecords } from '../../domain/audit/report/read-audit-records';
import { NO_CONDUCT, type ReportedConduct } from '../../domain/audit/report/reported-conduct';
import { checkDecisions } from '../check-decisions';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { loadAgreement } from './load-agreement';
import { loadDecisions } from './load-decisions';
import { listAgreements } from './load-room';
import { requireSigned } from './require-signed';

export interface AuditedOptions {
  readonly agreements?: string;
  readonly decisions?: string;
  readonly registry?: string;
  readonly certificates?: string;
  /** What a report that was written elsewhere rests on: registry, certificates and decisions in one folder. */
  readonly record?: string;
}

interface Audited {
  readonly agreements: AuditRun['agreements'];
  readonly proposed: NonNullable<AuditRun['proposed']>;
  readonly decisions: readonly RecordedDecision[];
  readonly conduct: ReportedConduct;
}

/**
 * What was in force, decided and on record: from a registry, where one is named; agreements that it does not have, from their
 * files, as if every version had been signed in time. All of it is kept with the report.
 * @throws InvalidInput
 */
export async function loadAudited(
  options: AuditedOptions,
  inventory: Inventory,
  keeper: RecordKeeper,
  terminal: Terminal,
  now: string,
): Promise<Audited> {
  const plans =
    options.agreements === undefined ? new Map<string, readonly Plan[]>() : loadPlans(options.agreements, terminal);
  const records = await loadRecorded(options, keeper, now);
  const recorded = (records?.agreements ?? []).filter(({ versions }) => versions.length > 0);
  requireSigned(options.agreements ?? '', plans, recorded);
  const known = new Set(recorded.map(({ agreement }) => agreement));
  const [kept, given] = loadDecisionsOf(options);
  const decisions = [...kept, ...given];
  const unrecorded = [...plans].flatMap(([id, versions]) => (known.has(id) ? [] : versions));
  if (unrecorded.length > 0) keeper.putLines(RECORD_FILES.agreements, unrecorded.map(describeVersion));
  if (decisions.length > 0) keeper.putLines(RECORD_FILES.decisions, decisions);
  const placed = placeRecorded({ recorded: records?.agreements ?? [], unrecorded: plans }, inventory);
  checkDecisions(
    given,
    placed.agreements.map(({ inForce }) => inForce),
    terminal.err,
  );
  return {
    ...placed,
    decisions: [...(records?.decisions ?? []), ...decisions],
    conduct: records?.conduct ?? NO_CONDUCT,
  };
}

/** Most of what reads a registry is loaded only where there is one. */
async function loadRecorded(
  options: AuditedOptions,
  keeper: RecordKeeper,
  now: string,
): Promise<AuditRecords | undefined> {
  if (options.record === undefined && options.registry === undefined) return undefined;
  const { readRecorded }: typeof import('./read-recorded') = require('./read-recorded');
  return readRecorded(options, keeper, now);
}

function describeVersion(plan: Plan): object {
  const { id, version, content } = plan.agreement;
  return { agreement: id, version, content, plan };
}

/** Those of a room's record, which the room wrote, and those that whoever asks has named. */
function loadDecisionsOf({ decisions, record }: AuditedOptions) {
  const kept = record === undefined ? undefined : join(record, RECORD_FILES.decisions);
  const load = (path: string | undefined) => (path === undefined ? [] : loadDecisions(path));
  return [load(kept !== undefined && existsSync(kept) ? kept : undefined), load(decisions)] as const;
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
