import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { mostDays } from '../../domain/agreement/periods/most-days';
import type { Plan } from '../../domain/agreement/plan/plan';
import { ESCROW, ESCROW_DAYS } from '../../domain/room/escrow-prefix';
import { releasePrefix } from '../../domain/room/release-prefix';
import type { Room } from '../../domain/room/room';
import { announceObjects } from '../shared/announce-objects';
import { AccessLogBucket } from '../vault/access-log-bucket';
import { BucketGuard } from '../vault/bucket-guard';
import { RoomTrail, type TrailDestination } from '../vault/room-trail';
import { DataBucket } from './data-bucket';
import { refuseOtherPublishers } from './publishers';
import { refuseOtherReaders, refuseReadingQuarantined } from './raw-readers';

interface LakeStackProps extends StackProps {
  readonly retention: Room['retention'];
  readonly plans: readonly Plan[];
  /** The room's key. */
  readonly key: IKey;
  /** By which its rule raises alerts. */
  readonly teller: IFunction;
  readonly archive: TrailDestination;
  /** Requests to it are recorded like those to the buckets here. */
  readonly ledger: IBucket;
}

/** Where data lies: raw deliveries in `landing`, treated releases in `lake`, results of queries in `results`. */
export class LakeStack extends Stack {
  readonly landing: DataBucket;
  readonly lake: DataBucket;
  readonly results: DataBucket;
  /** Of these buckets, by S3 itself. */
  readonly accessLogs: AccessLogBucket;

  constructor(scope: Construct, id: string, props: LakeStackProps) {
    super(scope, id, props);
    const { retention, plans, key, teller, archive, ledger } = props;
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', Duration.days(retention.accessLogs));
    this.accessLogs = accessLogs;
    const common = {
      key,
      accessLogs,
      keepReplaced: Duration.days(retention.replaced),
    };
    this.landing = new DataBucket(this, 'Landing', { ...common, lifecycleRules: [expire(retention.deliveries)] });
    announceObjects(this.landing);
    refuseOtherReaders(this.landing);
    refuseReadingQuarantined(this.landing);
    const releases = plans.flatMap(expireReleases);
    this.lake = new DataBucket(this, 'Lake', { ...common, lifecycleRules: [...releases, expireEscrow()] });
    refuseOtherPublishers(this.lake);
    this.results = new DataBucket(this, 'Results', { ...common, lifecycleRules: [expire(retention.results)] });
    const buckets = [this.landing, this.lake, this.results];
    new BucketGuard(this, 'BucketGuard', teller, [accessLogs, ...buckets]);
    // Here and not in the vault: it names these buckets, and it is there before anything can be put into them.
    new RoomTrail(this, 'Trail', { archive, buckets: [...buckets, ledger].map(({ bucketArn }) => bucketArn) });
    new CfnOutput(this, 'LandingBucket', { value: this.landing.bucketName, description: 'Where parties upload' });
    new CfnOutput(this, 'LakeBucket', { value: this.lake.bucketName, description: 'What warehouses read from' });
    if (releases.length > MAX_LEGS) {
      Annotations.of(this.lake).addError(
        `The agreements have ${releases.length} legs, and one room can serve ${MAX_LEGS} legs: S3 takes 1,000 lifecycle rules a bucket. Move some agreements to a room of their own.`,
      );
    }
  }
}

/** One lifecycle rule a leg, one for the escrow, and one for the bucket. */
const MAX_LEGS = 998;

function expire(days: number): LifecycleRule {
  return { id: 'expire', expiration: Duration.days(days) };
}

/**
 * What was published stays in the escrow for as long as one release may wait there: what later rounds tell beside it is
 * measured on it. Then it goes, whatever became of it.
 */
function expireEscrow(): LifecycleRule {
  return {
    id: ESCROW,
    prefix: ESCROW,
    expiration: Duration.days(ESCROW_DAYS),
    noncurrentVersionExpiration: Duration.days(1),
  };
}

/**
 * When its leg's `retain` is over a release expires; a day later, the least that S3 can, no old version of it is left. On the
 * day itself the reconciler takes it back; S3 counts days and not months, and may not be sooner.
 */
function expireReleases({ agreement, legs }: Plan): LifecycleRule[] {
  return legs.map((leg) => ({
    id: releasePrefix(agreement.id, leg),
    prefix: releasePrefix(agreement.id, leg),
    expiration: Duration.days(mostDays(leg.retain)),
    noncurrentVersionExpiration: Duration.days(1),
  }));
}
