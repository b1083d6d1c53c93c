import { Logger } from '@aws-lambda-powertools/logger';
import { answerRequest, type RequestEvent } from './answer-request';

const logger = new Logger({ serviceName: 'decide' });

export const handler = async (event: RequestEvent) => answerRequest(event, logger);
