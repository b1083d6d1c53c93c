import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Room } from '../../domain/room/room';
import type { RegistryTable } from '../enforcement/registry-table';
import { raiseAlarm } from '../shared/raise-alarm';
import { watchFunctions } from '../shared/watch-functions';
import { BarterJob, jobModules, jobScript } from './barter-job';
import { DeliveryIntake } from './delivery-intake';
import { GeneralisationSolver } from './generalisation-solver';
import { JobLogs } from './job-logs';
import { JobRole } from './job-role';
import { ReleaseCertifier } from './release-certifier';
import { ReleaseWorkflow } from './release-workflow';
import { StartOnUpload } from './start-on-upload';
import { ValueReplacer } from './value-replacer';

interface AnonymisationStackProps extends StackProps {
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
    const raw = { landing, key, noticeKey };
    const checkIntake = new DeliveryIntake(this, 'CheckIntake', { ...raw, registry });
    const solve = new GeneralisationSolver(this, 'Solve', { ...raw, registry });
    const replace = new ValueReplacer(this, 'Replace', raw);
    const certify = new ReleaseCertifier(this, 'Certify', { ...raw, registry, lake });
    this.makers = [jobRole, replace.role!];
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
      ...watchFunctions(this, alerts),
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

/** The Glue security configuration; Glue names logs after it. */
const SECURITY = 'barter-room';
const FIVE_MINUTES = { period: Duration.minutes(5) };
const LOOK = 'Look into its execution.';
