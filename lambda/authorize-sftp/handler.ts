import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SftpRequest } from '../../lib/domain/enforcement/authorise-sftp';
import { readAgreement } from '../dynamo-registry';
import { requireEnv } from '../require-env';
import { answerSftp } from './answer-sftp';

const client = new DynamoDBClient();
const logger = new Logger({ serviceName: 'authorize-sftp' });

export const handler = (request: SftpRequest) =>
  answerSftp(request, {
    findAgreement: (agreement) => readAgreement(client, requireEnv('REGISTRY_TABLE'), agreement),
    buckets: {
      landing: { name: requireEnv('LANDING_BUCKET'), arn: requireEnv('LANDING_BUCKET_ARN') },
      lake: { name: requireEnv('LAKE_BUCKET'), arn: requireEnv('LAKE_BUCKET_ARN') },
      keyArn: requireEnv('ROOM_KEY_ARN'),
    },
    now: () => new Date(),
    log: logger,
  });
