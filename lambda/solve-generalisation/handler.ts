import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { openRegistry } from '../../lib/domain/registry/registry';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import { openDynamoStore } from '../shared/dynamo-store';
import { openObjects } from '../shared/objects';
import { readColumns } from '../shared/read-columns';
import { requireEnv } from '../shared/require-env';
import { type SolveAnswer, solveRun } from './solve-run';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();
const logger = new Logger({ serviceName: 'solve-generalisation' });

export const handler = (run: WorkflowRun, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<SolveAnswer> =>
  solveRun(run, {
    objects: openObjects(s3, requireEnv('LANDING_BUCKET')),
    readColumns,
    levels: openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE'))).levels(run.agreement),
    remaining: () => context.getRemainingTimeInMillis(),
    log: logger,
  });
