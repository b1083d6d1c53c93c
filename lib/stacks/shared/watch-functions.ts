import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { FunctionAlarms } from './function-alarms';
import { RoomFunction } from './room-function';

/** Alarms for every function that a stack has so far: none is left out because nobody thought of it. */
export function watchFunctions(stack: IConstruct, topic: ITopic): readonly IAlarm[] {
  return stack.node
    .findAll()
    .filter((each) => each instanceof RoomFunction)
    .flatMap((fn) => new FunctionAlarms(fn.node.scope ?? stack, `${fn.node.id}Alarms`, fn, topic).alarms);
}
