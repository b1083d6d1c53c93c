import type { AuditLedger, AuditRun } from '../../lib/audit/audit-run';
import { sha256 } from '../../lib/audit/node-crypto';
import type { NoteSigner } from '../../lib/audit/note-signer';
import type { StoredSource } from '../../lib/audit/open-stored-logs';
import { placeVersions } from '../../lib/audit/place-recorded';
import { type Outboxes, publishCheckpointWidely } from '../../lib/audit/publish-checkpoint';
import type { RoomPlaces } from '../../lib/domain/audit/attribution/place-agreement';
import type { LedgerStore } from '../../lib/domain/audit/ledger/record-accesses';
import type { AuditedRoom } from '../../lib/domain/audit/report/audit-report';
import { readAuditRecords } from '../../lib/domain/audit/report/read-audit-records';
import type { Registry } from '../../lib/domain/enforcement/registry/registry';
import type { Certificate } from '../../lib/domain/privacy/certificate';
import type { ReportPeriod } from './report-period';

export interface RoomToAudit {
  readonly places: RoomPlaces;
  readonly topology: Pick<AuditedRoom, 'topology' | 'operatorParty'>;
  readonly registry: Registry;
  readonly readCertificate: (key: string) => Promise<Certificate | undefined>;
  readonly ledger: { readonly origin: string; readonly store: LedgerStore; readonly outboxes: Outboxes };
  readonly signer: NoteSigner;
  readonly readSelectors: () => Promise<NonNullable<AuditRun['selectors']>>;
  readonly openSource: (period: ReportPeriod) => Promise<StoredSource>;
  readonly toolVersion: string;
}

/** What the room has on record, as `barter audit` is told it by its options. */
export async function prepareRun(
  { places, topology, registry, readCertificate, ledger, signer, readSelectors, toolVersion }: RoomToAudit,
  period: ReportPeriod,
): Promise<Omit<AuditRun, 'out' | 'parties' | 'onProgress' | 'logs'>> {
  const records = await readAuditRecords(registry, { sha256, readCertificate, now: period.due });
  const { account, landingBucket, lakeBucket } = places;
  const shared: AuditLedger = {
    origin: ledger.origin,
    // Others write at the same time, and S3's conditions keep them apart. Nothing is ever removed from a locked bucket.
    open: () => ({ ...ledger.store, tidy: () => undefined, close: () => undefined }),
    publish: (store, by) => publishCheckpointWidely(store, by, ledger.outboxes),
  };
  return {
    agreements: records.agreements.flatMap(({ versions, provisioned }) => placeVersions(versions, places, provisioned)),
    decisions: records.decisions,
    conduct: records.conduct,
    room: { accounts: [account], ...topology },
    bucketOwners: new Map([landingBucket, lakeBucket].map((bucket) => [bucket, account])),
    trails: [],
    selectors: await readSelectors(),
    from: period.from,
    to: period.to,
    ledger: shared,
    signer,
    toolVersion,
    produced: period.due,
  };
}
