import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { putBreach } from '../put-breach';
import { requireEnv } from '../require-env';
import { handleBreach } from './handle-breach';

const client = new DynamoDBClient();
const logger = new Logger({ serviceName: 'handle-breach' });

export const handler = (event: unknown): Promise<void> =>
  handleBreach(event, (report) => putBreach(client, requireEnv('REGISTRY_TABLE'), report), logger);
