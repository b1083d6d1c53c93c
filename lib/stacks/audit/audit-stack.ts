import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Room } from '../../domain/room/room';
import { AUDITOR_ROLE } from '../../domain/room/room-names';
import { raiseAlarm } from '../shared/raise-alarm';
import { watchFunctions } from '../shared/watch-functions';
import { AuditorRole } from './auditor-role';
import { ReportWorkflow } from './report-workflow';
import { ReportWriter, type ReportWriterProps } from './report-writer';
import { RoomDashboard } from './room-dashboard';
import { TrailTable } from './trail-table';

interface AuditStackProps extends StackProps, ReportWriterProps {
  readonly room: ReportWriterProps['room'] & Pick<Room, 'auditors'>;
  readonly results: IBucket;
  readonly alerts: ITopic;
  /** What else the dashboard shows, by the name that people read. */
  readonly watched?: {
    readonly functions?: Readonly<Record<string, IFunction>>;
    readonly buckets?: Readonly<Record<string, IBucket>>;
    readonly alarms?: readonly IAlarm[];
  };
}

/** For auditors: the trail as a table, the schedule of their reports, and the room at a glance. */
export class AuditStack extends Stack {
  constructor(scope: Construct, id: string, props: AuditStackProps) {
    super(scope, id, props);
    const { key, ledger, results, archive, alerts, room, watched = {} } = props;
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: WORKGROUP,
      description: 'Barter room: queries over the trail',
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: MAX_BYTES,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: results.s3UrlForObject(ANSWERS),
          expectedBucketOwner: this.account,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
        },
      },
    });
    const database = new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: { name: DATABASE, description: 'Barter room: its trail' },
    });
    const table = new TrailTable(this, 'Trail', { database: DATABASE, trailBucket: archive.bucketName });
    table.addResourceDependency(database);
    const evidence = { ledger, results, archive, key, resultsPrefix: ANSWERS, auditors: room.auditors };
    new AuditorRole(this, AUDITOR_ROLE.id, {
      workgroup: WORKGROUP,
      database: DATABASE,
      table: 'trail',
      ...evidence,
    }).node.addDependency(table, workgroup);
    const writer = new ReportWriter(this, 'WriteReport', props);
    const alarms = watchFunctions(this, alerts);
    const missed = this.scheduleReports(writer, alerts);
    new RoomDashboard(this, 'Dashboard', {
      alarms: [...alarms, ...missed, ...(watched.alarms ?? [])],
      functions: { 'audit reports': writer, ...watched.functions },
      buckets: { ledger, results, ...watched.buckets },
      alerts,
    });
  }

  /** Returns what tells that a report was not written. */
  private scheduleReports(writer: ReportWriter, alerts: ITopic): readonly IAlarm[] {
    const workflow = new ReportWorkflow(this, 'Report', writer);
    const caller = new Role(this, 'ReportCaller', {
      description: 'Barter room: by which the schedule calls for a report',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    const call = new Policy(this, 'CallForReport', {
      roles: [caller],
      statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [workflow.stateMachineArn] })],
    });
    const schedule = new CfnSchedule(this, 'Monthly', {
      description: "Barter room: the auditor's report, on the first day of every month",
      scheduleExpression: 'cron(0 6 1 * ? *)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: workflow.stateMachineArn,
        roleArn: caller.roleArn,
        input: JSON.stringify({ dueAt: '<aws.scheduler.scheduled-time>' }),
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 86_400 },
      },
    });
    schedule.node.addDependency(call);
    const period = Duration.minutes(5);
    const ends = {
      Fails: workflow.metricFailed({ period }),
      TimesOut: workflow.metricTimedOut({ period }),
      IsAborted: workflow.metricAborted({ period }),
    };
    const what = `a report is not written. Look into the executions of ${workflow.node.path}, and start it again.`;
    return Object.entries(ends).map(([name, metric]) => raiseAlarm(workflow, name, metric, what, alerts));
  }
}

const WORKGROUP = 'barter-audit';
/** No agreement's: theirs begin with `barter_`. */
const DATABASE = 'barter';
const ANSWERS = '_audit/';
/** 100 GB: some $0.50 a query. */
const MAX_BYTES = 100_000_000_000;
