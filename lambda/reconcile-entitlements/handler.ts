import { Logger } from '@aws-lambda-powertools/logger';
import { reconcileEntitlements } from './reconcile-entitlements';

const logger = new Logger({ serviceName: 'reconcile-entitlements' });

export const handler = async (event: unknown): Promise<void> => reconcileEntitlements(event, logger);
