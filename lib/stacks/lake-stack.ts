import { Annotations, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Plan } from '../domain/agreement/plan';
import { fewestDays } from '../domain/room/fewest-days';
import { releasePrefix } from '../domain/room/release-prefix';
import type { Room } from '../domain/room/room';
import { AccessLogBucket } from './access-log-bucket';
import { DataBucket } from './data-bucket';
import { RoomKey } from './room-key';

export interface LakeStackProps extends StackProps {
  readonly retention: Room['retention'];
  readonly plans: readonly Plan[];
}

/** Where data lies: raw deliveries in `landing`, treated releases in `lake`, results of queries in `results`. */
export class LakeStack extends Stack {
  readonly key: RoomKey;
  readonly landing: DataBucket;
  readonly lake: DataBucket;
  readonly results: DataBucket;

  constructor(scope: Construct, id: string, { retention, plans, ...props }: LakeStackProps) {
    super(scope, id, props);
    this.key = new RoomKey(this, 'Key');
    const common = {
      key: this.key,
      accessLogs: new AccessLogBucket(this, 'AccessLogs', Duration.days(retention.accessLogs)),
      keepReplaced: Duration.days(retention.replaced),
    };
    this.landing = new DataBucket(this, 'Landing', { ...common, lifecycleRules: [expire(retention.deliveries)] });
    const releases = plans.flatMap(expireReleases);
    this.lake = new DataBucket(this, 'Lake', { ...common, lifecycleRules: releases });
    this.results = new DataBucket(this, 'Results', { ...common, lifecycleRules: [expire(retention.results)] });
    if (releases.length > MAX_LEGS) {
      Annotations.of(this.lake).addError(
        `The agreements have ${releases.length} legs, and one room can serve ${MAX_LEGS} legs: S3 takes 1,000 lifecycle rules a bucket. Move some agreements to a room of their own.`,
      );
    }
  }
}

/** One lifecycle rule a leg, and one for the bucket. */
const MAX_LEGS = 999;

function expire(days: number): LifecycleRule {
  return { id: 'expire', expiration: Duration.days(days) };
}

/** When its leg's `retain` is over a release expires; a day later, the least that S3 can, no old version of it is left. */
function expireReleases({ agreement, legs }: Plan): LifecycleRule[] {
  return legs.map((leg) => ({
    id: releasePrefix(agreement.id, leg),
    prefix: releasePrefix(agreement.id, leg),
    expiration: Duration.days(Math.max(1, fewestDays(leg.retain))),
    noncurrentVersionExpiration: Duration.days(1),
  }));
}
