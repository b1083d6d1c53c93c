import { Duration, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { WATCH_TIME } from '../../domain/enforcement/registration/check-times';
import { LEDGER_BUCKET } from '../../domain/room/ledger-bucket';
import { OUTBOX } from '../../domain/room/outbox-prefix';
import type { RegistryTable } from '../enforcement/registry-table';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allowEncrypting } from '../shared/allow-encrypting';
import { allowListing } from '../shared/allow-listing';
import { allowTelling } from '../shared/allow-telling';
import { RoomFunction } from '../shared/room-function';
import { RoomSchedules } from './room-schedules';

interface AccessWatchProps {
  readonly registry: RegistryTable;
  readonly bus: IEventBus;
  /** Where the access ledger is. */
  readonly ledger: IBucket;
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly key: IKey;
  readonly noticeKey: IKey;
}

/**
 * Looks at every access that comes to the ledger: what breaks an agreement goes on record, and its remedy follows; and whose
 * accesses there are is shown what the ledger comes to.
 */
export class AccessWatch extends Construct {
  constructor(scope: Construct, id: string, props: AccessWatchProps) {
    super(scope, id);
    const { registry, bus, ledger, landing, lake, key, noticeKey } = props;
    const { account } = Stack.of(this);
    const watch = new RoomFunction(this, 'Watch', {
      handler: 'watch-accesses',
      description: 'looks for breaches in the stream of accesses',
      noticeKey,
      isAsync: true,
      // What is counted is counted from where the last look ended.
      atOnce: 1,
      timeout: Duration.minutes(5),
      memory: 512,
      environment: {
        REGISTRY_TABLE: registry.tableName,
        LEDGER_BUCKET: ledger.bucketName,
        LEDGER_ORIGIN: `barter-room/${account}`,
        LANDING_BUCKET: landing.bucketName,
        LAKE_BUCKET: lake.bucketName,
        ROOM_BUS: bus.eventBusName,
        ROOM_ACCOUNT: account,
      },
      statements: [
        ...registry.allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'),
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [ledger.arnForObjects(LEDGER_OBJECTS)] }),
        // Without it S3 says of what is not there that it is forbidden.
        allowListing(ledger, LEDGER_OBJECTS),
        // What the ledger has come to, for those whose accesses it has.
        new PolicyStatement({ actions: ['s3:PutObject'], resources: [ledger.arnForObjects(`${OUTBOX}*`)] }),
        allowEncrypting(key),
        allowTelling(bus),
      ],
    });
    acknowledgeWildcards(
      watch.permissions,
      [`/${LEDGER_OBJECTS}`, `/${OUTBOX}*`],
      'It stands for the parts of the ledger, and for the parties that are shown what it comes to.',
    );
    new RoomSchedules(this, 'Times', { times: [WATCH_TIME], target: watch, noticeKey });
  }
}

const LEDGER_OBJECTS = `${LEDGER_BUCKET.ledger}*`;
