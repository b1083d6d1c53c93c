import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from './allow';

/** To put events on a bus. */
export function allowTelling(bus: IEventBus): PolicyStatement {
  return allow(['events:PutEvents'], bus.eventBusArn);
}
