import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { STSClient } from '@aws-sdk/client-sts';
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
const sts = new STSClient();
const landing = () => ({
  role: requireEnv('LINK_ROLE_ARN'),
  bucket: requireEnv('LANDING_BUCKET'),
  region: requireEnv('AWS_REGION'),
  keyArn: requireEnv('ROOM_KEY_ARN'),
});
const policiesOf = rememberPolicies();
const record = openDoorRecorder(Number.POSITIVE_INFINITY);
const logger = new Logger({ serviceName: 'presign-upload' });

export const handler = limitCalls(
  (event) =>
    answerUpload(event, {
      registry: openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE'))),
      record,
      policiesOf,
      sign: (upload) => signUpload(sts, landing(), upload),
      now: () => new Date(),
      log: logger,
    }),
  DOOR_BOUNDS.links,
);
