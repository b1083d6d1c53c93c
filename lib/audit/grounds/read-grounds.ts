import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Plan } from '../../domain/agreement/plan/plan';
import type { AttributionGrounds } from '../../domain/audit/attribution/attribute-accesses';
import type { AuditedRoom } from '../../domain/audit/report/audit-header';
import { type AuditRecords, readAuditRecords } from '../../domain/audit/report/read-audit-records';
import { NO_CONDUCT } from '../../domain/audit/report/reported-conduct';
import { parseJson } from '../../domain/parse-json';
import { RecordUnreadable } from '../../domain/registry/record-unreadable';
import { openRegistry } from '../../domain/registry/registry';
import { verifySignature } from '../../registry/verify-signature';
import type { AuditRun } from '../audit-run';
import { sha256 } from '../node-crypto';
import { readRows } from '../pack/read-rows';
import { INPUT_LABELS } from './input-names';
import { inventorySchema } from './inventory';
import { readDecisionLines } from './party-decisions';
import { placeRecorded } from './place-recorded';
import { openLineStore, readCertificateLines, UnusableRecord } from './read-record-lines';
import { RECORD_FILES } from './record-folder';

/** What a report rests on beside its logs, as the record in a pack has it. */
export interface Grounds extends Pick<AuditRun, 'agreements' | 'bucketOwners' | 'conduct' | 'functions'> {
  readonly attribution: Required<Omit<AttributionGrounds, 'queried'>>;
  readonly room: AuditedRoom;
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
 * The agreements, decisions and places by which accesses of a pack were explained, and how everybody kept to them; undefined
 * where it keeps no record, as a party's own.
 * @param produced as of when the report tells it: UTC, ISO 8601
 * @throws UnusableRecord, RecordUnreadable
 */
export async function readGrounds(folder: string, produced: string): Promise<Grounds | undefined> {
  const record = join(folder, INPUT_LABELS.record);
  const place = join(record, RECORD_FILES.inventory);
  if (!existsSync(place)) return undefined;
  const inventory = inventorySchema.safeParse(parseJson(readFileSync(place, 'utf8'))).data;
  if (inventory === undefined) throw new UnusableRecord(`${place}: this is no inventory of a room.`);
  const recorded = await readRecords(record, produced);
  const unrecorded = new Map<string, Plan[]>();
  for await (const [version, at] of readRows(record, RECORD_FILES.agreements, versionSchema)) {
    if (version === undefined) throw new UnusableRecord(`${RECORD_FILES.agreements}:${at}: this is no version.`);
    const { id } = version.plan.agreement;
    unrecorded.set(id, [...(unrecorded.get(id) ?? []), version.plan]);
  }
  const given = await readDecisionLines(record, RECORD_FILES.decisions);
  const decisions = [...(recorded?.decisions ?? []), ...given];
  const { account, accounts, landingBucket, lakeBucket, topology, operatorParty } = inventory.room;
  const { agreements, proposed } = placeRecorded({ recorded: recorded?.agreements ?? [], unrecorded }, inventory);
  return {
    agreements,
    conduct: recorded?.conduct ?? NO_CONDUCT,
    room: { accounts: [account, ...accounts], topology, ...(operatorParty === undefined ? {} : { operatorParty }) },
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

/** Whether an error says that what a pack keeps as its record is none. */
export function isUnusable(error: unknown): boolean {
  const isShape = error instanceof TypeError || error instanceof RangeError;
  return isShape || error instanceof UnusableRecord || error instanceof RecordUnreadable;
}

/** The registry, read as for a report; undefined where there was none. */
async function readRecords(record: string, now: string): Promise<AuditRecords | undefined> {
  const [registry, certificates] = [join(record, RECORD_FILES.registry), join(record, RECORD_FILES.certificates)];
  if (!existsSync(registry)) return undefined;
  const texts = existsSync(certificates) ? await readCertificateLines(certificates) : new Map<string, string>();
  const readCertificate = async (file: string) => texts.get(file);
  const reading = { sha256, verify: verifySignature, now, readCertificate };
  return readAuditRecords(openRegistry(await openLineStore(registry)), reading);
}
