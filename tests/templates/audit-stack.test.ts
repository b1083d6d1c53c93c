import { Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Room } from '../../lib/domain/room/room';
import { AuditStack } from '../../lib/stacks/audit/audit-stack';
import { RegistryTable } from '../../lib/stacks/enforcement/registry-table';
import type { TrailDestination } from '../../lib/stacks/vault/room-trail';
import { findingsOf } from '../fixtures/findings';
import { describeResource } from '../fixtures/least-privilege';
import { ARN, ENV, standIns } from '../fixtures/stand-ins';
import { newApp, resourcesOf, statementsOf } from '../fixtures/template';

type AuditedRoom = Pick<Room, 'topology' | 'operatorParty' | 'auditors'>;
const HOSTED: AuditedRoom = { topology: { kind: 'hosted' }, operatorParty: 'telco', auditors: [] };

function auditWith(archive?: TrailDestination, room = HOSTED): AuditStack {
  const app = newApp();
  const props = standIns(app);
  const { lake, landing, key } = props;
  const registry = new RegistryTable(new Stack(app, 'Enforcement', { env: ENV }), 'Registry', key);
  const watched = { buckets: { landing, lake } };
  const given = { ...props, registry, room, watched, ...(archive === undefined ? {} : { archive }) };
  return new AuditStack(app, 'Audit', { env: ENV, ...given });
}

const stack = auditWith();
const statements = statementsOf(stack);
const only = (type: string) => {
  const [resource, ...others] = resourcesOf(stack, type);
  expect(others).toEqual([]);
  return resource!;
};
const allowedTo = (policy: RegExp, of = stack) =>
  statementsOf(of).filter(({ resource }) => resource.type === 'AWS::IAM::Policy' && policy.test(resource.id));

test('queries are held to encrypted answers in one place, and to a number of bytes', () => {
  expect(only('AWS::Athena::WorkGroup').properties.WorkGroupConfiguration).toMatchObject({
    EnforceWorkGroupConfiguration: true,
    BytesScannedCutoffPerQuery: 100_000_000_000,
    ResultConfiguration: {
      OutputLocation: 's3://the-results/_audit/',
      ExpectedBucketOwner: ENV.account,
      EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: ARN.key },
    },
  });
});

test('the trail is a table whose partitions follow from the query', () => {
  const table = only('AWS::Glue::Table');
  expect(table.properties).toMatchObject({
    DatabaseName: 'barter',
    TableInput: {
      Name: 'trail',
      PartitionKeys: [
        { Name: 'region', Type: 'string' },
        { Name: 'day', Type: 'string' },
      ],
      Parameters: {
        'projection.enabled': 'true',
        'projection.region.type': 'injected',
        'projection.day.type': 'date',
        'projection.day.format': 'yyyy/MM/dd',
        'storage.location.template': `s3://the-trail/AWSLogs/${ENV.account}/CloudTrail/\${region}/\${day}`,
      },
      StorageDescriptor: { Location: `s3://the-trail/AWSLogs/${ENV.account}/CloudTrail/` },
    },
  });
  expect(table.dependsOn).toEqual([only('AWS::Glue::Database').id]);
});

