import { Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { CheckTime } from '../../domain/enforcement/registration/check-times';
import { allowEncrypting } from '../shared/allow-encrypting';
import type { RoomFunction } from '../shared/room-function';

interface RoomSchedulesProps {
  readonly times: readonly CheckTime[];
  /** Called with `{ cause }`. */
  readonly target: RoomFunction;
  /** Encrypts the target's dead letters. */
  readonly noticeKey: IKey;
}

/** Calls a function at set times. What could not be called is kept with the function's own dead letters. */
export class RoomSchedules extends Construct {
  constructor(scope: Construct, id: string, { times, target, noticeKey }: RoomSchedulesProps) {
    super(scope, id);
    if (target.deadLetters === undefined) throw new Error(`${target.node.path} keeps no dead letters: make it async.`);
    const role = new Role(this, 'Role', {
      description: `Barter room: calls ${target.node.path} at set times`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    const policy = new Policy(this, 'Call', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [target.deadLetters.queueArn] }),
        allowEncrypting(noticeKey),
      ],
    });
    for (const { cause, expression, description } of times) {
      // Its input says only why it calls: that needs no key of the room.
      const schedule = new CfnSchedule(this, cause, {
        description: `Barter room: ${description}`,
        scheduleExpression: expression,
        scheduleExpressionTimezone: 'UTC',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: target.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ cause }),
          deadLetterConfig: { arn: target.deadLetters.queueArn },
          retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 900 },
        },
      });
      schedule.node.addDependency(policy);
    }
  }
}
