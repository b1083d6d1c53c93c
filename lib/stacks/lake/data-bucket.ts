import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { accessLogPrefix } from '../../domain/room/access-log-prefix';
import { PrivateBucket, type PrivateBucketProps } from '../shared/private-bucket';
import type { AccessLogBucket } from '../vault/access-log-bucket';

interface DataBucketProps extends Pick<PrivateBucketProps, 'keepReplaced' | 'lifecycleRules'> {
  readonly key: IKey;
  readonly accessLogs: AccessLogBucket;
}

/** A bucket for the parties' data: every object in it is encrypted with the given key, whatever the uploader asks for. */
export class DataBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { key, accessLogs, ...props }: DataBucketProps) {
    super(scope, id, {
      ...props,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: accessLogPrefix(id),
    });
    // S3 judges the request's own headers, before the bucket's default encryption applies: an upload without encryption
    // headers passes and gets the room's key. One that says `aws:kms` and names no key would get the account's `aws/s3` key.
    this.refuse('RefuseOtherKey', ['s3:PutObject'], {
      Null: { [KEY_ID]: 'false' },
      StringNotEquals: { [KEY_ID]: key.keyArn },
    });
    this.refuse('RefuseEncryptionWithoutKey', ['s3:PutObject'], { Null: { [ALGORITHM]: 'false', [KEY_ID]: 'true' } });
    this.refuse('RefuseCustomerProvidedKey', ['s3:PutObject'], { Null: { [CUSTOMER_ALGORITHM]: 'false' } });
    // Either would put an object under another key by a way that those headers do not describe; the room needs neither.
    this.refuse('RefuseChangeOfKey', ['s3:ReplicateObject', 's3:UpdateObjectEncryption']);
  }

  private refuse(sid: string, actions: string[], conditions: Record<string, Record<string, string>> = {}): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: [this.arnForObjects('*')],
        conditions,
      }),
    );
  }
}

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';
