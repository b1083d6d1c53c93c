import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openRegistry } from '../../lib/domain/registry/registry';
import type { ResourceRequest } from '../shared/answer-cloudformation';
import { openDynamoStore } from '../shared/dynamo-store';
import { requireEnv } from '../shared/require-env';
import { answerRegistration } from './answer-registration';

const client = new DynamoDBClient();

export const handler = (request: ResourceRequest): Promise<void> =>
  answerRegistration(
    request,
    openRegistry(openDynamoStore(client, requireEnv('REGISTRY_TABLE'))),
    new Date().toISOString(),
  );
