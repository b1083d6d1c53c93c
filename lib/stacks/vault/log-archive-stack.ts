import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Room } from '../../domain/room/room';
import { AccessLogBucket } from './access-log-bucket';
import { AlertTeller } from './alert-teller';
import { AlertTopic } from './alert-topic';
import { BucketGuard } from './bucket-guard';
import { NoticeKey } from './notice-key';
import type { TrailDestination } from './room-trail';
import { TrailArchive } from './trail-archive';

interface LogArchiveStackProps extends StackProps {
  readonly retention: Room['retention'];
  readonly alarms: readonly string[];
  /** The account whose trail is kept here. */
  readonly roomAccount: string;
  readonly env: { readonly account: string; readonly region: string };
}

/** The other half of a room whose trail is kept by an account of its own, to be deployed there before the room. */
export class LogArchiveStack extends Stack {
  /** By names agreed in advance: nothing of one account's stack can refer to another's. */
  readonly destination: TrailDestination;

  constructor(scope: Construct, id: string, { retention, alarms, roomAccount, ...props }: LogArchiveStackProps) {
    super(scope, id, props);
    const { account, region } = props.env;
    const keyAlias = { account, name: `alias/barter-room-trail-${roomAccount}` };
    const names = { bucket: `barter-room-trail-${roomAccount}-${region}`, keyAlias: keyAlias.name };
    const noticeKey = new NoticeKey(this, 'NoticeKey');
    const alerts = new AlertTopic(this, 'Alerts', { noticeKey, alarms });
    const teller = new AlertTeller(this, 'Teller', alerts, noticeKey);
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', Duration.days(retention.accessLogs));
    const locked = Duration.days(retention.logs);
    const { bucket } = new TrailArchive(this, 'Archive', { roomAccount, accessLogs, locked, names });
    new BucketGuard(this, 'BucketGuard', teller, [accessLogs, bucket]);
    this.destination = {
      bucketName: names.bucket,
      keyArn: `arn:${this.partition}:kms:${region}:${account}:${keyAlias.name}`,
      keyAlias,
    };
  }
}
