import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import canonicalize from 'canonicalize';
import type { Plan, PlannedLeg } from '../domain/agreement/plan/plan';
import { narrowToLegs } from '../domain/exchange/handover/narrow-to-legs';
import { writeNotice } from '../domain/exchange/report/notice';
import { judgeRound } from '../domain/exchange/rounds/judge-round';
import type { LegOutcome, RoundOutcome } from '../domain/exchange/rounds/round';
import { showRows } from '../domain/privacy/certificate/show-figures';
import type { FixedLevels } from '../domain/privacy/hierarchies/fixed-levels';
import { InvalidDelivery } from '../engine/invalid-delivery';
import { InvalidDeliveries } from './invalid-deliveries';
import { requireMasterKey } from './master-key';
import { inspectDataset, type OpenedDataset, prepareDataset } from './prepare-dataset';
import type { Rehearsal } from './rehearsal';
import { listFiles, ROUND_RECORD, type RoundFolder } from './round-folder';

/**
 * One round of a whole barter on this machine: every delivery is cleaned, treated, measured and certified behind the
 * escrow; then all releases appear in all inboxes at once, or none does.
 * @throws InvalidDeliveries when a delivery cannot be read at all; nothing is published then.
 * @throws UnusableKeyFile when the key is not the one that earlier rounds were made with; nothing is treated then.
 */
export async function rehearseRound(whole: Rehearsal): Promise<RoundOutcome> {
  const planHash = hashPlan(whole.plan);
  const rehearsal = { ...whole, plan: narrowToLegs(whole.plan, whole.legs) };
  const { plan, folder, record } = rehearsal;
  for (const { owner } of plan.datasets) {
    const id = whole.keyOnRecord?.(owner);
    if (id !== undefined) requireMasterKey(whole.keysFolder, plan.agreement.id, owner, id);
  }
  const outcomes: LegOutcome[] = [];
  const settled = new Map<string, FixedLevels>();
  // What is alone is read at once anyway.
  if (plan.datasets.length > 1) await withEach(rehearsal, inspectDataset);
  await withEach(rehearsal, async (opened) => {
    const prepared = await prepareDataset({ ...opened, planHash });
    outcomes.push(...prepared.legs);
    if (prepared.settled) settled.set(opened.dataset.id, prepared.settled);
  });
  const outcome = judgeRound(plan, orderByPlan(plan, outcomes));
  const isDelivered = outcome.kind === 'delivered';
  if (isDelivered) fillInboxes(folder, outcome);
  writeRecords(rehearsal, outcome);
  if (isDelivered) await record?.prepare(outcome, settled);
  folder.publish();
  await (isDelivered ? record?.complete() : record?.withhold(outcome));
  return outcome;
}

/**
 * Does the same with every dataset of the round, each by an engine of its own.
 * @throws InvalidDeliveries of all that cannot be read.
 */
async function withEach(rehearsal: Rehearsal, work: (opened: OpenedDataset) => Promise<void>): Promise<void> {
  const invalid: InvalidDelivery[] = [];
  for (const dataset of rehearsal.plan.datasets) {
    const engine = await rehearsal.openEngine(join(rehearsal.folder.scratch, dataset.id));
    try {
      await work({ ...rehearsal, dataset, engine });
    } catch (error) {
      if (!(error instanceof InvalidDelivery)) throw error;
      invalid.push(error);
    } finally {
      await engine.close();
    }
  }
  if (invalid.length > 0) throw new InvalidDeliveries(invalid);
}

/** SHA-256 over the plan's canonical JSON (RFC 8785). */
function hashPlan(plan: Plan): string {
  return createHash('sha256')
    .update(canonicalize(plan) ?? '')
    .digest('hex');
}

function orderByPlan(plan: Plan, outcomes: readonly LegOutcome[]): readonly LegOutcome[] {
  return plan.legs.flatMap((leg) => outcomes.filter((outcome) => outcome.leg.id === leg.id));
}

/** Within the folder of a round. The receiver of a query-only leg gets the certificate alone; the treated rows stay with their giver. */
export function releasePath(leg: PlannedLeg): string {
  const home =
    leg.via.kind === 'query-only' ? join(leg.from, 'held', leg.to, leg.dataset) : join(leg.to, 'inbox', leg.dataset);
  return join(home, 'release.parquet');
}

function fillInboxes(folder: RoundFolder, outcome: RoundOutcome): void {
  for (const { leg, certificate } of outcome.legs) {
    const inbox = join(folder.prepared, leg.to, 'inbox', leg.dataset);
    const home = join(folder.prepared, releasePath(leg));
    mkdirSync(inbox, { recursive: true });
    mkdirSync(dirname(home), { recursive: true });
    renameSync(join(folder.releases, `${leg.id}.parquet`), home);
    writeJson(join(inbox, 'certificate.json'), certificate);
  }
}

function writeRecords(rehearsal: Rehearsal, outcome: RoundOutcome): void {
  const { plan, folder } = rehearsal;
  for (const { id } of plan.parties) writeText(join(folder.prepared, id, 'notice.md'), writeNotice(plan, outcome, id));
  writeText(join(folder.prepared, 'room.html'), rehearsal.renderReport(plan, outcome));
  const files = [...listFiles(folder.prepared), ROUND_RECORD].sort();
  const { id, version } = plan.agreement;
  const record = { barterRound: 1, agreement: { id, version }, ...showOutcome(plan, outcome), files };
  writeJson(join(folder.prepared, ROUND_RECORD), record);
}

/** The record of the round lies open to every party: details are for a giver's own notice, and counts are those of certificates. */
function showOutcome({ datasets }: Plan, outcome: RoundOutcome): RoundOutcome {
  const legs = outcome.legs.map(({ rows: counted, ...leg }) => {
    const dataset = datasets.find(({ id }) => id === leg.leg.dataset);
    const rows = leg.certificate?.rows ?? (counted && dataset && showRows(counted, dataset));
    return { ...leg, gates: leg.gates.map(({ detail: _, ...gate }) => gate), ...(rows && { rows }) };
  });
  return { ...outcome, legs };
}

function writeJson(file: string, value: unknown): void {
  writeText(file, `${JSON.stringify(value, null, 2)}\n`);
}

function writeText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
