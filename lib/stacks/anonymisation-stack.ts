import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ESCROW } from '../domain/room/escrow-prefix';
import { QUARANTINE } from '../domain/room/landing-prefix';
import type { Room } from '../domain/room/room';
import { TAKEN, WORK } from '../domain/room/workflow-run';
import { acknowledgeWildcards } from './acknowledge-wildcards';
import { BarterJob, jobModules, jobScript } from './barter-job';
import { FunctionAlarms } from './function-alarms';
import { JobLogs } from './job-logs';
import { JobRole } from './job-role';
import { raiseAlarm } from './raise-alarm';
import { markRawReader } from './raw-readers';
import type { RegistryTable } from './registry-table';
import { ReleaseWorkflow } from './release-workflow';
import { RoomFunction } from './room-function';
import { StartOnUpload } from './start-on-upload';
import { CERTIFY_SECONDS, REPLACE_SECONDS, SOLVE_SECONDS } from './workflow-definition';

export interface AnonymisationStackProps extends StackProps {
  readonly jobs: Room['jobs'];
  readonly key: IKey;
  readonly noticeKey: IKey;
  readonly alerts: ITopic;
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly registry: RegistryTable;
  /** The room's bus: uploads are told there, and certified releases. */
  readonly bus: IEventBus;
}

/** Deliveries, by the two ways in which they come; and what is left of them at the intake. */
const DELIVERED = ['*/sftp/*', '*/upload/*'];
const CLAIMED = `${WORK}*/${TAKEN}*`;
const TAKEN_IN = [`${WORK}*/plan.json`, `${WORK}*/orders.json`, CLAIMED, `${QUARANTINE}*.json`];

