import type { AuditLedger, AuditRun } from '../../lib/audit/audit-run';
import { type Inventory, readTrails } from '../../lib/audit/grounds/inventory';
import type { EarlierReports } from '../../lib/audit/grounds/mark-reported';
import { placeRecorded } from '../../lib/audit/grounds/place-recorded';
import { openRecordKeeper, RECORD_FILES } from '../../lib/audit/grounds/record-folder';
import type { NoteSigner } from '../../lib/audit/ledger/note-signer';
import { type Outboxes, publishCheckpointWidely } from '../../lib/audit/ledger/publish-checkpoint';
import type { StoredSource } from '../../lib/audit/logs/open-stored-logs';
import { sha256 } from '../../lib/audit/node-crypto';
import type { RoomPlaces } from '../../lib/domain/audit/attribution/place-agreement';
import type { LedgerStore } from '../../lib/domain/audit/ledger/record-accesses';
import type { AuditedRoom } from '../../lib/domain/audit/report/audit-header';
import { readAuditRecords } from '../../lib/domain/audit/report/read-audit-records';
import type { RecordStore } from '../../lib/domain/registry/record-store';
import { openRegistry } from '../../lib/domain/registry/registry';
import { verifySignature } from '../../lib/registry/verify-signature';
import type { ReportPeriod } from './report-period';

export interface RoomToAudit {
  readonly places: RoomPlaces;
  readonly topology: Pick<AuditedRoom, 'topology' | 'operatorParty'>;
  readonly store: RecordStore;
  readonly readCertificate: (key: string) => Promise<string | undefined>;
  readonly ledger: { readonly origin: string; readonly store: LedgerStore; readonly outboxes: Outboxes };
  readonly signer: NoteSigner;
  readonly readSelectors: () => Promise<NonNullable<AuditRun['selectors']>>;
  readonly listFunctions: () => Promise<NonNullable<AuditRun['functions']>>;
  readonly openSource: (period: ReportPeriod) => Promise<StoredSource>;
  /** The reports that were written of the time before. */
  readonly readEarlier: (from: string) => Promise<EarlierReports | undefined>;
  readonly toolVersion: string;
}

/** What the room has on record, as `barter audit` is told it by its options. @param out where the report is to be written */
export async function prepareRun(
  room: RoomToAudit,
  period: ReportPeriod,
  out: string,
): Promise<Omit<AuditRun, 'parties' | 'onProgress' | 'logs'>> {
  const { places, topology, store, readCertificate, ledger, signer, readEarlier, toolVersion } = room;
  const keeper = openRecordKeeper(out);
  const records = await readAuditRecords(openRegistry(keeper.keepStore(store)), {
    sha256,
    verify: verifySignature,
    readCertificate: keeper.keepCertificates(readCertificate),
    now: period.due,
  });
  const [selectors, functions] = [await room.readSelectors(), await room.listFunctions()];
  const { account, region, landingBucket, lakeBucket } = places;
  // Expected, so that one that is silent is missed; in other regions it is told of by its digests.
  const trails = [...selectors].map(([trail, told]) => ({ trail, account, region, selectors: [...told] }));
  const inventory: Inventory = {
    room: { ...places, accounts: [], ...topology },
    trails,
    selectors: Object.fromEntries(trails.map(({ trail, selectors: told }) => [trail, told])),
    functions: [...functions],
    agreements: {},
  };
  keeper.putValue(RECORD_FILES.inventory, inventory);
  await keeper.finish();
  const shared: AuditLedger = {
    origin: ledger.origin,
    // Others write at the same time, and S3's conditions keep them apart. Nothing is ever removed from a locked bucket.
    open: () => ({ ...ledger.store, tidy: () => undefined, close: () => undefined }),
    publish: (store, by) => publishCheckpointWidely(store, by, ledger.outboxes),
  };
  const earlier = await readEarlier(period.from);
  return {
    ...placeRecorded({ recorded: records.agreements, unrecorded: new Map() }, inventory),
    decisions: records.decisions,
    conduct: records.conduct,
    room: { accounts: [account], ...topology },
    bucketOwners: new Map([landingBucket, lakeBucket].map((bucket) => [bucket, account])),
    ...readTrails(inventory),
    functions,
    from: period.from,
    to: period.to,
    ...(earlier === undefined ? {} : { earlier }),
    ledger: shared,
    signer,
    toolVersion,
    out,
    produced: period.due,
  };
}
