import { API_OPERATIONS } from '../../lib/domain/enforcement/api/api-operations';
import { EnforcementStack } from '../../lib/stacks/enforcement/enforcement-stack';
import { findingsOf } from '../fixtures/findings';
import { describeResource, listExcesses, permissionsOf } from '../fixtures/least-privilege';
import { ARN, ENV, standIns } from '../fixtures/stand-ins';
import { type Json, newApp, resourcesOf, statementsOf } from '../fixtures/template';

const app = newApp();
const { key, noticeKey, alerts, teller, ledger, ledgerKey, landing, lake } = standIns(app);
const stack = new EnforcementStack(app, 'Enforcement', {
  env: ENV,
  retention: { deliveries: 30, results: 20, replaced: 10, accessLogs: 365, logs: 400 },
  key,
  noticeKey,
  alerts,
  teller,
  ledger,
  ledgerKey,
  landing,
  lake,
});
const find = (type: string, name = '') => resourcesOf(stack, type).filter(({ id }) => id.startsWith(name));
const one = (type: string, name = '') => {
  const [found, ...more] = find(type, name);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + 1} of ${type} ${name}`);
  return found;
};
const functions = find('AWS::Lambda::Function');
const [queue] = find('AWS::SQS::Queue').filter(({ properties }) => properties.RedrivePolicy !== undefined);
if (queue === undefined) throw new Error('No queue has dead letters.');

describe('the registry', () => {
  const table = one('AWS::DynamoDB::Table');

  test("is encrypted with the room's key, can be restored to any second, and cannot be deleted by a slip", () => {
    expect(table.deletionPolicy).toBe('Retain');
    expect(table.updateReplacePolicy).toBe('Retain');
    expect(table.properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: ARN.key },
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
    });
  });

  test('has the key that the registry says', () => {
    expect(table.properties.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
  });

  test('is deleted from by nobody', () => {
    const actions = statementsOf(stack).flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /^dynamodb:.*(Delete|PartiQL|BatchWrite|\*)/.test(action))).toEqual([]);
  });
});

describe('roles', () => {
  const logOf = (name: string) => `<${one('AWS::Logs::LogGroup', `${name}Log`).id}>`;
  const common = (name: string) => [
    `logs:CreateLogStream on ${logOf(name)}`,
    `logs:PutLogEvents on ${logOf(name)}`,
    'xray:PutTelemetryRecords on *',
    'xray:PutTraceSegments on *',
  ];
  const undone = (name: string) => [
    `kms:Decrypt on ${ARN.noticeKey}`,
    `kms:GenerateDataKey on ${ARN.noticeKey}`,
    `sqs:SendMessage on <${one('AWS::SQS::Queue', `${name}DeadLetters`).id}>`,
  ];
  const registry = `<${one('AWS::DynamoDB::Table').id}>`;
  const QUEUE = `<${queue.id}>`;

  test.each([
    [
      'RecordRole',
      [
        ...common('Record'),
        ...['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'].map(
          (action) => `${action} on ${QUEUE}`,
        ),
        `kms:Decrypt on ${ARN.noticeKey}`,
        `kms:Decrypt on ${ARN.key}`,
        `kms:GenerateDataKey on ${ARN.key}`,
        `kms:GetPublicKey on ${ARN.ledgerKey}`,
        `kms:Sign on ${ARN.ledgerKey}`,
        `s3:GetObject on ${ARN.ledger}/ledger/*`,
        `s3:ListBucket on ${ARN.ledger}`,
        `s3:PutObject on ${ARN.ledger}/ledger/*`,
        `dynamodb:GetItem on ${registry}`,
        `dynamodb:PutItem on ${registry}`,
        `dynamodb:Query on ${registry}`,
      ],
    ],
    [
      'BreachRole',
      [
        ...common('Breach'),
        ...undone('Breach'),
        `dynamodb:GetItem on ${registry}`,
        `dynamodb:PutItem on ${registry}`,
        `dynamodb:Query on ${registry}`,
        `events:PutEvents on <${one('AWS::Events::EventBus').id}>`,
        `kms:Decrypt on ${ARN.key}`,
      ],
    ],
    [
      'DecideRole',
      [
        ...common('Decide'),
        `dynamodb:GetItem on ${registry}`,
        `dynamodb:PutItem on ${registry}`,
        `dynamodb:Query on ${registry}`,
        `events:PutEvents on <${one('AWS::Events::EventBus').id}>`,
        `kms:Decrypt on ${ARN.key}`,
        `s3:GetObject on ${ARN.ledger}/ledger/head`,
        `s3:GetObject on ${ARN.ledger}/ledger/tile/entries/*`,
        `s3:ListBucket on ${ARN.ledger}`,
        `s3:GetObject on ${ARN.lake}/_escrow/*/certificate.json`,
        `s3:ListBucket on ${ARN.lake}`,
      ],
    ],
  ])('%s may do this and nothing else', (name, expected) => {
    const [permissions, ...more] = permissionsOf(stack).filter(({ role }) => role.startsWith(name));
    expect(more).toEqual([]);
    // The library may put the same into two statements.
    expect([...new Set(permissions?.allowed)]).toEqual([...expected].sort());
  });

  test.each([
    ['Record', ['ledger/*']],
    ['Decide', ['ledger/*', '_escrow/*/certificate.json']],
  ])('%s lists nothing else of a bucket', (name, prefixes) => {
    const lists = statementsOf(stack).filter(
      ({ resource, actions }) => resource.id.startsWith(`${name}Permissions`) && actions.includes('s3:ListBucket'),
    );
    expect(lists.map(({ conditions }) => conditions)).toEqual(
      prefixes.map((prefix) => ({ StringLike: { 's3:prefix': [prefix] } })),
    );
  });

  test.each([
    ['Record', ['knocks#*']],
    ['Decide', ['agreement#*', 'decisions#*', 'knocks#*', 'erasures#*']],
  ])('%s writes into its partitions of the registry alone', (name, partitions) => {
    const puts = statementsOf(stack).filter(
      ({ resource, actions }) => resource.id.startsWith(`${name}Permissions`) && actions.includes('dynamodb:PutItem'),
    );
    expect(puts.map(({ conditions }) => conditions)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
    ]);
  });

  test('a flood of events takes no more than a part of what functions share', () => {
    const reserved = ['Record', 'Decide'].map(
      (name) => one('AWS::Lambda::Function', name).properties.ReservedConcurrentExecutions,
    );
    expect(reserved).toEqual([2, 50]);
  });

  test('there is no other, and none has a wildcard where there could be a name', () => {
    expect(permissionsOf(stack)).toHaveLength(3);
    expect(listExcesses(stack)).toEqual([]);
  });

  test('each is assumed by one service, for this account', () => {
    for (const { resource, principals } of statementsOf(stack)) {
      if (resource.type !== 'AWS::IAM::Role' || principals.length === 0) continue;
      expect(principals).toEqual([['Service', 'lambda.amazonaws.com']]);
    }
  });
});

describe('who comes in from outside', () => {
  test('no account but this one is named anywhere', () => {
    const accounts = new Set(JSON.stringify(resourcesOf(stack)).match(/:\d{12}:/g));
    expect([...accounts]).toEqual([`:${ENV.account}:`]);
  });

  test('nobody is allowed in by a resource policy but services of AWS, for this account', () => {
    const allowed = statementsOf(stack).filter(({ effect, principals }) => effect === 'Allow' && principals.length > 0);
    for (const { principals } of allowed) expect(principals.map(([kind]) => kind)).toEqual(['Service']);
    expect(one('AWS::Events::EventBus').properties.Policy).toBeUndefined();
    for (const { properties } of find('AWS::Lambda::Permission'))
      expect(String(properties.Principal)).toMatch(/^(events|apigateway)\.amazonaws\.com$/);
  });

  test("into the queue of the ledger put the room's own rules, and those of agreements' stacks and buses, and nobody else", () => {
    const [own, ...more] = statementsOf(stack)
      .filter(
        ({ effect, actions }) => effect === 'Allow' && actions.includes('sqs:SendMessage') && actions.length === 1,
      )
      .filter(({ resource }) => resource.type === 'AWS::SQS::QueuePolicy');
    expect(more).toEqual([]);
    expect(own?.principals).toEqual([['Service', 'events.amazonaws.com']]);
    const { StringEquals, ArnLike } = (own?.conditions ?? {}) as Record<string, Record<string, readonly Json[]>>;
    expect(StringEquals).toEqual({ 'aws:SourceAccount': [ENV.account] });
    const rules = ArnLike?.['aws:SourceArn']?.map((arn) => describeResource(arn).split(':').at(-1));
    // Rules on the account's own bus, by which agreements' stacks have reads counted; those of agreements' buses.
    expect(rules).toEqual(['rule/Enforcement*', 'rule/BarterAgreement-*', 'rule/barter-*']);
    expect(find('AWS::Lambda::Permission').filter(({ properties }) => properties.SourceAccount !== undefined)).toEqual(
      [],
    );
  });

  test('of what the room’s own account does, it is told what is done by links and by the roles of parties and warehouses', () => {
    const told = find('AWS::Events::Rule').map(({ properties }) => properties.EventPattern);
    const ofObjects = told.filter((pattern) => JSON.stringify(pattern).includes('"aws.s3"'));
    expect(ofObjects.filter((pattern) => !JSON.stringify(pattern).includes('anything-but'))).toEqual([
      {
        source: ['aws.s3'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { userIdentity: { arn: [{ suffix: '@link' }] } },
      },
      {
        source: ['aws.s3'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { userIdentity: { accountId: [ENV.account], arn: [expect.anything(), expect.anything()] } },
      },
    ]);
    const sessions = [...JSON.stringify(ofObjects).matchAll(/:sts::(\d+):assumed-role\/([\w-]+)"/g)];
    expect(sessions.map(([, account, role]) => `${account} ${role}`)).toEqual([
      `${ENV.account} barter-party-`,
      `${ENV.account} barter-warehouse-`,
    ]);
  });
});

describe('the queue of the ledger', () => {
  test('is encrypted, keeps what was tried five times, and each event for two weeks', () => {
    const letters = one('AWS::SQS::Queue', 'RecordQueueDeadLetters');
    for (const { properties } of [queue, letters])
      expect(properties).toMatchObject({ KmsMasterKeyId: ARN.noticeKey, MessageRetentionPeriod: 14 * 24 * 3600 });
    expect(queue.properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [letters.id, 'Arn'] },
      maxReceiveCount: 5,
    });
  });

  test('is emptied by one function, many events at once, which has done with them long before anybody is given them again', () => {
    const record = one('AWS::Lambda::Function', 'Record');
    expect(one('AWS::Lambda::EventSourceMapping').properties).toEqual({
      EventSourceArn: { 'Fn::GetAtt': [queue.id, 'Arn'] },
      FunctionName: { Ref: record.id },
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 20,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(queue.properties.VisibilityTimeout).toBe(6 * Number(record.properties.Timeout));
  });

  test('gets every event of an access that this account is told of', () => {
    const targets = find('AWS::Events::Rule')
      .filter(({ properties }) =>
        /"aws\.(s3|transfer|dataexchange|lakeformation)"/.test(JSON.stringify(properties.EventPattern)),
      )
      .map(({ properties }) =>
        (properties.Targets as readonly { readonly Arn: Json }[]).map(({ Arn }) => describeResource(Arn)),
      );
    expect(targets).toHaveLength(6);
    expect(new Set(targets.flat())).toEqual(new Set([`<${queue.id}>`]));
  });
});

describe('the API', () => {
  const routes = find('AWS::ApiGatewayV2::Route');

  test('has every operation but those that hand out links or use keys, and no other, each for IAM principals only', () => {
    const here = API_OPERATIONS.filter(({ id }) => !['request-upload', 'read-release', 'request-erasure'].includes(id));
    expect(routes.map(({ properties }) => properties.RouteKey).sort()).toEqual(
      here.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const { properties } of routes) expect(properties.AuthorizationType).toBe('AWS_IAM');
  });

  test('has the agreement in every path, so that a role can be held to one', () => {
    for (const { path } of API_OPERATIONS) expect(path).toMatch(/^\/agreements\/\{agreement\}(\/|$)/);
    const allowed = (gives: boolean) => {
      const statement = stack.resolve(stack.api.allowAgreement('telco-retail-2026', { gives }).toStatementJson());
      expect(statement).toMatchObject({ Effect: 'Allow', Action: 'execute-api:Invoke' });
      return statement.Resource.map(describeResource).map((arn: string) => arn.split('>').at(-1));
    };
    const asked = [
      'GET/agreements/telco-retail-2026',
      'GET/agreements/telco-retail-2026/*',
      ...[
        'signatures',
        'notices',
        'suspensions',
        'resumptions',
        'overrulings',
        'attestations',
        'problems',
        'confirmations',
        'receipts',
      ].map((what) => `POST/agreements/telco-retail-2026/${what}`),
    ];
    const named = (paths: readonly string[]) => paths.map((path) => `/$default/${path}`).sort();
    expect(allowed(false).sort()).toEqual(named(asked));
    expect(allowed(true).sort()).toEqual(
      named([...asked, ...['uploads', 'erasures'].map((what) => `POST/agreements/telco-retail-2026/${what}`)]),
    );
  });

  test('logs every request, encrypted, and takes no more than a few at once', () => {
    const stage = one('AWS::ApiGatewayV2::Stage');
    const log = one('AWS::Logs::LogGroup', 'ApiLog');
    expect(stage.properties).toMatchObject({
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': [log.id, 'Arn'] } },
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
    });
    expect(log.properties.KmsKeyId).toBe(ARN.noticeKey);
    const { Format } = stage.properties.AccessLogSettings as { Format: string };
    expect(Format).toContain('$context.identity.userArn');
    expect(Format).not.toMatch(/body|authorization/i);
  });

  test('is answered by the function that forbids', () => {
    const { IntegrationUri } = one('AWS::ApiGatewayV2::Integration').properties;
    expect(describeResource(IntegrationUri)).toBe(`<${one('AWS::Lambda::Function', 'Decide').id}>`);
  });
});

describe('events and times', () => {
  test("the room's bus and its archive are encrypted, and the archive is kept as long as the logs", () => {
    expect(one('AWS::Events::EventBus').properties).toMatchObject({
      Name: 'BarterRoom',
      KmsKeyIdentifier: ARN.noticeKey,
    });
    expect(one('AWS::Events::Archive').properties).toMatchObject({
      RetentionDays: 400,
      KmsKeyIdentifier: ARN.noticeKey,
    });
  });

  test.each([
    ['a breach', 'BreachReported', ['Breach Reported']],
    ['that a person overruled one', 'BreachOverruled', ['Breach Overruled']],
    ['that a person suspended or resumed an agreement', 'BreachPaused', ['Agreement Suspended', 'Agreement Resumed']],
  ])('%s goes on record and to those who are told', (_, rule, detailType) => {
    const { properties } = one('AWS::Events::Rule', rule);
    expect(properties.EventPattern).toEqual({ source: ['barter.room'], 'detail-type': detailType });
    const targets = (properties.Targets as { Arn: string }[]).map(({ Arn }) => describeResource(Arn));
    expect(targets).toEqual([`<${one('AWS::Lambda::Function', 'Breach').id}>`, ARN.teller]);
  });

  test('what a party says at the API, and is on record by then, goes to those who are told', () => {
    const { properties } = one('AWS::Events::Rule', 'PartySpoke');
    expect(properties.EventPattern).toEqual({
      source: ['barter.room'],
      'detail-type': ['Agreement Paused', 'Breach Lifted', 'Problem Reported'],
    });
    const targets = (properties.Targets as { Arn: string }[]).map(({ Arn }) => describeResource(Arn));
    expect(targets).toEqual([ARN.teller]);
  });
});

test('every function that fails, is throttled or leaves work undone is told of', () => {
  const alarms = find('AWS::CloudWatch::Alarm');
  const letters = find('AWS::SQS::Queue').filter(({ id }) => id !== queue.id);
  expect(functions).toHaveLength(3);
  expect(letters).toHaveLength(2);
  expect(alarms).toHaveLength(functions.length * 2 + letters.length * 2 + 1);
  // What waits is told of after a quarter of an hour, wherever it waits.
  const waits: Readonly<Record<string, number>> = { AsyncEventAge: 900_000, ApproximateAgeOfOldestMessage: 900 };
  const behind = alarms.filter(({ properties }) => String(properties.MetricName) in waits);
  expect(behind.map(({ properties }) => properties.Statistic)).toEqual(letters.map(() => 'Maximum'));
  for (const { properties } of alarms)
    expect(properties).toMatchObject({
      AlarmActions: [ARN.alerts],
      Threshold: waits[String(properties.MetricName)] ?? 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  const watched = alarms.map(({ properties }) => `${properties.MetricName} ${JSON.stringify(properties.Dimensions)}`);
  for (const { id } of functions)
    for (const metric of ['Errors', 'Throttles'])
      expect(watched).toContain(`${metric} [{"Name":"FunctionName","Value":{"Ref":"${id}"}}]`);
  expect(watched).toContain(
    `ApproximateAgeOfOldestMessage [{"Name":"QueueName","Value":{"Fn::GetAtt":["${queue.id}","QueueName"]}}]`,
  );
  for (const { id } of letters)
    expect(watched).toContain(
      `ApproximateNumberOfMessagesVisible [{"Name":"QueueName","Value":{"Fn::GetAtt":["${id}","QueueName"]}}]`,
    );
});

test('no rule is broken', () => {
  expect(findingsOf(stack)).toEqual([]);
});