/** From a delivery to a certified release: two runs of one generic job, the solver between them, and what leads through. */
export class AnonymisationStack extends Stack {
  /** Who makes releases, and so asks the keys of legs for their secrets. */
  readonly makers: readonly IRole[];
  readonly workflow: ReleaseWorkflow;
  readonly alarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, props: AnonymisationStackProps) {
    super(scope, id, props);
    const { jobs, key, noticeKey, alerts, landing, lake, registry, bus } = props;
    const script = jobScript(this, 'Script');
    const modules = jobModules(this, 'Modules');
    const jobRole = new JobRole(this, 'JobRole', { key, landing, lake, scripts: [script, modules] });
    const security = new CfnSecurityConfiguration(this, 'Security', {
      name: SECURITY,
      encryptionConfiguration: {
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: key.keyArn }],
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: noticeKey.keyArn },
        // No job keeps bookmarks. Should one ever, they are not in the clear.
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn: noticeKey.keyArn },
      },
    });
    new JobLogs(this, 'JobLogs', { security: SECURITY, role: jobRole, noticeKey });
    const job = { script, modules, role: jobRole, jobs, security: security.ref };
    const common = { noticeKey, isAsync: false };
    const checkIntake = new RoomFunction(this, 'CheckIntake', {
      ...common,
      handler: 'check-intake',
      description: 'takes deliveries in, or says why not',
      environment: { REGISTRY_TABLE: registry.tableName, LANDING_BUCKET: landing.bucketName },
      statements: [
        ...registry.allow('dynamodb:GetItem', 'dynamodb:Query'),
        ...[...DELIVERED, CLAIMED].map((read) => allow(['s3:GetObject'], landing.arnForObjects(read))),
        ...TAKEN_IN.map((left) => allow(['s3:PutObject'], landing.arnForObjects(left))),
        allow(['kms:GenerateDataKey'], key.keyArn),
      ],
      memory: 512,
    });
    const solve = new RoomFunction(this, 'Solve', {
      ...common,
      handler: 'solve-generalisation',
      description: 'finds the generalisation that meets the floor with least loss',
      environment: { REGISTRY_TABLE: registry.tableName, LANDING_BUCKET: landing.bucketName },
      timeout: Duration.seconds(SOLVE_SECONDS),
      // The histogram of some millions of tuples. As much as an account gets without asking for more.
      memory: 3008,
      statements: [
        ...registry.allow('dynamodb:GetItem'),
        allow(['s3:GetObject'], landing.arnForObjects(`${WORK}*`)),
        allow(['s3:PutObject'], landing.arnForObjects(`${WORK}*/solution/*`)),
        allow(['s3:ListBucket'], landing.bucketArn, { StringLike: { 's3:prefix': `${WORK}*` } }),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn),
      ],
    });
    const replace = new RoomFunction(this, 'Replace', {
      ...common,
      handler: 'replace-values',
      description: 'replaces values that SQL cannot treat',
      environment: { LANDING_BUCKET: landing.bucketName },
      timeout: Duration.seconds(REPLACE_SECONDS),
      // Millions of values and what they become.
      memory: 3008,
      statements: [
        allow(['s3:GetObject'], landing.arnForObjects(`${WORK}*`)),
        allow(['s3:PutObject'], landing.arnForObjects(`${WORK}*/replacements/*`)),
        allow(['s3:ListBucket'], landing.bucketArn, { StringLike: { 's3:prefix': `${WORK}*` } }),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn),
      ],
    });
    const certify = new RoomFunction(this, 'Certify', {
      ...common,
      handler: 'certify-release',
      description: 'certifies releases by what was measured of them',
      environment: {
        REGISTRY_TABLE: registry.tableName,
        LANDING_BUCKET: landing.bucketName,
        LAKE_BUCKET: lake.bucketName,
      },
      timeout: Duration.seconds(CERTIFY_SECONDS),
      memory: 1769,
      statements: [
        ...registry.allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'),
        allow(['s3:GetObject'], landing.arnForObjects(`${WORK}*`)),
        allow(['s3:ListBucket'], landing.bucketArn, { StringLike: { 's3:prefix': `${WORK}*` } }),
        allow(['s3:PutObject'], lake.arnForObjects(`${ESCROW}*/certificate.json`)),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn),
      ],
    });
    // What they read are heads of deliveries, and counts that are as raw as rows.
    for (const { role } of [checkIntake, solve, replace, certify]) if (role !== undefined) markRawReader(role);
    for (const { permissions } of [checkIntake, solve, replace, certify])
      acknowledgeWildcards(
        permissions,
        [
          `/${WORK}*`,
          `/${WORK}*/solution/*`,
          `/${WORK}*/replacements/*`,
          `/${ESCROW}*/certificate.json`,
          ...[...DELIVERED, ...TAKEN_IN].map((key) => `/${key}`),
        ],
        'It stands for agreement, dataset and run: a run is named when it begins.',
      );
    this.makers = [jobRole, ...(replace.role === undefined ? [] : [replace.role])];
    this.workflow = new ReleaseWorkflow(this, 'Workflow', {
      functions: { checkIntake, solve, replace, certify },
      jobs: {
        clean: new BarterJob(this, 'Clean', {
          ...job,
          task: 'clean-and-count',
          description: 'cleans a delivery and counts its subjects',
        }),
        treat: new BarterJob(this, 'Treat', {
          ...job,
          task: 'treat-and-measure',
          description: 'treats a delivery and measures what was written',
        }),
      },
      landing,
      lake,
      bus,
      alerts,
      noticeKey,
    });
    this.alarms = [
      ...[checkIntake, solve, replace, certify].flatMap(
        (fn) => new FunctionAlarms(this, `${fn.node.id}Alarms`, fn, alerts).alarms,
      ),
      raiseAlarm(
        this,
        'Withheld',
        this.workflow.metricFailed(FIVE_MINUTES),
        `a delivery went no further. ${LOOK}`,
        alerts,
      ),
      raiseAlarm(this, 'Abandoned', this.workflow.metricAborted(FIVE_MINUTES), `somebody ended a run. ${LOOK}`, alerts),
      raiseAlarm(this, 'Overdue', this.workflow.metricTimedOut(FIVE_MINUTES), `a run took too long. ${LOOK}`, alerts),
      new StartOnUpload(this, 'Start', { bus, workflow: this.workflow, noticeKey, alerts }).alarm,
    ];
  }
}

/** The data's key is used by way of S3 and DynamoDB alone, whoever asks: its own policy says so. */
function allow(actions: string[], resource: string, conditions = {}): PolicyStatement {
  return new PolicyStatement({ actions, resources: [resource], conditions });
}

/** The Glue security configuration; Glue names logs after it. */
const SECURITY = 'barter-room';
const FIVE_MINUTES = { period: Duration.minutes(5) };
const LOOK = 'Look into its execution.';
