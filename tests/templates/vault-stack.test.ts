import { ROOM_ROLES } from '../../lib/domain/room/room-names';
import { LogArchiveStack } from '../../lib/stacks/vault/log-archive-stack';
import { VaultStack } from '../../lib/stacks/vault/vault-stack';
import { describeEveryBucket } from '../fixtures/bucket-promises';
import { denialsOf } from '../fixtures/denies';
import { findingsOf } from '../fixtures/findings';
import { bucketStatements, type Json, newApp, resourcesOf, statementsOf } from '../fixtures/template';

const RETENTION = { deliveries: 30, results: 20, replaced: 10, accessLogs: 365, logs: 730 };
const ROOM = '999900001111';
const ARCHIVE = '999900002222';
const REGION = 'eu-central-1';

const stack = new VaultStack(newApp(), 'Vault', {
  env: { account: ROOM, region: REGION },
  retention: RETENTION,
  alarms: ['security@example.com', 'privacy@example.com'],
});
const archiveStack = new LogArchiveStack(newApp(), 'Archive', {
  env: { account: ARCHIVE, region: REGION },
  retention: RETENTION,
  alarms: ['security@example.com'],
  roomAccount: ROOM,
});
const rootOf = (account: string) => `arn:aws:iam::${account}:root`;
const trailArn = `arn:aws:cloudtrail:${REGION}:${ROOM}:trail/barter-room`;
const keyNamed = (of: VaultStack | LogArchiveStack, prefix: string) =>
  resourcesOf(of, 'AWS::KMS::Key').find(({ id }) => new RegExp(`^${prefix}[0-9A-F]{8}$`).test(id))!;
const bucketNamed = (of: VaultStack | LogArchiveStack, prefix: string) =>
  resourcesOf(of, 'AWS::S3::Bucket').find(({ id }) => id.startsWith(prefix))!;

const withArchive = [
  ['in the room', stack],
  ['in its own account', archiveStack],
] as const;

describe.each(withArchive)('%s', (_, where) => {
  describeEveryBucket(where, resourcesOf(where, 'AWS::S3::Bucket'));

  test.each(resourcesOf(where, 'AWS::KMS::Key').map((key) => [key.id, key] as const))(
    'the key %s rotates, and stays when the stack goes',
    (__, key) => {
      expect(key).toMatchObject({ deletionPolicy: 'Retain', updateReplacePolicy: 'Retain' });
      // A pair of keys that signs cannot rotate.
      const rotates = key.properties.KeyUsage === 'SIGN_VERIFY' ? undefined : true;
      expect(key.properties.EnableKeyRotation).toBe(rotates);
    },
  );

  test('who administers a key cannot use it', () => {
    const administration = statementsOf(where).filter(({ sid }) => sid === 'AdministerWithoutUse');
    expect(administration).toHaveLength(resourcesOf(where, 'AWS::KMS::Key').length);
    const use = /\*|crypt|GenerateDataKey|CreateGrant|Sign|Mac|DeriveSharedSecret|ReplicateKey|GetParameters/;
    for (const { actions } of administration) expect(actions.filter((action) => use.test(action))).toEqual([]);
  });

  test('nothing is allowed to everybody, nor by a wildcard action', () => {
    const allows = statementsOf(where).filter(({ effect }) => effect === 'Allow');
    expect(allows).not.toEqual([]);
    for (const { principals, actions } of allows) {
      expect(principals.map(([, value]) => value)).not.toContain('*');
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    }
  });

  test('there is no finding of the AwsSolutions rules', () => {
    expect(findingsOf(where)).toEqual([]);
  });

  describe('the trail bucket', () => {
    const bucket = bucketNamed(where, 'ArchiveTrail');
    const guards = bucketStatements(where, bucket.id);
    const tls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': 1.3 };

    test('locks every object against everybody, and lets it go a day after', () => {
      expect(bucket.properties).toMatchObject({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 730 } },
        },
        LifecycleConfiguration: { Rules: expect.arrayContaining([expect.objectContaining({ ExpirationInDays: 731 })]) },
      });
    });

    test.each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention'])(
      'refuses %s, be it a service or an administrator',
      (action) => {
        for (const service of ['true', 'false']) {
          const denials = denialsOf(guards, { action, keys: { ...tls, 'aws:PrincipalIsAWSService': service } });
          expect(denials.map(({ sid, principals }) => [sid, principals])).toEqual([['RefuseRemoval', [['AWS', '*']]]]);
        }
      },
    );

    test('refuses to take an object from anybody but a service', () => {
      const put = (service: string) =>
        denialsOf(guards, { action: 's3:PutObject', keys: { ...tls, 'aws:PrincipalIsAWSService': service } });
      expect(put('false').map(({ sid }) => sid)).toEqual(['RefuseForgery']);
      expect(put('true')).toEqual([]);
    });

    test("takes the room's own trail from CloudTrail, no other trail, under no other account's name", () => {
      const writing = guards.filter(({ effect, actions }) => effect === 'Allow' && actions.includes('s3:PutObject'));
      expect(writing.map(({ principals, resources, conditions }) => [principals, resources, conditions])).toEqual([
        [
          [['Service', 'cloudtrail.amazonaws.com']],
          [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket.id, 'Arn'] }, `/AWSLogs/${ROOM}/*`]] }],
          { StringEquals: { 'aws:SourceArn': [trailArn], 's3:x-amz-acl': ['bucket-owner-full-control'] } },
        ],
      ]);
    });

    test('is under a key that this trail encrypts with, and nobody uses but by way of S3', () => {
      const key = keyNamed(where, 'ArchiveKey');
      expect(JSON.stringify(bucket.properties.BucketEncryption)).toContain(key.id);
      const uses = statementsOf(where).filter(({ resource, sid }) => resource.id === key.id && !sid?.startsWith('Adm'));
      expect(
        uses.map(({ principals, actions, conditions }) => [principals.map(([kind]) => kind), actions, conditions]),
      ).toEqual([
        [['Service'], ['kms:DescribeKey', 'kms:GenerateDataKey'], { StringEquals: { 'aws:SourceArn': [trailArn] } }],
        [
          expect.arrayContaining(['AWS']),
          ['kms:Decrypt'],
          { StringEquals: { 'kms:ViaService': [`s3.${REGION}.amazonaws.com`] } },
        ],
      ]);
    });
  });
});

