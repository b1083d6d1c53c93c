import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { markRawReader } from '../lake/raw-readers';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allow } from '../shared/allow';
import { allowListing } from '../shared/allow-listing';
import { RoomFunction, type RoomFunctionProps } from '../shared/room-function';

/** What every step of a delivery's way is given. */
export interface RawPlaces {
  readonly landing: IBucket;
  readonly key: IKey;
  readonly noticeKey: IKey;
}

interface RawFunctionProps extends Omit<RoomFunctionProps, 'isAsync'> {
  /** Of objects, after the bucket: where a statement has a wildcard for agreement, dataset and run. */
  readonly objects: readonly string[];
}

/** A function that works on deliveries: what it reads are heads of them, and counts that are as raw as rows. */
export class RawFunction extends RoomFunction {
  constructor(scope: Construct, id: string, { objects, ...props }: RawFunctionProps) {
    super(scope, id, { ...props, isAsync: false });
    const { role } = this;
    if (role === undefined) throw new Error(`${this.node.path} has no role.`);
    markRawReader(role);
    acknowledgeWildcards(
      this.permissions,
      objects.map((object) => `/${object}`),
      'It stands for agreement, dataset and run: a run is named when it begins.',
    );
  }
}

/** To read what a run has left behind in the landing bucket, and to tell what is not there from what is denied. */
export function allowReadingWork(landing: IBucket, work: string): PolicyStatement[] {
  return [allow(['s3:GetObject'], landing.arnForObjects(work)), allowListing(landing, work)];
}
