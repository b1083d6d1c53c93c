import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WORK } from '../../domain/room/workflow-run';
import type { RegistryTable } from '../enforcement/registry-table';
import { allow } from '../shared/allow';
import { allowEncrypting } from '../shared/allow-encrypting';
import { allowReadingWork, RawFunction, type RawPlaces } from './raw-function';
import { SOLVE_SECONDS } from './workflow-definition';

/** Finds the generalisation that meets the floor with least loss. */
export class GeneralisationSolver extends RawFunction {
  constructor(
    scope: Construct,
    id: string,
    { registry, landing, key, noticeKey }: RawPlaces & { readonly registry: RegistryTable },
  ) {
    super(scope, id, {
      handler: 'solve-generalisation',
      description: 'finds the generalisation that meets the floor with least loss',
      noticeKey,
      environment: { REGISTRY_TABLE: registry.tableName, LANDING_BUCKET: landing.bucketName },
      timeout: Duration.seconds(SOLVE_SECONDS),
      // The histogram of some millions of tuples. As much as an account gets without asking for more.
      memory: 3008,
      statements: [
        ...registry.allow('dynamodb:GetItem'),
        ...allowReadingWork(landing, RUNS),
        allow(['s3:PutObject'], landing.arnForObjects(SOLUTIONS)),
        allowEncrypting(key),
      ],
      objects: [RUNS, SOLUTIONS],
    });
  }
}

const RUNS = `${WORK}*`;
const SOLUTIONS = `${WORK}*/solution/*`;
