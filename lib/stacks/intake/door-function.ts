import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { DoorRecord, RegistryTable } from '../enforcement/registry-table';
import { RoomFunction, type RoomFunctionProps } from '../shared/room-function';

/** What every door knows: whom it may let in stands in the registry, and what it lets in to are these buckets. */
export interface DoorPlaces {
  readonly registry: RegistryTable;
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly key: IKey;
  readonly noticeKey: IKey;
}

interface DoorFunctionProps
  extends Pick<RoomFunctionProps, 'handler' | 'description' | 'isAsync' | 'statements' | 'atOnce'> {
  readonly places: DoorPlaces;
  /** What it knows besides. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it puts on record of what it answers. */
  readonly records: readonly DoorRecord[];
}

/** Decides at one of the room's doors, by what is on record, and puts the decision there. */
export class DoorFunction extends RoomFunction {
  constructor(
    scope: Construct,
    id: string,
    { places, records, environment, statements = [], ...props }: DoorFunctionProps,
  ) {
    const { registry, landing, lake, key, noticeKey } = places;
    super(scope, id, {
      ...props,
      noticeKey,
      environment: {
        REGISTRY_TABLE: registry.tableName,
        LANDING_BUCKET: landing.bucketName,
        LANDING_BUCKET_ARN: landing.bucketArn,
        LAKE_BUCKET: lake.bucketName,
        LAKE_BUCKET_ARN: lake.bucketArn,
        ROOM_KEY_ARN: key.keyArn,
        ...environment,
      },
      statements: [...registry.allowRecording(...records), ...statements],
      // Policies are evaluated in WebAssembly, which is compiled when the function starts: more memory, more processor.
      memory: 1024,
    });
  }
}
