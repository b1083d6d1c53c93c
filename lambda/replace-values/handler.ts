import { Logger } from '@aws-lambda-powertools/logger';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import { openMac } from '../shared/make-mac';
import { openObjects } from '../shared/objects';
import { readColumns } from '../shared/read-columns';
import { requireEnv } from '../shared/require-env';
import { replaceValues } from './replace-values';

const s3 = new S3Client();
const makeMac = openMac(new KMSClient());
const logger = new Logger({ serviceName: 'replace-values' });

export const handler = (run: WorkflowRun): Promise<void> =>
  replaceValues(run, {
    landing: openObjects(s3, requireEnv('LANDING_BUCKET')),
    readColumns,
    makeMac,
    log: logger,
  });
