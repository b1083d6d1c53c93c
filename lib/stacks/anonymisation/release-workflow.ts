import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { DeliveryWay } from '../../domain/room/landing-prefix';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allowEncrypting } from '../shared/allow-encrypting';
import { allowTelling } from '../shared/allow-telling';
import type { RoomFunction } from '../shared/room-function';
import { RoomWorkflow } from '../shared/room-workflow';
import type { BarterJob } from './barter-job';
import { defineWorkflow } from './workflow-definition';

interface ReleaseWorkflowProps {
  readonly functions: Readonly<Record<'checkIntake' | 'solve' | 'replace' | 'certify', RoomFunction>>;
  readonly jobs: Readonly<Record<'clean' | 'treat', BarterJob>>;
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly bus: IEventBus;
  readonly alerts: ITopic;
  readonly noticeKey: IKey;
}

/** The workflow of `defineWorkflow`, and a role that can take its steps and no others. */
export class ReleaseWorkflow extends RoomWorkflow {
  constructor(scope: Construct, id: string, props: ReleaseWorkflowProps) {
    const { functions, jobs, landing, lake, bus, alerts, noticeKey } = props;
    const stack = Stack.of(scope);
    const definition = defineWorkflow({
      partition: stack.partition,
      checkIntake: functions.checkIntake.functionArn,
      solve: functions.solve.functionArn,
      replace: functions.replace.functionArn,
      certify: functions.certify.functionArn,
      cleanJob: jobs.clean.ref,
      treatJob: jobs.treat.ref,
      landing: landing.bucketName,
      lake: lake.bucketName,
      alerts: alerts.topicArn,
      bus: bus.eventBusName,
    });
    const jobArns = [jobs.clean, jobs.treat].map(({ ref }) =>
      stack.formatArn({ service: 'glue', resource: 'job', resourceName: ref }),
    );
    super(scope, id, {
      comment: 'Barter room: from a delivery to a certified release',
      description: 'Barter room: leads deliveries through their steps',
      definition,
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: Object.values(functions).map(({ functionArn }) => functionArn),
        }),
        new PolicyStatement({
          // A job that is waited for is also looked at, and stopped with the execution (Step Functions, "IAM policies for AWS Glue").
          actions: ['glue:BatchStopJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:StartJobRun'],
          resources: jobArns,
        }),
        // To mark what goes no further: it neither reads nor writes a delivery.
        new PolicyStatement({
          actions: ['s3:PutObjectTagging'],
          resources: DELIVERIES.map((deliveries) => landing.arnForObjects(deliveries)),
        }),
        allowTelling(bus),
        new PolicyStatement({ actions: ['sns:Publish'], resources: [alerts.topicArn] }),
        allowEncrypting(noticeKey),
      ],
    });
    acknowledgeWildcards(
      this.permissions,
      DELIVERIES.map((deliveries) => `/${deliveries}`),
      'It stands for agreement, dataset and file: agreements come and go without this role.',
    );
  }
}

/** Of the landing bucket: what is delivered, by each way. */
const DELIVERIES = (['sftp', 'upload'] as const satisfies readonly DeliveryWay[]).map((way) => `*/*/${way}/*`);
