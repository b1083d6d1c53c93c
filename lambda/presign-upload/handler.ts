import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DOOR_BOUNDS } from '../../lib/domain/enforcement/doors/door-bounds';
import { openRegistry } from '../../lib/domain/registry/registry';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { openDynamoStore } from '../shared/dynamo-store';
import { limitCalls } from '../shared/limit-calls';
import { openDoorRecorder } from '../shared/record-at-door';
import { requireEnv } from '../shared/require-env';
import { answerUpload } from './answer-upload';
import { signUpload } from './sign-upload';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();
const policiesOf = rememberPolicies();
const record = openDoorRecorder(Number.POSITIVE_INFINITY);
const logger = new Logger({ serviceName: 'presign-upload' });

export const handler = limitCalls(
  (event) =>
    answerUpload(event, {
      registry: openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE'))),
      record,
      policiesOf,
      sign: (upload) =>
        signUpload(s3, { name: requireEnv('LANDING_BUCKET'), keyArn: requireEnv('ROOM_KEY_ARN') }, upload),
      now: () => new Date(),
      log: logger,
    }),
  DOOR_BOUNDS.links,
);
