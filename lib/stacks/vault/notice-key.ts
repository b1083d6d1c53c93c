import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { THIS_KEY } from '../shared/administer-without-use';
import { PrivateKey } from '../shared/private-key';

/**
 * The key of what the room says of itself: alerts, logs and dead letters, none of which holds values of rows. It is not
 * the room's key because EventBridge must be let use it without any condition.
 */
export class NoticeKey extends PrivateKey {
  constructor(scope: Construct, id: string) {
    const { account, region, partition } = Stack.of(scope);
    const use = { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: THIS_KEY };
    super(scope, id, 'Barter room: encrypts alerts, logs and dead letters', [
      new PolicyStatement({
        sid: 'UseThroughMessagesOnly',
        ...use,
        principals: [new AccountRootPrincipal()],
        conditions: {
          StringEquals: { 'kms:ViaService': [`sns.${region}.amazonaws.com`, `sqs.${region}.amazonaws.com`] },
        },
      }),
      // EventBridge does not say for whom it asks: with a condition on the account it would deliver nothing (Amazon SNS
      // Developer Guide, "Enable compatibility between event sources from AWS services and encrypted topics").
      new PolicyStatement({
        sid: 'NoticesOfEventBridge',
        actions: [...use.actions, 'kms:DescribeKey'],
        resources: THIS_KEY,
        principals: [new ServicePrincipal('events.amazonaws.com')],
      }),
      // What EventBridge needs for an archive, beside what it is given above (its user guide, "Encrypting archives").
      new PolicyStatement({
        sid: 'ArchivesOfEvents',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        resources: THIS_KEY,
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:events:event-bus:arn': `arn:${partition}:events:${region}:${account}:event-bus/*`,
          },
        },
      }),
      new PolicyStatement({
        sid: 'NoticesOfAlarms',
        ...use,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
      new PolicyStatement({
        sid: 'LogsOfThisAccount',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        resources: THIS_KEY,
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': LOG_GROUPS.map(
              (name) => `arn:${partition}:logs:${region}:${account}:log-group:${name}`,
            ),
          },
        },
      }),
    ]);
  }
}

/** CloudFormation's own names begin with the stack's; Glue and delivered logs have their own beginnings. */
const LOG_GROUPS = ['Barter*', '/aws-glue/*', '/aws/vendedlogs/*'];
