import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openRegistry } from '../../lib/domain/registry/registry';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { openDynamoStore } from '../shared/dynamo-store';
import { openDoorRecorder } from '../shared/record-at-door';
import { requireEnv } from '../shared/require-env';
import { noteRefusedKeys } from './note-refused-keys';

const registry = openRegistry(openDynamoStore(new DynamoDBClient(), requireEnv('REGISTRY_TABLE')));
const policiesOf = rememberPolicies();
const record = openDoorRecorder();
const log = new Logger({ serviceName: 'note-refused-keys' });

export const handler = (event: unknown): Promise<void> => noteRefusedKeys(event, { registry, policiesOf, record, log });
