import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { readConduct } from '../../lib/domain/registry/read-conduct';
import { readOthers } from '../../lib/domain/registry/read-others';
import { openRegistry } from '../../lib/domain/registry/registry';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import { version } from '../../package.json';
import { openDynamoStore } from '../shared/dynamo-store';
import { openObjects } from '../shared/objects';
import { readColumns } from '../shared/read-columns';
import { requireEnv } from '../shared/require-env';
import { certifyRun } from './certify-release';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();
const logger = new Logger({ serviceName: 'certify-release' });

export const handler = (run: WorkflowRun): Promise<void> => {
  const registry = openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE')));
  return certifyRun(run, {
    landing: openObjects(s3, requireEnv('LANDING_BUCKET')),
    lake: openObjects(s3, requireEnv('LAKE_BUCKET')),
    readColumns,
    readRecord: () => readConduct(registry, run.agreement),
    readOthers: () => readOthers(registry, run.agreement),
    releases: registry.releases(run.agreement),
    levels: registry.levels(run.agreement),
    erasures: registry.erasures(run.agreement),
    refusals: registry.refusals(run.agreement),
    now: () => new Date(),
    toolVersion: version,
    log: logger,
  });
};
