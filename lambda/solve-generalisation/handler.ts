import { Logger } from '@aws-lambda-powertools/logger';
import { S3Client } from '@aws-sdk/client-s3';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import { openObjects } from '../objects';
import { readColumns } from '../read-columns';
import { requireEnv } from '../require-env';
import { type SolveAnswer, solveRun } from './solve-run';

const s3 = new S3Client();
const logger = new Logger({ serviceName: 'solve-generalisation' });

export const handler = (run: WorkflowRun): Promise<SolveAnswer> =>
  solveRun(run, openObjects(s3, requireEnv('LANDING_BUCKET')), readColumns, logger);
