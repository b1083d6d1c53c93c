import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { DOOR_BOUNDS } from '../../lib/domain/enforcement/doors/door-bounds';
import { openRegistry } from '../../lib/domain/registry/registry';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { openDynamoStore } from '../shared/dynamo-store';
import { limitCalls } from '../shared/limit-calls';
import { openDoorRecorder } from '../shared/record-at-door';
import { requireEnv } from '../shared/require-env';
import { answerReading } from './answer-reading';
import { listFiles, signDownloads } from './released-files';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();
const sts = new STSClient();
const places = () => ({
  role: requireEnv('LINK_ROLE_ARN'),
  bucket: requireEnv('LAKE_BUCKET'),
  region: requireEnv('AWS_REGION'),
});
const policiesOf = rememberPolicies();
const record = openDoorRecorder(Number.POSITIVE_INFINITY);
const logger = new Logger({ serviceName: 'presign-download' });

export const handler = limitCalls(
  (event) =>
    answerReading(event, {
      registry: openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE'))),
      record,
      policiesOf,
      list: (prefix) => listFiles(s3, requireEnv('LAKE_BUCKET'), prefix),
      sign: (keys, signing) => signDownloads(sts, places(), keys, signing),
      now: () => new Date(),
      log: logger,
    }),
  DOOR_BOUNDS.links,
);
