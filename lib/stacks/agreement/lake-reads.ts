import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { isReadByLake } from '../../domain/agreement/plan/read-by-lake';
import { releasePrefix } from '../../domain/room/release-prefix';

interface LakeReadsProps {
  readonly plan: SidePlan;
  readonly lake: IBucket;
  /** ARN of the queue of what is to be entered in the ledger; it takes events from the rules of all agreements' stacks. */
  readonly recorder: string;
}

/**
 * Tells of every object that is read with Lake Formation's credentials, for legs that have a quota: there is much of it, and
 * for others the trail has it.
 */
export class LakeReads extends Construct {
  constructor(scope: Construct, id: string, { plan: { agreement, legs }, lake, recorder }: LakeReadsProps) {
    super(scope, id);
    const counted = legs.filter((leg) => leg.quota !== undefined && isReadByLake(leg));
    if (counted.length === 0) return;
    new CfnRule(this, 'Rule', {
      description: `Barter ${agreement.id}: what is read with Lake Formation's credentials is counted against quotas`,
      eventPattern: {
        source: ['aws.s3'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: {
          eventName: ['GetObject'],
          userIdentity: { arn: [{ wildcard: '*/AWSLF-*' }] },
          requestParameters: {
            bucketName: [lake.bucketName],
            key: counted.map((leg) => ({ prefix: releasePrefix(agreement.id, leg) })),
          },
        },
      },
      targets: [{ id: 'Recorder', arn: recorder }],
    });
  }
}
