import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ResourceRequest } from '../answer-cloudformation';
import { openRegistry } from '../dynamo-registry';
import { requireEnv } from '../require-env';
import { answerRegistration } from './answer-registration';

const client = new DynamoDBClient();

export const handler = (request: ResourceRequest): Promise<void> =>
  answerRegistration(
    request,
    openRegistry(client, requireEnv('REGISTRY_TABLE'), () => new Date()),
  );
