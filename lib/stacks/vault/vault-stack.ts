import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Room } from '../../domain/room/room';
import { AccessLogBucket } from './access-log-bucket';
import { AlertTeller } from './alert-teller';
import { AlertTopic } from './alert-topic';
import { BucketGuard } from './bucket-guard';
import { CallAlert } from './call-alert';
import { EvidenceBucket } from './evidence-bucket';
import { GUARDS } from './guards';
import { NoticeKey } from './notice-key';
import { RoomKey } from './room-key';
import type { TrailDestination } from './room-trail';
import { SigningKey } from './signing-key';
import { TrailArchive } from './trail-archive';

interface VaultStackProps extends StackProps {
  readonly retention: Room['retention'];
  /** E-mail addresses. */
  readonly alarms: readonly string[];
  /** Where another account keeps the trail; absent: this stack does. */
  readonly archive?: TrailDestination;
  /** Whether it is a party's own room. */
  readonly isPeer?: boolean;
}

/** What everything else rests on: the room's keys, the places of its evidence, and who is told when somebody touches them. */
export class VaultStack extends Stack {
  readonly key: RoomKey;
  /** Encrypts alerts, logs and dead letters. */
  readonly noticeKey: NoticeKey;
  readonly alerts: AlertTopic;
  /** By which rules raise alerts. */
  readonly teller: AlertTeller;
  /** The access ledger and the audit reports. */
  readonly ledger: EvidenceBucket;
  /** Signs the ledger's checkpoints. */
  readonly ledgerKey: SigningKey;
  /** Of a peer's room: its party signs agreements with it, and the room its commitments. */
  readonly signingKey: SigningKey | undefined;
  readonly archive: TrailDestination;

  constructor(scope: Construct, id: string, { retention, alarms, archive, isPeer = false, ...props }: VaultStackProps) {
    super(scope, id, props);
    this.key = new RoomKey(this, 'Key');
    this.noticeKey = new NoticeKey(this, 'NoticeKey');
    this.alerts = new AlertTopic(this, 'Alerts', { noticeKey: this.noticeKey, alarms });
    this.teller = new AlertTeller(this, 'Teller', this.alerts, this.noticeKey);
    this.ledgerKey = new SigningKey(this, 'LedgerKey', 'Barter room: signs the checkpoints of the access ledger');
    this.signingKey = isPeer
      ? new SigningKey(this, 'SigningKey', 'Barter room: signs agreements and commitments of its party')
      : undefined;
    if (this.signingKey !== undefined)
      new CfnOutput(this, 'SigningKeyArn', {
        description: 'Key that the party signs agreements with',
        value: this.signingKey.keyArn,
      });
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', Duration.days(retention.accessLogs));
    const locked = Duration.days(retention.logs);
    this.ledger = new EvidenceBucket(this, 'Ledger', { key: this.key, accessLogs, locked, expires: false });
    const guarded: IBucket[] = [accessLogs, this.ledger];
    if (archive === undefined) {
      const own = new TrailArchive(this, 'Archive', { roomAccount: this.account, accessLogs, locked });
      guarded.push(own.bucket);
      this.archive = own.destination;
    } else this.archive = archive;
    new BucketGuard(this, 'BucketGuard', this.teller, guarded);
    for (const guard of GUARDS) new CallAlert(this, guard.id, { teller: this.teller, ...guard });
  }
}
