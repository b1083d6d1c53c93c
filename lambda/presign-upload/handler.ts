import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { readRegistered } from '../../lib/domain/enforcement/registry/read-registered';
import { openRegistry } from '../../lib/domain/enforcement/registry/registry';
import { openDynamoStore } from '../dynamo-store';
import { requireEnv } from '../require-env';
import { answerUpload, type UploadEvent } from './answer-upload';
import { signUpload } from './sign-upload';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();
const logger = new Logger({ serviceName: 'presign-upload' });

export const handler = (event: UploadEvent) =>
  answerUpload(event, {
    findAgreement: (agreement) =>
      readRegistered(
        openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE'))),
        agreement,
        new Date().toISOString(),
      ),
    sign: (upload) =>
      signUpload(s3, { name: requireEnv('LANDING_BUCKET'), keyArn: requireEnv('ROOM_KEY_ARN') }, upload),
    now: () => new Date(),
    log: logger,
  });
