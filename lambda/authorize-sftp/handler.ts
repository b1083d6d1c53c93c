import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SftpRequest } from '../../lib/domain/enforcement/doors/authorize-sftp';
import { openRegistry } from '../../lib/domain/registry/registry';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { openDynamoStore } from '../shared/dynamo-store';
import { openDoorRecorder } from '../shared/record-at-door';
import { requireEnv } from '../shared/require-env';
import { answerSftp } from './answer-sftp';

const client = new DynamoDBClient();
const policiesOf = rememberPolicies();
const record = openDoorRecorder();
const logger = new Logger({ serviceName: 'authorize-sftp' });

export const handler = (request: SftpRequest) =>
  answerSftp(request, {
    registry: openRegistry(openDynamoStore(client, requireEnv('REGISTRY_TABLE'))),
    record,
    policiesOf,
    buckets: {
      landing: { name: requireEnv('LANDING_BUCKET'), arn: requireEnv('LANDING_BUCKET_ARN') },
      lake: { name: requireEnv('LAKE_BUCKET'), arn: requireEnv('LAKE_BUCKET_ARN') },
      keyArn: requireEnv('ROOM_KEY_ARN'),
    },
    newId: randomUUID,
    now: () => new Date(),
    log: logger,
  });
