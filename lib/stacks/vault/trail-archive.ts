import { type Duration, Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { THIS_KEY } from '../shared/administer-without-use';
import { PrivateKey } from '../shared/private-key';
import type { AccessLogBucket } from './access-log-bucket';
import { EvidenceBucket } from './evidence-bucket';
import { type TrailDestination, trailArn } from './room-trail';

interface TrailArchiveProps {
  /** The account whose trail it keeps. */
  readonly roomAccount: string;
  readonly accessLogs: AccessLogBucket;
  readonly locked: Duration;
  /** Only where the trail's own account has to know them before they exist. */
  readonly names?: { readonly bucket: string; readonly keyAlias: string };
}

/** Where the trail of one room is kept, and the key that it is encrypted with: that trail writes, nobody else. */
export class TrailArchive extends Construct {
  readonly bucket: EvidenceBucket;
  readonly destination: TrailDestination;

  constructor(scope: Construct, id: string, { roomAccount, accessLogs, locked, names }: TrailArchiveProps) {
    super(scope, id);
    const cloudTrail = new ServicePrincipal('cloudtrail.amazonaws.com');
    const ofThisTrail = { 'aws:SourceArn': trailArn(this, roomAccount) };
    const isElsewhere = roomAccount !== Stack.of(this).account;
    const readers = [new AccountRootPrincipal(), ...(isElsewhere ? [new AccountPrincipal(roomAccount)] : [])];
    const key = new TrailKey(this, 'Key', 'Barter room: encrypts the trail', [
      new PolicyStatement({
        sid: 'OneTrailEncrypts',
        principals: [cloudTrail],
        actions: ['kms:DescribeKey', 'kms:GenerateDataKey'],
        resources: THIS_KEY,
        conditions: { StringEquals: ofThisTrail },
      }),
      new PolicyStatement({
        sid: 'ReadThroughStorageOnly',
        principals: readers,
        actions: ['kms:Decrypt'],
        resources: THIS_KEY,
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` } },
      }),
    ]);
    this.bucket = new EvidenceBucket(this, 'Trail', {
      key,
      accessLogs,
      locked,
      expires: true,
      ...(names === undefined ? {} : { bucketName: names.bucket }),
    });
    this.destination = { bucketName: this.bucket.bucketName, keyArn: key.keyArn };
    if (names !== undefined) key.addAlias(names.keyAlias);
    const statements = [
      new PolicyStatement({
        sid: 'OneTrailAsksWhoseItIs',
        principals: [cloudTrail],
        actions: ['s3:GetBucketAcl'],
        resources: [this.bucket.bucketArn],
        conditions: { StringEquals: ofThisTrail },
      }),
      new PolicyStatement({
        sid: 'OneTrailWrites',
        principals: [cloudTrail],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`AWSLogs/${roomAccount}/*`)],
        conditions: { StringEquals: { ...ofThisTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
      new PolicyStatement({
        sid: 'RefuseForgery',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
      }),
      ...(isElsewhere
        ? [
            new PolicyStatement({
              sid: 'ItsRoomReads',
              principals: [new AccountPrincipal(roomAccount)],
              actions: ['s3:GetBucketLocation', 's3:GetObject', 's3:ListBucket'],
              resources: [this.bucket.bucketArn, this.bucket.arnForObjects('*')],
            }),
          ]
        : []),
    ];
    for (const statement of statements) this.bucket.addToResourcePolicy(statement);
  }
}

class TrailKey extends PrivateKey {}
