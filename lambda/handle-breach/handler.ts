import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openRegistry } from '../../lib/domain/enforcement/registry/registry';
import { openDynamoStore } from '../dynamo-store';
import { requireEnv } from '../require-env';
import { handleBreach } from './handle-breach';

const client = new DynamoDBClient();
const logger = new Logger({ serviceName: 'handle-breach' });

export const handler = (event: unknown): Promise<void> =>
  handleBreach(event, openRegistry(openDynamoStore(client, requireEnv('REGISTRY_TABLE'))), logger);
