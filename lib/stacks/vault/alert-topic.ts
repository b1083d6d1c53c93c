import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

interface AlertTopicProps {
  readonly noticeKey: IKey;
  /** E-mail addresses. */
  readonly alarms: readonly string[];
}

/**
 * Who is told, under the key for notices. Its policy lets publish the alarms of the room's own stacks and nobody else; rules
 * of EventBridge go by way of the room's teller, because a topic cannot ask EventBridge whose rule it is (`AlertTeller`).
 */
export class AlertTopic extends Topic {
  constructor(scope: Construct, id: string, { noticeKey, alarms }: AlertTopicProps) {
    super(scope, id, { displayName: 'Barter room', masterKey: noticeKey, enforceSSL: true });
    for (const address of alarms) this.addSubscription(new EmailSubscription(address));
    const { account } = Stack.of(this);
    // CloudFormation names an alarm after its stack, and all of the room's begin so.
    const ours = Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm:Barter*' });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfTheRoom',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': ours } },
      }),
    );
  }
}
