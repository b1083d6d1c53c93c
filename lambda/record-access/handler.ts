import { Logger } from '@aws-lambda-powertools/logger';
import { recordAccess } from './record-access';

const logger = new Logger({ serviceName: 'record-access' });

export const handler = async (event: unknown): Promise<void> => recordAccess(event, logger);
