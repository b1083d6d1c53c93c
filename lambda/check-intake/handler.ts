import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { readRegistered } from '../../lib/domain/registry/read-registered';
import { openRegistry } from '../../lib/domain/registry/registry';
import { openDynamoStore } from '../shared/dynamo-store';
import { openObjects } from '../shared/objects';
import { readSchema } from '../shared/read-schema';
import { requireEnv } from '../shared/require-env';
import { checkDelivery, type IntakeAnswer, type IntakeRequest } from './check-delivery';
import { claimObject } from './claim-object';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();
const logger = new Logger({ serviceName: 'check-intake' });

export const handler = (request: IntakeRequest): Promise<IntakeAnswer> => {
  const registry = openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE')));
  return checkDelivery(request, {
    landing: requireEnv('LANDING_BUCKET'),
    findAgreement: (agreement) => readRegistered(registry, agreement),
    listErasures: (agreement) => registry.erasures(agreement).list(),
    put: openObjects(s3, requireEnv('LANDING_BUCKET')).write,
    claim: (key, body) => claimObject(s3, requireEnv('LANDING_BUCKET'), key, body),
    readRange: openObjects(s3, requireEnv('LANDING_BUCKET')).readRange,
    readSchema,
    now: () => new Date(),
    log: logger,
  });
};
