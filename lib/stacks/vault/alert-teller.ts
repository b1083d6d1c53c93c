import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { allowEncrypting } from '../shared/allow-encrypting';
import { FunctionAlarms } from '../shared/function-alarms';
import { RoomFunction } from '../shared/room-function';

/**
 * Passes on to the alert topic what the room's rules say. A topic takes from EventBridge without asking whose rule it is: with
 * a condition in its policy EventBridge delivers nothing at all (its user guide, "Amazon SNS permissions"), so that any rule
 * of any account that knows the topic could write to those who are told. A function is called by the rules it names.
 */
export class AlertTeller extends RoomFunction {
  readonly alarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, topic: ITopic, noticeKey: IKey) {
    super(scope, id, {
      handler: 'tell-alert',
      description: 'passes on what its rules tell to those who are told',
      noticeKey,
      environment: { ALERT_TOPIC_ARN: topic.topicArn },
      isAsync: true,
      statements: [
        new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
        allowEncrypting(noticeKey),
      ],
    });
    // Those go to the topic without it.
    this.alarms = new FunctionAlarms(scope, `${id}Alarms`, this, topic).alarms;
  }
}
