import { Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import type { Construct } from 'constructs';
import { ROOM_STACKS } from '../../domain/room/room-names';

/** The policies that let this trail write name it before it exists. */
const NAME = 'barter-room';

interface RoomTrailProps {
  readonly archive: TrailDestination;
  /** ARNs of the room's buckets: every request for an object of theirs is recorded. */
  readonly buckets: readonly string[];
}

export interface TrailDestination {
  readonly bucketName: string;
  /** ARN of the key, or of an alias of it. */
  readonly keyArn: string;
  /** Present where `keyArn` is that of an alias: in whose account it is, e.g. `alias/logs`. */
  readonly keyAlias?: { readonly account: string; readonly name: string };
}

/**
 * The record of who did what: all management events of the account (those of KMS, Lake Formation, Glue, Transfer Family,
 * Data Exchange and IAM among them), the requests for objects of the room's own buckets, of nobody else's, and every write to
 * what is on record.
 */
export class RoomTrail extends CfnTrail {
  constructor(scope: Construct, id: string, { archive, buckets }: RoomTrailProps) {
    const { partition, region, account } = Stack.of(scope);
    super(scope, id, {
      trailName: NAME,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: archive.bucketName,
      kmsKeyId: archive.keyArn,
      advancedEventSelectors: [
        { name: 'Management events', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
        {
          name: 'Objects of the room',
          fieldSelectors: [...OBJECTS, { field: 'resources.ARN', startsWith: buckets.map((arn) => `${arn}/`) }],
        },
        {
          // What the trail itself writes would be recorded by an object that it writes, without end.
          name: 'Who reads the trail',
          fieldSelectors: [
            ...OBJECTS,
            { field: 'readOnly', equalTo: ['true'] },
            {
              field: 'resources.ARN',
              startsWith: [`arn:${partition}:s3:::${archive.bucketName}/`],
            },
          ],
        },
        {
          name: 'Who writes what is on record',
          fieldSelectors: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::DynamoDB::Table'] },
            { field: 'readOnly', equalTo: ['false'] },
            // The table comes after the trail. CloudFormation begins its name with that of its stack.
            {
              field: 'resources.ARN',
              startsWith: [`arn:${partition}:dynamodb:${region}:${account}:table/${ROOM_STACKS.enforcement}-`],
            },
          ],
        },
      ],
    });
  }
}

const OBJECTS = [
  { field: 'eventCategory', equalTo: ['Data'] },
  { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
];

/** The trail of the room in `account`, in the region of the stack that asks. */
export function trailArn(scope: Construct, account: string): string {
  const { partition, region } = Stack.of(scope);
  return `arn:${partition}:cloudtrail:${region}:${account}:trail/${NAME}`;
}
