import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { openRegistry } from '../../lib/domain/enforcement/registry/registry';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import type { ApiEvent } from '../shared/api-event';
import { openDynamoStore } from '../shared/dynamo-store';
import { openMac } from '../shared/make-mac';
import { requireEnv } from '../shared/require-env';
import { answerErasure } from './answer-erasure';

const dynamo = new DynamoDBClient();
const makeMac = openMac(new KMSClient());
const policiesOf = rememberPolicies();
const logger = new Logger({ serviceName: 'start-erasure' });

export const handler = (event: ApiEvent) =>
  answerErasure(event, {
    registry: openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE'))),
    policiesOf,
    makeMac,
    now: () => new Date(),
    log: logger,
  });
