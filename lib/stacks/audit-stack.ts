import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge-wildcards';
import { AuditorRole } from './auditor-role';
import { FunctionAlarms } from './function-alarms';
import { RoomDashboard } from './room-dashboard';
import { RoomFunction } from './room-function';
import type { TrailDestination } from './room-trail';
import { TrailTable } from './trail-table';

export interface AuditStackProps extends StackProps {
  readonly key: IKey;
  readonly noticeKey: IKey;
  /** Where reports are written, beside the ledger. */
  readonly ledger: IBucket;
  readonly results: IBucket;
  readonly archive: TrailDestination;
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
    const { key, noticeKey, ledger, results, archive, alerts, watched = {} } = props;
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
    const evidence = { ledger, results, archive, key, resultsPrefix: ANSWERS };
    new AuditorRole(this, 'Auditor', {
      workgroup: WORKGROUP,
      database: DATABASE,
      table: 'trail',
      ...evidence,
    }).node.addDependency(table, workgroup);
    const writer = this.scheduleReports(key, noticeKey, ledger);
    const { alarms } = new FunctionAlarms(this, 'ReportAlarms', writer, alerts);
    new RoomDashboard(this, 'Dashboard', {
      alarms: [...alarms, ...(watched.alarms ?? [])],
      functions: { 'audit reports': writer, ...watched.functions },
      buckets: { ledger, results, ...watched.buckets },
      alerts,
    });
  }

  private scheduleReports(key: IKey, noticeKey: IKey, ledger: IBucket): RoomFunction {
    const writer = new RoomFunction(this, 'WriteReport', {
      handler: 'write-audit-report',
      description: "writes the auditor's report that is due",
      noticeKey,
      environment: { LEDGER_BUCKET: ledger.bucketName },
      isAsync: true,
      statements: [
        new PolicyStatement({ actions: ['s3:PutObject'], resources: [ledger.arnForObjects('reports/*')] }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
      ],
    });
    acknowledgeWildcards(writer.permissions, ['/reports/*'], 'It stands for the time at which a report is due.');
    const caller = new Role(this, 'ReportCaller', {
      description: 'Barter room: by which the schedule calls for a report',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    const call = new Policy(this, 'CallForReport', {
      roles: [caller],
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [writer.functionArn] })],
    });
    const schedule = new CfnSchedule(this, 'Monthly', {
      description: "Barter room: the auditor's report, on the first day of every month",
      scheduleExpression: 'cron(0 6 1 * ? *)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: writer.functionArn,
        roleArn: caller.roleArn,
        input: JSON.stringify({ dueAt: '<aws.scheduler.scheduled-time>' }),
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 86_400 },
      },
    });
    schedule.node.addDependency(call);
    return writer;
  }
}

const WORKGROUP = 'barter-audit';
/** No agreement's: theirs begin with `barter_`. */
const DATABASE = 'barter';
const ANSWERS = '_audit/';
/** 100 GB: some $0.50 a query. */
const MAX_BYTES = 100_000_000_000;
