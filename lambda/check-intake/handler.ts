import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { readAgreement } from '../dynamo-registry';
import { openObjects } from '../objects';
import { requireEnv } from '../require-env';
import { checkDelivery, type IntakeAnswer, type IntakeRequest } from './check-delivery';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();
const logger = new Logger({ serviceName: 'check-intake' });

export const handler = (request: IntakeRequest): Promise<IntakeAnswer> =>
  checkDelivery(request, {
    landing: requireEnv('LANDING_BUCKET'),
    findAgreement: (agreement) => readAgreement(dynamo, requireEnv('REGISTRY_TABLE'), agreement),
    put: openObjects(s3, requireEnv('LANDING_BUCKET')).write,
    now: () => new Date(),
    log: logger,
  });