test('the ledger is locked like the trail, and stays after its lock: each part of it rests on the earlier ones', () => {
  const ledger = bucketNamed(stack, 'Ledger');
  expect(ledger.properties.ObjectLockConfiguration).toMatchObject({
    Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 730 } },
  });
  expect(JSON.stringify(ledger.properties.LifecycleConfiguration)).not.toContain('ExpirationInDays');
  expect(JSON.stringify(ledger.properties.BucketEncryption)).toContain(keyNamed(stack, 'Key').id);
});

test("the room's key is used by this account, only by way of S3 and DynamoDB", () => {
  const key = keyNamed(stack, 'Key');
  const uses = statementsOf(stack).filter(({ resource, sid }) => resource.id === key.id && !sid?.startsWith('Adm'));
  for (const { principals, conditions } of uses) {
    expect(principals).toEqual([['AWS', rootOf(ROOM)]]);
    const services = conditions.StringEquals?.['kms:ViaService'] ?? [];
    expect(services.length).toBeGreaterThan(0);
    for (const service of services)
      expect([`s3.${REGION}.amazonaws.com`, `dynamodb.${REGION}.amazonaws.com`]).toContain(service);
  }
  const granting = uses.filter(({ actions }) => actions.includes('kms:CreateGrant'));
  expect(granting.map(({ actions, conditions }) => [actions, conditions.Bool])).toEqual([
    [['kms:CreateGrant'], { 'kms:GrantIsForAWSResource': ['true'] }],
  ]);
});

test('no service but by way of S3 or DynamoDB opens what the room stores: the services of notices have another key', () => {
  const services = statementsOf(stack).filter(
    ({ resource, principals }) => resource.type === 'AWS::KMS::Key' && principals.some(([kind]) => kind === 'Service'),
  );
  expect(new Set(services.map(({ resource }) => resource.id))).toEqual(
    new Set([keyNamed(stack, 'NoticeKey').id, keyNamed(stack, 'ArchiveKey').id]),
  );
  const unconditional = services.filter(({ conditions }) => Object.keys(conditions).length === 0);
  expect(unconditional.map(({ principals }) => principals)).toEqual([[['Service', 'events.amazonaws.com']]]);
});

