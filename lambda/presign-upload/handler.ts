import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { readAgreement } from '../dynamo-registry';
import { requireEnv } from '../require-env';
import { answerUpload, type UploadEvent } from './answer-upload';
import { signUpload } from './sign-upload';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();
const logger = new Logger({ serviceName: 'presign-upload' });

export const handler = (event: UploadEvent) =>
  answerUpload(event, {
    findAgreement: (agreement) => readAgreement(dynamo, requireEnv('REGISTRY_TABLE'), agreement),
    sign: (upload) =>
      signUpload(s3, { name: requireEnv('LANDING_BUCKET'), keyArn: requireEnv('ROOM_KEY_ARN') }, upload),
    now: () => new Date(),
    log: logger,
  });
