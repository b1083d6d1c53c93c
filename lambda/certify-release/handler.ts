import { Logger } from '@aws-lambda-powertools/logger';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import { certifyRelease } from './certify-release';

const logger = new Logger({ serviceName: 'certify-release' });

export const handler = async (run: WorkflowRun): Promise<never> => certifyRelease(run, logger);
