import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { AGREEMENT_STACK, namePartnerBus } from '../../domain/room/room-names';
import { raiseAlarm } from '../shared/raise-alarm';

/**
 * Where events of accesses wait for the ledger, which takes many at once: one by itself would cost it as much as a thousand.
 * Rules of the given stack, of agreements' stacks and of partners' buses put them, and nobody else.
 */
export class AccessQueue extends Queue {
  /** Events that were tried in vain: to be alarmed on. */
  readonly undone: Queue;
  /** For rules, which are allowed in by their names and not one by one. */
  readonly target: IRuleTarget = { bind: () => ({ arn: this.queueArn }) };

  constructor(scope: Construct, id: string, noticeKey: IKey) {
    const { account, stackName } = Stack.of(scope);
    const shared = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: noticeKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN,
    };
    const undone = new Queue(scope, `${id}DeadLetters`, shared);
    super(scope, id, {
      ...shared,
      // Six times what an execution may take, as Lambda asks for.
      visibilityTimeout: Duration.minutes(6 * EXECUTION.toMinutes()),
      deadLetterQueue: { queue: undone, maxReceiveCount: TRIES },
    });
    this.undone = undone;
    Validations.of(undone).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is itself the end: it takes the events that could not be entered.',
    });
    const rulesOf = (names: string) =>
      Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: names });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RulesOfTheRoom',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': [`${stackName}*`, `${AGREEMENT_STACK}*`, namePartnerBus('*')].map(rulesOf) },
        },
      }),
    );
  }

  /** Tells when events wait too long, and when one is left that nobody will enter. */
  alarmOn(scope: Construct, alerts: ITopic): readonly Alarm[] {
    const period = Duration.minutes(5);
    return [
      raiseAlarm(
        scope,
        `${this.node.id}IsBehind`,
        this.metricApproximateAgeOfOldestMessage({ period }),
        'accesses wait for the ledger: breaches are seen late',
        alerts,
        LONGEST_WAIT.toSeconds(),
      ),
      raiseAlarm(
        scope,
        `${this.node.id}LeavesLetters`,
        this.undone.metricApproximateNumberOfMessagesVisible({ period }),
        'accesses were not entered in the ledger, and wait as dead letters for 14 days',
        alerts,
      ),
    ];
  }
}

/** How long one execution may take that enters what it was given. */
export const EXECUTION = Duration.minutes(2);
/** One hour, with the time between two tries. */
const TRIES = 5;
const LONGEST_WAIT = Duration.minutes(15);