describe('the report', () => {
  const [writer] = resourcesOf(stack, 'AWS::Lambda::Function');
  const workflow = only('AWS::StepFunctions::StateMachine') as unknown as {
    readonly id: string;
    readonly properties: { readonly DefinitionString: { readonly 'Fn::Join': readonly [string, readonly unknown[]] } };
  };

  test('is called for on the first day of every month, with the time for which it is due', () => {
    const { properties, dependsOn } = only('AWS::Scheduler::Schedule');
    expect(properties).toMatchObject({
      ScheduleExpression: 'cron(0 6 1 * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { Ref: workflow.id },
        Input: '{"dueAt":"<aws.scheduler.scheduled-time>"}',
      },
    });
    expect(dependsOn).toEqual([expect.stringMatching(/^CallForReport/)]);
  });

  test('may be called for by the schedule of this account alone', () => {
    const trust = statements.filter(({ resource }) => /^ReportCaller/.test(resource.id));
    expect(trust.map(({ principals, conditions }) => [principals, conditions])).toEqual([
      [[['Service', 'scheduler.amazonaws.com']], { StringEquals: { 'aws:SourceAccount': [ENV.account] } }],
    ]);
    expect(allowedTo(/^CallForReport/).map(({ actions, resources }) => [actions, resources])).toEqual([
      [['states:StartExecution'], [{ Ref: workflow.id }]],
    ]);
  });

  test('has its logs read call by call, and is written when they are read', () => {
    const [, text] = workflow.properties.DefinitionString['Fn::Join'];
    const arn = { 'Fn::GetAtt': [writer?.id, 'Arn'] };
    expect(text.filter((part) => typeof part !== 'string')).toEqual([arn, arn]);
    const { StartAt, States } = JSON.parse(text.map((part) => (typeof part === 'string' ? part : 'WRITER')).join(''));
    const call = (step: string) => ({
      Type: 'Task',
      Resource: 'WRITER',
      Parameters: { step, 'report.$': '$' },
      ResultPath: '$.answer',
      TimeoutSeconds: 900,
    });
    expect(StartAt).toBe('ReadLogs');
    expect(States).toMatchObject({
      ReadLogs: { ...call('read'), Next: 'AreRead' },
      AreRead: {
        Choices: [{ Variable: '$.answer.kind', StringEquals: 'done', Next: 'WriteReport' }],
        Default: 'ReadLogs',
      },
      WriteReport: { ...call('write'), End: true },
    });
    expect(allowedTo(/^ReportSteps/).map(({ actions, resources }) => [actions, resources])).toEqual([
      [['lambda:InvokeFunction'], [arn]],
    ]);
  });

  test('is written beside the ledger: its writer reads trail, record and certificates, and appends', () => {
    const may = allowedTo(/^WriteReportPermissions/).map(({ actions, resources }) => [
      actions.join(' '),
      resources.map(describeResource),
    ]);
    expect(may).toEqual([
      [
        's3:GetObject',
        [
          `${ARN.accessLogs}/lake/*`,
          `${ARN.accessLogs}/landing/*`,
          `${ARN.lake}/_escrow/*/certificate.json`,
          'arn:aws:s3:::the-trail/*',
        ],
      ],
      ['s3:ListBucket', ['arn:aws:s3:::the-trail']],
      ['kms:Decrypt', [ARN.key, ARN.trailKey]],
      ['cloudtrail:ListPublicKeys lambda:ListFunctions', ['*']],
      ['cloudtrail:GetEventSelectors', [`arn:aws:cloudtrail:${ENV.region}:${ENV.account}:trail/barter-room`]],
      ['s3:ListBucket', [ARN.accessLogs]],
      ['dynamodb:GetItem dynamodb:Query', [expect.stringContaining('Registry')]],
      ['s3:ListBucket', [ARN.lake]],
      ['s3:GetObject s3:PutObject', [`${ARN.ledger}/ledger/*`, `${ARN.ledger}/reports/*`, `${ARN.ledger}/scanned/*`]],
      ['s3:PutObject', [`${ARN.ledger}/outbox/*`]],
      ['s3:ListBucket', [ARN.ledger]],
      ['kms:Decrypt kms:GenerateDataKey', [ARN.key]],
      ['kms:GetPublicKey kms:Sign', [ARN.ledgerKey]],
    ]);
  });

  test('where there is an SFTP server, its log is read too', () => {
    const app = newApp();
    const props = standIns(app);
    const registry = new RegistryTable(new Stack(app, 'Enforcement', { env: ENV }), 'Registry', props.key);
    const sftpLog = new LogGroup(new Stack(app, 'Intake', { env: ENV }), 'SftpLog');
    const withSftp = new AuditStack(app, 'Audit', { env: ENV, ...props, registry, room: HOSTED, sftpLog });
    const reading = (of: AuditStack) =>
      allowedTo(/^WriteReportPermissions/, of).filter(({ actions }) => actions.join() === 'logs:FilterLogEvents');
    expect(reading(withSftp).map(({ resources }) => resources)).toEqual([
      [{ 'Fn::GetStackOutput': expect.objectContaining({ OutputName: expect.stringMatching(/SftpLog\w+Arn/) }) }],
    ]);
    expect(reading(stack)).toEqual([]);
    expect(findingsOf(withSftp)).toEqual([]);
  });

  test('of the lake its writer lists nothing but what waits there with its certificates', () => {
    const lists = allowedTo(/^WriteReportPermissions/).filter(({ resources }) =>
      resources.some((resource) => describeResource(resource) === ARN.lake),
    );
    expect(lists.map(({ conditions }) => conditions)).toEqual([{ StringLike: { 's3:prefix': ['_escrow/*'] } }]);
  });

  test('is told whose account the room stands in', () => {
    const told = (of: AuditStack) => {
      const fn = resourcesOf(of, 'AWS::Lambda::Function')[0]!;
      return (fn.properties.Environment as { readonly Variables: Readonly<Record<string, unknown>> }).Variables;
    };
    expect(told(stack)).toMatchObject({
      LEDGER_BUCKET: 'the-ledger',
      LEDGER_ORIGIN: `barter-room/${ENV.account}`,
      LAMBDA_ENDPOINT: { 'Fn::Join': ['', ['https://lambda.eu-central-1.', { Ref: 'AWS::URLSuffix' }]] },
      TRAIL_BUCKET: 'the-trail',
      ACCESS_LOG_BUCKET: 'the-access-logs',
      ROOM_TOPOLOGY: 'hosted',
      OPERATOR_PARTY: 'telco',
    });
    const peer = { topology: { kind: 'peer', party: 'retail' }, auditors: [] } as const;
    expect(told(auditWith(undefined, peer))).toMatchObject({ ROOM_TOPOLOGY: 'peer', OPERATOR_PARTY: 'retail' });
    expect(told(auditWith(undefined, { topology: { kind: 'hosted' }, auditors: [] })).OPERATOR_PARTY).toBeUndefined();
  });

  test('is missed aloud: a failure, a refusal and a call given up are alarms', () => {
    const alarms = resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties);
    expect(alarms.map(({ MetricName, Namespace }) => [Namespace, MetricName])).toEqual([
      ['AWS/Lambda', 'Errors'],
      ['AWS/Lambda', 'Throttles'],
      ['AWS/States', 'ExecutionsFailed'],
      ['AWS/States', 'ExecutionsTimedOut'],
      ['AWS/States', 'ExecutionsAborted'],
    ]);
    for (const alarm of alarms) expect(alarm).toMatchObject({ Threshold: 1, AlarmActions: [ARN.alerts] });
  });
});

