import { Duration, Size, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ACCESS_LOGGED } from '../../domain/room/access-log-prefix';
import { ESCROW } from '../../domain/room/escrow-prefix';
import { LEDGER_BUCKET } from '../../domain/room/ledger-bucket';
import { OUTBOX } from '../../domain/room/outbox-prefix';
import type { Room } from '../../domain/room/room';
import type { RegistryTable } from '../enforcement/registry-table';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allowEncrypting } from '../shared/allow-encrypting';
import { allowListing } from '../shared/allow-listing';
import { RoomFunction } from '../shared/room-function';
import { type TrailDestination, trailArn } from '../vault/room-trail';
import { allowReadingTrail, TRAIL_WILDCARDS } from './allow-reading-trail';

export interface ReportWriterProps {
  /** The room's key. */
  readonly key: IKey;
  readonly noticeKey: IKey;
  /** Of the access ledger, in which reports and outboxes are too; and the key that signs. */
  readonly ledger: IBucket;
  readonly ledgerKey: IKey;
  readonly landing: IBucket;
  /** Where certificates lie beside the releases. */
  readonly lake: IBucket;
  readonly archive: TrailDestination;
  /** What S3 itself writes of the requests to landing and lake. */
  readonly accessLogs: IBucket;
  /** The SFTP server's, where there is one. */
  readonly sftpLog?: ILogGroup;
  readonly registry: RegistryTable;
  readonly room: Pick<Room, 'topology' | 'operatorParty'>;
}

/**
 * Writes the auditor's report: reads the trail, the record and the certificates, appends to the ledger, and writes reports.
 * It sees no delivery and no release, changes nothing that is written, and grants nothing.
 */
export class ReportWriter extends RoomFunction {
  constructor(scope: Construct, id: string, props: ReportWriterProps) {
    const { key, noticeKey, ledger, ledgerKey, landing, lake, archive, registry, room } = props;
    const { accessLogs, sftpLog } = props;
    const logged = ACCESS_LOGGED.map((prefix) => `${prefix}*`);
    const { account, region, urlSuffix } = Stack.of(scope);
    const certificates = `${ESCROW}*/certificate.json`;
    super(scope, id, {
      handler: 'write-audit-report',
      description: "reads logs for the auditor's report that is due, and writes it",
      noticeKey,
      environment: {
        LEDGER_BUCKET: ledger.bucketName,
        LEDGER_ORIGIN: `barter-room/${account}`,
        LEDGER_KEY_ARN: ledgerKey.keyArn,
        TRAIL_BUCKET: archive.bucketName,
        TRAIL_ARN: trailArn(scope, account),
        ACCESS_LOG_BUCKET: accessLogs.bucketName,
        ...(sftpLog === undefined ? {} : { TRANSFER_LOG_GROUP: sftpLog.logGroupName }),
        REGISTRY_TABLE: registry.tableName,
        LANDING_BUCKET: landing.bucketName,
        LAKE_BUCKET: lake.bucketName,
        ROOM_ACCOUNT: account,
        LAMBDA_ENDPOINT: `https://lambda.${region}.${urlSuffix}`,
        ROOM_TOPOLOGY: room.topology.kind,
        ...operatorOf(room),
      },
      isAsync: false,
      // It reads file by file, so the disk holds what is sorted and the report.
      timeout: REPORT_TIMEOUT,
      memory: 3008,
      storage: Size.gibibytes(10),
      statements: [
        ...allowReadingTrail(scope, archive),
        new PolicyStatement({ actions: ['cloudtrail:ListPublicKeys'], resources: ['*'] }),
        // What is not recorded at all, the report says too.
        new PolicyStatement({ actions: ['cloudtrail:GetEventSelectors'], resources: [trailArn(scope, account)] }),
        // Which code the room runs: Lambda lists functions, with their settings, for no narrower resource.
        new PolicyStatement({ actions: ['lambda:ListFunctions'], resources: ['*'] }),
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: logged.map((objects) => accessLogs.arnForObjects(objects)),
        }),
        allowListing(accessLogs, logged),
        ...(sftpLog === undefined
          ? []
          : [new PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: [sftpLog.logGroupArn] })]),
        ...registry.allow('dynamodb:GetItem', 'dynamodb:Query'),
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [lake.arnForObjects(certificates)] }),
        // Without it a certificate that is gone is one that is denied.
        allowListing(lake, `${ESCROW}*`),
        new PolicyStatement({
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: WRITTEN.map((objects) => ledger.arnForObjects(objects)),
        }),
        new PolicyStatement({ actions: ['s3:PutObject'], resources: [ledger.arnForObjects(`${OUTBOX}*`)] }),
        allowListing(ledger, WRITTEN),
        allowEncrypting(key),
        new PolicyStatement({ actions: ['kms:GetPublicKey', 'kms:Sign'], resources: [ledgerKey.keyArn] }),
      ],
    });
    acknowledgeWildcards(
      this.permissions,
      [...TRAIL_WILDCARDS, ...[...WRITTEN, `${OUTBOX}*`, certificates, ...logged].map((objects) => `/${objects}`)],
      'It stands for logs, days, parts of the ledger, times of reports, parties and releases.',
    );
    Validations.of(this.permissions).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'The public keys by which CloudTrail signs have no resources, and Lambda lists functions for all or none.',
    });
  }
}

/** Of a hosted room the party in whose account it stands; of a peer's, whose it is. */
function operatorOf({ topology, operatorParty }: Pick<Room, 'topology' | 'operatorParty'>) {
  const party = topology.kind === 'peer' ? topology.party : operatorParty;
  return party === undefined ? {} : { OPERATOR_PARTY: party };
}

const WRITTEN = Object.values(LEDGER_BUCKET).map((prefix) => `${prefix}*`);

/** The longest that a function can run. */
export const REPORT_TIMEOUT = Duration.minutes(15);
