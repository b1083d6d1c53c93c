import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { raiseAlarm } from '../shared/raise-alarm';
import { RuleRole } from '../shared/rule-role';
import type { ReleaseWorkflow } from './release-workflow';

interface StartOnUploadProps {
  /** Where the intake tells of uploads. */
  readonly bus: IEventBus;
  readonly workflow: ReleaseWorkflow;
  readonly noticeKey: IKey;
  readonly alerts: ITopic;
}

/** Every file that is told of starts a run; one that could not is kept, and alarmed on. */
export class StartOnUpload extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, { bus, workflow, noticeKey, alerts }: StartOnUploadProps) {
    super(scope, id);
    const unstarted = new Queue(this, 'Unstarted', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: noticeKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(unstarted).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is itself the end: it takes the uploads that started no run.',
    });
    const role = new RuleRole(this, 'StartRole', 'Barter room: starts a run for each upload');
    new Rule(this, 'Uploaded', {
      description: 'Barter room: a whole file that was uploaded starts a run',
      eventBus: bus,
      eventPattern: {
        source: ['aws.s3', 'aws.transfer'],
        detailType: ['Object Created', 'SFTP Server File Upload Completed'],
      },
      targets: [new SfnStateMachine(workflow, { deadLetterQueue: unstarted, role })],
    });
    const waiting = unstarted.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) });
    const what = 'an upload started no run, and waits as a dead letter for 14 days';
    this.alarm = raiseAlarm(this, 'NotStarted', waiting, what, alerts);
  }
}
