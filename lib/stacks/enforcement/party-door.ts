import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CERTIFICATE } from '../../domain/privacy/certificate/hash-files';
import { DOOR_PARTITIONS, partitionOf } from '../../domain/registry/registry-keys';
import { ESCROW } from '../../domain/room/escrow-prefix';
import { LEDGER_BUCKET } from '../../domain/room/ledger-bucket';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allowListing } from '../shared/allow-listing';
import { allowTelling } from '../shared/allow-telling';
import { AT_ONCE } from '../shared/at-once';
import { RoomFunction } from '../shared/room-function';
import type { RegistryTable } from './registry-table';

interface PartyDoorProps {
  readonly registry: RegistryTable;
  readonly bus: IEventBus;
  /** The access ledger: what a party is shown of its accesses. */
  readonly ledger: IBucket;
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly noticeKey: IKey;
}

/** Decides on what parties ask the API, puts the decision on record, and answers. */
export class PartyDoor extends RoomFunction {
  constructor(scope: Construct, id: string, { registry, bus, ledger, landing, lake, noticeKey }: PartyDoorProps) {
    const { account } = Stack.of(scope);
    super(scope, id, {
      handler: 'decide',
      description: 'decides on requests of parties',
      noticeKey,
      isAsync: false,
      atOnce: AT_ONCE.api,
      environment: {
        REGISTRY_TABLE: registry.tableName,
        LEDGER_BUCKET: ledger.bucketName,
        LEDGER_ORIGIN: `barter-room/${account}`,
        ROOM_ACCOUNT: account,
        LANDING_BUCKET: landing.bucketName,
        LAKE_BUCKET: lake.bucketName,
        ROOM_BUS: bus.eventBusName,
      },
      statements: [
        // Signatures, attestations and problems lie with their agreement; it lists none, and counts no quota.
        ...registry.allowWriting(partitionOf(''), ...WRITES.map((kind) => DOOR_PARTITIONS[kind])),
        allowTelling(bus),
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: LEDGER_ENTRIES.map((objects) => ledger.arnForObjects(objects)),
        }),
        // Without it a ledger that has no entry yet is one that is denied.
        allowListing(ledger, `${LEDGER_BUCKET.ledger}*`),
        // Of the lake bucket it reads certificates, and no release.
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [lake.arnForObjects(CERTIFICATES)] }),
        allowListing(lake, CERTIFICATES),
      ],
      // Policies are evaluated in WebAssembly, which is compiled when the function starts.
      memory: 1024,
    });
    acknowledgeWildcards(
      this.permissions,
      [...LEDGER_ENTRIES.slice(1), CERTIFICATES].map((objects) => `/${objects}`),
      'It stands for the entries of the ledger, and for releases.',
    );
  }
}

/** What it puts on record beside an agreement's own. */
const WRITES = ['decision', 'knocks', 'erasure'] as const;

const CERTIFICATES = `${ESCROW}*/${CERTIFICATE}`;
const LEDGER_ENTRIES = ['head', 'tile/entries/*'].map((objects) => `${LEDGER_BUCKET.ledger}${objects}`);