describe('the auditor', () => {
  const role = resourcesOf(stack, 'AWS::IAM::Role').find(({ id }) => id.startsWith('Auditor'))!;
  const may = allowedTo(/^Auditor/);

  test('is somebody of this account, with a second factor', () => {
    const trust = statements.filter(({ resource }) => resource.id === role.id);
    expect(trust.map(({ principals, conditions }) => [principals, conditions])).toEqual([
      [[['AWS', `arn:aws:iam::${ENV.account}:root`]], { Bool: { 'aws:MultiFactorAuthPresent': ['true'] } }],
    ]);
  });

  test('is whoever the room names, too: a role says nothing of a second factor', () => {
    const named = `arn:aws:iam::${ENV.account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Auditor_0123`;
    const room = auditWith(undefined, { ...HOSTED, auditors: [named] });
    const trust = statementsOf(room).filter(({ resource }) => resource.id === role.id);
    expect(trust.map(({ principals, conditions }) => [principals, conditions])).toEqual([
      [[['AWS', `arn:aws:iam::${ENV.account}:root`]], { Bool: { 'aws:MultiFactorAuthPresent': ['true'] } }],
      [[['AWS', named]], {}],
    ]);
  });

  test('reads trail, ledger and the answers to their own queries, and writes those alone', () => {
    const resourcesFor = (action: string) =>
      may.flatMap(({ actions, resources }) => (actions.includes(action) ? resources : []));
    expect(resourcesFor('s3:GetObject')).toEqual([
      `${ARN.ledger}/*`,
      `${ARN.results}/_audit/*`,
      'arn:aws:s3:::the-trail/*',
    ]);
    expect(resourcesFor('s3:PutObject')).toEqual([`${ARN.results}/_audit/*`]);
    expect(resourcesFor('kms:Decrypt')).toEqual([ARN.key, ARN.trailKey]);
    const actions = may.flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /\*|Delete|Update|Create|PutObjectR|Bypass/.test(action))).toEqual([]);
  });

  test('sees nothing of deliveries or releases', () => {
    expect(JSON.stringify(may)).not.toMatch(/the-landing|the-lake/);
  });

  test('is let see the table by Lake Formation, after there is one', () => {
    const grants = resourcesOf(stack, 'AWS::LakeFormation::PrincipalPermissions');
    expect(grants.map(({ properties }) => [properties.Permissions, properties.PermissionsWithGrantOption])).toEqual([
      [['DESCRIBE'], []],
      [['DESCRIBE', 'SELECT'], []],
    ]);
    for (const { dependsOn } of grants) expect(dependsOn).toContain(only('AWS::Glue::Table').id);
  });

  test('decrypts a trail that another account keeps by the alias of its key, and by no other', () => {
    const alias = 'alias/barter-room-trail-999900001111';
    const elsewhere = auditWith({
      bucketName: 'the-trail',
      keyArn: `arn:aws:kms:eu-central-1:999900002222:${alias}`,
      keyAlias: { account: '999900002222', name: alias },
    });
    const decrypting = allowedTo(/^Auditor/, elsewhere).filter(({ actions }) => actions.join() === 'kms:Decrypt');
    expect(decrypting.map(({ resources, conditions }) => [resources, conditions])).toEqual([
      [
        ['arn:aws:kms:eu-central-1:999900002222:key/*'],
        { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [alias] } },
      ],
    ]);
    expect(findingsOf(elsewhere)).toEqual([]);
  });
});

test('the dashboard shows the alarms, every function and every bucket it is given', () => {
  const body = JSON.stringify(only('AWS::CloudWatch::Dashboard').properties.DashboardBody);
  for (const shown of ['the-landing', 'the-lake', 'the-ledger', 'the-results', 'audit reports', 'AWS/SNS'])
    expect(body).toContain(shown);
});

test('there is no finding of the AwsSolutions rules', () => {
  expect(findingsOf(stack)).toEqual([]);
});
