import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { HandoverReceipt } from '../../domain/exchange/handover/plan-handover';
import { announceObjects } from '../shared/announce-objects';
import { PrivateBucket } from '../shared/private-bucket';

/** In a party's own account: where Data Exchange exports what it receives, each leg's releases for as long as it may keep them. */
export class ReceivedBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, receipts: readonly HandoverReceipt[]) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      keepReplaced: Duration.days(1),
      lifecycleRules: receipts.map(({ prefix, retainDays }) => ({
        id: prefix,
        prefix,
        expiration: Duration.days(retainDays),
        noncurrentVersionExpiration: Duration.days(1),
      })),
    });
    announceObjects(this);
    // What automatic export needs of its bucket: AWS Data Exchange user guide, "Subscribing … Automatically exporting revisions".
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ExportFromDataExchange',
        principals: [new ServicePrincipal('dataexchange.amazonaws.com')],
        actions: ['s3:PutObject', 's3:PutObjectAcl'],
        resources: receipts.map(({ prefix }) => this.arnForObjects(`${prefix}*`)),
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }
}
