import { createHash } from 'node:crypto';
import type { PlannedLeg } from '../../lib/domain/agreement/plan/plan';
import { addRelease, dropRelease, isListed } from '../../lib/domain/exchange/erasure/plan-erasure';
import { isInTable } from '../../lib/domain/exchange/erasure/token-table';
import type { ErasureRecord } from '../../lib/domain/registry/conduct-records';
import type { Registry } from '../../lib/domain/registry/registry';
import { escrowPrefix } from '../../lib/domain/room/escrow-prefix';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import type { JobOrders } from '../../lib/engine/glue/job-orders';
import type { Objects } from '../shared/objects';
import type { ReadColumns } from '../solve-generalisation/read-histogram';
import { makeTokenTable } from './make-token-table';

export type TrackedErasures = Pick<ReturnType<Registry['erasures']>, 'list' | 'change'>;

class ChangedOrders extends Error {
  override readonly name = 'ChangedOrders';
}

/**
 * A subject that was to be erased after the run's orders were written may be in its releases: their receivers have to erase it
 * from there too. Who is in none of them, and was in one whose place they took, is asked for there no more. Releases are on record before erasures are looked for, and whoever records an erasure looks for releases after
 * that: so one of the two finds it, however they meet.
 */
export async function trackErased(
  run: WorkflowRun,
  legs: readonly PlannedLeg[],
  {
    landing,
    readColumns,
    releases,
    erasures,
  }: {
    readonly landing: Objects;
    readonly readColumns: ReadColumns;
    readonly releases: Pick<ReturnType<Registry['releases']>, 'list'>;
    readonly erasures: TrackedErasures;
  },
): Promise<void> {
  const asked = (await erasures.list()).filter(({ dataset }) => dataset === run.dataset);
  if (asked.length === 0) return;
  const leftOut = new Set(await readLeftOut(run, landing));
  const missed = asked.filter(({ subject }) => !leftOut.has(subject));
  const known = await releases.list();
  for (const leg of legs) {
    const place = escrowPrefix(run.agreement, leg, run.run);
    const release = known.find((each) => each.leg === leg.id && each.place === place);
    if (release === undefined) continue;
    const held = await listHeld(missed, leg, () => makeTokenTable(run, leg, { landing, readColumns }));
    for (const { id } of held) await erasures.change([id], (each) => addRelease(each, leg.id, release.round));
    for (const erasure of asked)
      if (!held.includes(erasure) && isListed(erasure, leg.id, release.round))
        await erasures.change([erasure.id], (each) => dropRelease(each, leg.id, release.round));
  }
}

/** Those of these subjects that the leg's release may hold. */
async function listHeld(
  missed: readonly ErasureRecord[],
  leg: PlannedLeg,
  makeTable: () => Promise<Uint8Array | undefined>,
): Promise<readonly ErasureRecord[]> {
  if (missed.length === 0) return [];
  const table = await makeTable();
  const held: ErasureRecord[] = [];
  for (const erasure of missed) if (await mayHold(erasure, leg, table)) held.push(erasure);
  return held;
}

async function mayHold({ receivers }: ErasureRecord, leg: PlannedLeg, table: Uint8Array | undefined) {
  const tokens = receivers.find((each) => each.leg === leg.id)?.tokens ?? [];
  if (table === undefined || tokens.length === 0) return true;
  const found = await Promise.all(tokens.map((each) => isInTable(each, async (from, to) => table.subarray(from, to))));
  return found.some((each) => each !== false);
}

async function readLeftOut({ work, orders }: WorkflowRun, landing: Objects): Promise<JobOrders['erased']> {
  const bytes = await landing.read(`${work}orders.json`);
  if (createHash('sha256').update(bytes).digest('hex') !== orders.sha256)
    throw new ChangedOrders('The orders of the run are not those that its job was told.');
  const { erased }: Pick<JobOrders, 'erased'> = JSON.parse(new TextDecoder().decode(bytes));
  return erased;
}
