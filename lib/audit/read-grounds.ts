import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Plan } from '../domain/agreement/plan';
import type { AttributionGrounds } from '../domain/audit/attribution/attribute-accesses';
import { readRecordedAgreement } from '../domain/audit/report/read-audit-records';
import { parseJson } from '../domain/parse-json';
import { openRegistry } from '../domain/registry/registry';
import type { AuditRun } from './audit-run';
import { INPUT_LABELS } from './input-names';
import { inventorySchema } from './inventory';
import { readDecisionLines } from './party-decisions';
import { placeRecorded } from './place-recorded';
import { openLineStore, UnusableRecord } from './read-record-lines';
import { readRows } from './read-rows';
import { RECORD_FILES } from './record-folder';

/** What accesses were explained by, as the record in a pack has it. */
export interface Grounds extends Pick<AuditRun, 'agreements' | 'bucketOwners' | 'functions'> {
  readonly attribution: Omit<AttributionGrounds, 'queried'>;
}

const planSchema = z.looseObject({
  planVersion: z.literal(1),
  agreement: z.looseObject({ id: z.string(), version: z.int() }),
  parties: z.array(z.looseObject({ id: z.string(), account: z.string() })),
  term: z.looseObject({ starts: z.string(), ends: z.string() }),
  legs: z.array(z.looseObject({ id: z.string(), from: z.string(), to: z.string(), dataset: z.string() })),
});
const versionSchema = z.object({ plan: z.custom<Plan>((plan) => planSchema.safeParse(plan).success) });

/**
 * The agreements, decisions and places by which accesses of a pack were explained; undefined where it keeps no record, as a
 * party's own.
 * @throws UnusableRecord, RecordUnreadable
 */
export async function readGrounds(folder: string): Promise<Grounds | undefined> {
  const record = join(folder, INPUT_LABELS.record);
  const place = join(record, RECORD_FILES.inventory);
  if (!existsSync(place)) return undefined;
  const inventory = inventorySchema.safeParse(parseJson(readFileSync(place, 'utf8'))).data;
  if (inventory === undefined) throw new UnusableRecord(`${place}: this is no inventory of a room.`);
  const recorded = await readRegistry(join(record, RECORD_FILES.registry));
  const unrecorded = new Map<string, Plan[]>();
  for await (const [version, at] of readRows(record, RECORD_FILES.agreements, versionSchema)) {
    if (version === undefined) throw new UnusableRecord(`${RECORD_FILES.agreements}:${at}: this is no version.`);
    const { id } = version.plan.agreement;
    unrecorded.set(id, [...(unrecorded.get(id) ?? []), version.plan]);
  }
  const given = await readDecisionLines(record, RECORD_FILES.decisions);
  const decisions = [...recorded.flatMap((each) => each.decisions), ...given];
  const { account, accounts, landingBucket, lakeBucket } = inventory.room;
  const { agreements, proposed } = placeRecorded({ recorded, unrecorded }, inventory);
  return {
    agreements,
    ...(inventory.functions === undefined ? {} : { functions: inventory.functions }),
    bucketOwners: new Map([landingBucket, lakeBucket].map((bucket) => [bucket, account])),
    attribution: {
      agreements: agreements.map(({ inForce }) => inForce),
      proposed,
      decisions,
      roomAccounts: new Set([account, ...accounts]),
    },
  };
}

async function readRegistry(path: string): Promise<readonly Awaited<ReturnType<typeof readRecordedAgreement>>[]> {
  if (!existsSync(path)) return [];
  const registry = openRegistry(await openLineStore(path));
  const recorded = [];
  for (const agreement of (await registry.listAgreements()).toSorted())
    recorded.push(await readRecordedAgreement(registry, agreement));
  return recorded;
}