test('in an account of its own the trail can be read by the room, and by no third account', () => {
  const principals = statementsOf(archiveStack).flatMap(({ effect, principals: named }) =>
    effect === 'Allow' ? named.flatMap(([kind, value]) => (kind === 'AWS' ? [JSON.stringify(value)] : [])) : [],
  );
  expect(new Set(principals)).toEqual(new Set([rootOf(ARCHIVE), rootOf(ROOM)].map((value) => JSON.stringify(value))));
  expect(archiveStack.destination.bucketName).toBe(`barter-room-trail-${ROOM}-${REGION}`);
  expect(bucketNamed(archiveStack, 'ArchiveTrail').properties.BucketName).toBe(archiveStack.destination.bucketName);
  expect(resourcesOf(archiveStack, 'AWS::KMS::Alias')[0]?.properties.AliasName).toBe(`alias/barter-room-trail-${ROOM}`);
  expect(
    resourcesOf(
      new VaultStack(newApp(), 'Vault', {
        retention: RETENTION,
        alarms: [],
        archive: archiveStack.destination,
      }),
      'AWS::S3::Bucket',
    ),
  ).toHaveLength(2);
});

describe('alerts', () => {
  const [topic] = resourcesOf(stack, 'AWS::SNS::Topic');
  const [teller] = resourcesOf(stack, 'AWS::Lambda::Function');

  test.each([
    ['in the room', stack, ROOM],
    ['in its own account', archiveStack, ARCHIVE],
  ])("are published by the room's own alarms and the one function that its own rules call: %s", (_, where, account) => {
    const statements = statementsOf(where);
    const published = statements.filter(({ effect, actions }) => effect === 'Allow' && actions.includes('sns:Publish'));
    expect(published.map(({ resource, principals, conditions }) => [resource.type, principals, conditions])).toEqual([
      [
        'AWS::SNS::TopicPolicy',
        [['Service', 'cloudwatch.amazonaws.com']],
        {
          StringEquals: { 'aws:SourceAccount': [account] },
          ArnLike: { 'aws:SourceArn': [`arn:aws:cloudwatch:${REGION}:${account}:alarm:Barter*`] },
        },
      ],
      ['AWS::IAM::Policy', [], {}],
    ]);
    const rules = resourcesOf(where, 'AWS::Events::Rule').map(({ id }) => ({ 'Fn::GetAtt': [id, 'Arn'] }));
    const calls = resourcesOf(where, 'AWS::Lambda::Permission').map(({ properties }) => properties);
    expect(rules).not.toEqual([]);
    expect(calls.map(({ Principal }) => Principal)).toEqual(rules.map(() => 'events.amazonaws.com'));
    expect(calls.map(({ SourceArn }) => SourceArn)).toEqual(expect.arrayContaining(rules));
  });

  test('that cannot be passed on are told of by the alarms of the function that passes them on', () => {
    const alarms = resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties);
    expect(alarms.map(({ MetricName }) => MetricName)).toEqual(
      expect.arrayContaining(['Errors', 'Throttles', 'ApproximateNumberOfMessagesVisible']),
    );
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: topic?.id }]);
  });

  test('go encrypted to every address, and to nobody else', () => {
    expect(topic?.properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [keyNamed(stack, 'NoticeKey').id, 'Arn'] });
    const subscriptions = resourcesOf(stack, 'AWS::SNS::Subscription').map(({ properties }) => properties);
    expect(subscriptions).toEqual(
      ['security@example.com', 'privacy@example.com'].map((Endpoint) => ({
        Protocol: 'email',
        Endpoint,
        TopicArn: { Ref: topic?.id },
      })),
    );
  });

  test.each([
    ['cloudtrail', ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors']],
    ['kms', ['ScheduleKeyDeletion', 'DisableKey', 'PutKeyPolicy']],
    ['events', ['DisableRule', 'DeleteRule', 'PutRule', 'PutTargets', 'RemoveTargets']],
    ['logs', ['DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy', 'DeleteDelivery']],
    ['sns', ['DeleteTopic', 'SetSubscriptionAttributes', 'Unsubscribe']],
    ['sqs', ['PurgeQueue', 'DeleteQueue', 'SetQueueAttributes']],
  ])('are raised by calls to %s: %j', (service, calls) => {
    const patterns = resourcesOf(stack, 'AWS::Events::Rule').map(({ properties }) => properties);
    expect(patterns).toContainEqual(
      expect.objectContaining({
        State: 'ENABLED',
        EventPattern: {
          source: [`aws.${service}`],
          'detail-type': ['AWS API Call via CloudTrail'],
          detail: { eventSource: [`${service}.amazonaws.com`], eventName: expect.arrayContaining(calls) },
        },
        Targets: [expect.objectContaining({ Arn: { 'Fn::GetAtt': [teller?.id, 'Arn'] } })],
      }),
    );
  });

  test.each<[string, readonly Json[]]>([
    [
      'lambda',
      [{ prefix: 'UpdateFunctionCode' }, { prefix: 'UpdateFunctionConfiguration' }, { prefix: 'AddPermission' }],
    ],
    ['iam', ['UpdateAssumeRolePolicy', 'PutRolePolicy', 'AttachRolePolicy', 'TagRole', 'CreateRole']],
    ['glue', ['CreateJob', 'UpdateJob', 'StartJobRun']],
    ['glue', ['CreateTable', 'UpdateTable', 'DeleteTable']],
    ['dataexchange', ['CreateRevision', 'UpdateRevision', 'UpdateAsset']],
    ['states', ['UpdateStateMachine']],
    ['dynamodb', ['PutItem', 'DeleteItem', 'ExecuteStatement', 'DeleteTable', 'RestoreTableToPointInTime']],
    ['cloudformation', ['ExecuteChangeSet', 'UpdateStack', 'DeleteStack']],
    ['dataexchange', ['CreateDataGrant']],
    ['ram', ['CreateResourceShare', 'AssociateResourceShare']],
    ['lakeformation', ['GrantPermissions', 'BatchGrantPermissions', 'PutDataLakeSettings']],
    ['kms', ['CreateGrant']],
    ['s3', ['PutObjectAcl']],
    ['transfer', ['CreateUser', 'ImportSshPublicKey']],
  ])('are raised by calls to %s that none of the room’s roles makes: %j', (service, calls) => {
    const patterns = resourcesOf(stack, 'AWS::Events::Rule').map(({ properties }) => properties.EventPattern);
    const [first] = calls.map((call) => JSON.stringify(call));
    const isOf = (text: string) =>
      [`"aws.${service}"`, 'userIdentity', first ?? ''].every((part) => text.includes(part));
    const pattern = patterns.find((each) => isOf(JSON.stringify(each)));
    const prefix = ROOM_ROLES.map((role) => `arn:aws:sts::${ROOM}:assumed-role/${role}`);
    expect(pattern).toMatchObject({
      detail: {
        eventName: expect.arrayContaining(calls),
        userIdentity: {
          invokedBy: [{ exists: false }, { 'anything-but': ['cloudformation.amazonaws.com'] }],
          arn: [{ exists: false }, { 'anything-but': { prefix } }],
        },
      },
    });
    // EventBridge takes no longer one.
    expect(JSON.stringify(pattern).length).toBeLessThan(2048);
  });

  test.each([
    ['in the room', stack, 3],
    ['in its own account', archiveStack, 2],
  ])('are raised by changes of how a bucket is protected: %s', (_, where, count) => {
    const rule = resourcesOf(where, 'AWS::Events::Rule').find(({ id }) => id.startsWith('BucketGuard'));
    const buckets = resourcesOf(where, 'AWS::S3::Bucket').map(({ id }) => ({ Ref: id }));
    expect(buckets).toHaveLength(count);
    expect(rule?.properties.EventPattern).toMatchObject({
      detail: {
        eventName: [
          { prefix: 'PutBucket' },
          { prefix: 'DeleteBucket' },
          { prefix: 'PutObjectLock' },
          { prefix: 'PutPublic' },
        ],
        requestParameters: { bucketName: expect.arrayContaining(buckets) },
      },
    });
  });
});
