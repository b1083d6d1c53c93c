import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

export interface AlertTopicProps {
  readonly noticeKey: IKey;
  /** E-mail addresses. */
  readonly alarms: readonly string[];
}

/** Who is told: by rules and alarms of this account, under the key for notices. */
export class AlertTopic extends Topic {
  constructor(scope: Construct, id: string, { noticeKey, alarms }: AlertTopicProps) {
    super(scope, id, { displayName: 'Barter room', masterKey: noticeKey, enforceSSL: true });
    for (const address of alarms) this.addSubscription(new EmailSubscription(address));
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
