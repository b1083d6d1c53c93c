import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openRegistry } from '../../lib/domain/enforcement/registry/registry';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { verifySignature } from '../../lib/registry/verify-signature';
import type { ApiEvent } from '../api-event';
import { openDynamoStore } from '../dynamo-store';
import { requireEnv } from '../require-env';
import { answerRequest } from './answer-request';

const client = new DynamoDBClient();
const policiesOf = rememberPolicies();
const logger = new Logger({ serviceName: 'decide' });

export const handler = (event: ApiEvent) =>
  answerRequest(event, {
    registry: openRegistry(openDynamoStore(client, requireEnv('REGISTRY_TABLE'))),
    policiesOf,
    verify: verifySignature,
    now: () => new Date(),
    log: logger,
  });
