import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { LakeStack } from '../../lib/stacks/lake/lake-stack';
import { describeEveryBucket, PUBLISHER, RAW_READER } from '../fixtures/bucket-promises';
import { denialsOf } from '../fixtures/denies';
import { findingsOf } from '../fixtures/findings';
import { planNamed, TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { ARN, ENV, standIns } from '../fixtures/stand-ins';
import { bucketStatements, type Json, newApp, resourcesOf, statementsOf } from '../fixtures/template';

const RETENTION = { deliveries: 30, results: 20, replaced: 10, accessLogs: 365, logs: 365 };

function lakeFor(...plans: readonly Plan[]): LakeStack {
  const app = newApp();
  return new LakeStack(app, 'Lake', { env: ENV, retention: RETENTION, plans, ...standIns(app) });
}

const stack = lakeFor(TELCO_RETAIL_PLAN);
const statements = statementsOf(stack);
const buckets = resourcesOf(stack, 'AWS::S3::Bucket');
const named = (name: string) => buckets.find(({ id }) => id.startsWith(name))!;
const dataBuckets = ['Landing', 'Lake', 'Results'].map((name) => [name, named(name)] as const);
const logBucket = named('AccessLogs');

test('the lake has four buckets and no key of its own', () => {
  expect(resourcesOf(stack, 'AWS::KMS::Key')).toEqual([]);
  expect(buckets).toEqual(expect.arrayContaining([logBucket, ...dataBuckets.map(([, bucket]) => bucket)]));
  expect(buckets).toHaveLength(4);
});

describeEveryBucket(stack, buckets);

describe('raw data', () => {
  const tls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': 1.3 };
  const refusalsOf = (name: string, action: string, keys: Readonly<Record<string, Json>>) =>
    denialsOf(bucketStatements(stack, named(name).id), { action, keys: { ...tls, ...keys } });

  const arn = (account: string, name: string) => ({ 'aws:PrincipalArn': `arn:aws:iam::${account}:role/${name}` });
  test.each<[string, Readonly<Record<string, Json>>, boolean]>([
    ['an administrator', arn(ENV.account, 'Admin'), true],
    ['a service in its own name', {}, true],
    ['a role with another tag', { ...RAW_READER, 'aws:PrincipalTag/barter-reads': 'released' }, true],
    // Whoever may tag a session can say of it what they like.
    ['a session that brings the tag along', { ...RAW_READER, ...arn(ENV.account, 'Admin') }, true],
    ['another stack’s role with the tag', { ...RAW_READER, ...arn(ENV.account, 'BarterRoomExchange-Publish1A') }, true],
    ['a role of the same name elsewhere', { ...RAW_READER, ...arn('444455556666', 'BarterRoomAnonymisation-a') }, true],
    ['a federated user', { ...RAW_READER, 'aws:PrincipalArn': `arn:aws:sts::${ENV.account}:federated-user/eve` }, true],
    ['a role of the room that reads raw data', RAW_READER, false],
  ])('are refused or not to %s', (_, keys, isRefused) => {
    for (const action of ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectVersionForReplication']) {
      const refusals = refusalsOf('Landing', action, keys);
      expect(refusals.length > 0).toBe(isRefused);
      for (const { principals } of refusals) expect(principals).toEqual([['AWS', '*']]);
    }
  });

  test('in quarantine are read by nobody, the jobs included', () => {
    const quarantined = { ...RAW_READER, 's3:ExistingObjectTag/barter-quarantine': 'yes' };
    for (const action of ['s3:GetObject', 's3:GetObjectVersion'])
      expect(refusalsOf('Landing', action, quarantined).map(({ sid }) => sid)).toEqual(['RefuseReadingQuarantined']);
  });

  test('come out of quarantine by the runbook’s commands, none of which the bucket refuses to who administers it', () => {
    const page = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
    const [, after = ''] = page.split('## Take a delivery out of quarantine\n');
    const [section = ''] = after.split('\n## ');
    const commands = [...section.matchAll(/aws s3api (\S+) --bucket LANDING/g)].map(([, command = '']) => command);
    expect(commands).toEqual(['delete-object-tagging']);
    const quarantined = { 's3:ExistingObjectTag/barter-quarantine': 'yes' };
    for (const command of commands) {
      const action = `s3:${command.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`;
      expect(refusalsOf('Landing', action, quarantined)).toEqual([]);
    }
    // A copy onto itself reads: it is no way.
    expect(section).not.toContain('copy-object');
    expect(refusalsOf('Landing', 's3:GetObject', {})).not.toEqual([]);
  });

  test('lie in the landing bucket alone: releases and results are for others too', () => {
    for (const name of ['Lake', 'Results']) expect(refusalsOf(name, 's3:GetObject', {})).toEqual([]);
  });
});

describe('inboxes of receivers by SFTP', () => {
  const guards = bucketStatements(stack, named('Lake').id);
  const tls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': 1.3 };

  test.each<[string, Readonly<Record<string, Json>>, readonly string[]]>([
    ['who makes releases', RAW_READER, ['RefuseOtherPublishers', 'RefuseOtherPublishersByName']],
    ['an administrator', {}, ['RefuseOtherPublishers', 'RefuseOtherPublishersByName']],
    [
      'an administrator whose session brings the tag along',
      { ...PUBLISHER, 'aws:PrincipalArn': `arn:aws:iam::${ENV.account}:role/Admin` },
      ['RefuseOtherPublishersByName'],
    ],
    ['who publishes complete rounds', PUBLISHER, []],
  ])('are written to by %s or not', (_, keys, refusedBy) => {
    const denials = denialsOf(guards, { action: 's3:PutObject', keys: { ...tls, ...keys } });
    expect(denials.map(({ sid }) => sid)).toEqual(refusedBy);
    for (const { resources } of denials) expect(JSON.stringify(resources)).toContain('/*/*/inbox/*');
  });
});

describe.each(dataBuckets)('the %s bucket', (name, bucket) => {
  const guards = bucketStatements(stack, bucket.id);

  test("encrypts with the room's key", () => {
    expect(bucket.properties.BucketEncryption).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: ARN.key },
        },
      ],
    });
  });

  const algorithm = 's3:x-amz-server-side-encryption';
  const keyId = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  const customer = 's3:x-amz-server-side-encryption-customer-algorithm';
  const foreignArn = 'arn:aws:kms:eu-central-1:999900001111:key/11111111-2222-3333-4444-555555555555';
  const tls = { 'aws:SecureTransport': 'true', 's3:TlsVersion': 1.3 };
  test.each<[string, string, Readonly<Record<string, Json>>, readonly string[]]>([
    ['without encryption headers (the default applies)', 's3:PutObject', {}, []],
    ["with the room's key", 's3:PutObject', { [algorithm]: 'aws:kms', [keyId]: ARN.key }, []],
    ["with the room's key twice over", 's3:PutObject', { [algorithm]: 'aws:kms:dsse', [keyId]: ARN.key }, []],
    ['with another key', 's3:PutObject', { [algorithm]: 'aws:kms', [keyId]: foreignArn }, ['RefuseOtherKey']],
    [
      'with another key twice over',
      's3:PutObject',
      { [algorithm]: 'aws:kms:dsse', [keyId]: foreignArn },
      ['RefuseOtherKey'],
    ],
    ['with a key and no algorithm', 's3:PutObject', { [keyId]: foreignArn }, ['RefuseOtherKey']],
    ["with the account's own S3 key", 's3:PutObject', { [algorithm]: 'aws:kms' }, ['RefuseEncryptionWithoutKey']],
    ['under the encryption of S3 itself', 's3:PutObject', { [algorithm]: 'AES256' }, ['RefuseEncryptionWithoutKey']],
    ['with a key of their own', 's3:PutObject', { [customer]: 'AES256' }, ['RefuseCustomerProvidedKey']],
    ['by replication', 's3:ReplicateObject', {}, ['RefuseChangeOfKey']],
    ['by change of an object', 's3:UpdateObjectEncryption', {}, ['RefuseChangeOfKey']],
    ['(no upload: reading)', 's3:GetObject', RAW_READER, []],
  ])('an upload %s', (_, action, requestKeys, refusedBy) => {
    const denials = denialsOf(guards, { action, keys: { ...tls, ...PUBLISHER, ...requestKeys } });
    expect(denials.map(({ sid }) => sid)).toEqual(refusedBy);
    const objects = [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket.id, 'Arn'] }, '/*']] }];
    for (const denial of denials) expect(denial).toMatchObject({ principals: [['AWS', '*']], resources: objects });
  });

  test('is allowed to nobody by its own policy', () => {
    expect(guards.filter(({ effect }) => effect === 'Allow')).toEqual([]);
  });

  test('logs who asks for what', () => {
    expect(bucket.properties.LoggingConfiguration).toEqual({
      DestinationBucketName: { Ref: logBucket.id },
      LogFilePrefix: `${name.toLowerCase()}/`,
    });
  });
});

describe('the access-log bucket', () => {
  test('is encrypted by S3, which delivers logs to no other kind', () => {
    expect(logBucket.properties.BucketEncryption).toEqual({
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    });
  });

  test("takes logs from S3's own log delivery, for this room's buckets alone", () => {
    const allowed = bucketStatements(stack, logBucket.id).filter(({ effect }) => effect === 'Allow');
    expect(
      allowed.map(({ principals, actions, resources, conditions }) => [principals, actions, resources, conditions]),
    ).toEqual(
      dataBuckets.map(([name, bucket]) => [
        [['Service', 'logging.s3.amazonaws.com']],
        ['s3:PutObject'],
        [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [logBucket.id, 'Arn'] }, `/${name.toLowerCase()}/*`]] }],
        {
          ArnLike: { 'aws:SourceArn': [{ 'Fn::GetAtt': [bucket.id, 'Arn'] }] },
          StringEquals: { 'aws:SourceAccount': [ENV.account] },
        },
      ]),
    );
  });
});

describe('the trail', () => {
  const trails = resourcesOf(stack, 'AWS::CloudTrail::Trail');
  const selectors = trails[0]?.properties.AdvancedEventSelectors;
  const prefix = (name: string) => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [named(name).id, 'Arn'] }, '/']] });
  const objects = [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
  ];

  test('is on in every region, can be verified, and lies in the archive under its key', () => {
    expect(trails).toHaveLength(1);
    expect(trails[0]?.properties).toMatchObject({
      TrailName: 'barter-room',
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      S3BucketName: 'the-trail',
      KMSKeyId: ARN.trailKey,
    });
  });

  test("records all management events, the requests for objects of the room's buckets alone, and writes to the record", () => {
    const ours = [...['Landing', 'Lake', 'Results'].map(prefix), `${ARN.ledger}/`];
    expect(selectors).toEqual([
      { Name: expect.any(String), FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
      { Name: expect.any(String), FieldSelectors: [...objects, { Field: 'resources.ARN', StartsWith: ours }] },
      {
        Name: expect.any(String),
        FieldSelectors: [
          ...objects,
          { Field: 'readOnly', Equals: ['true'] },
          { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::the-trail/'] },
        ],
      },
      {
        Name: expect.any(String),
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::DynamoDB::Table'] },
          { Field: 'readOnly', Equals: ['false'] },
          {
            Field: 'resources.ARN',
            StartsWith: [`arn:aws:dynamodb:${ENV.region}:${ENV.account}:table/BarterRoomEnforcement-`],
          },
        ],
      },
    ]);
  });
});

test('a change of how a bucket is protected is told', () => {
  const [rule] = resourcesOf(stack, 'AWS::Events::Rule');
  expect(rule?.properties).toMatchObject({
    State: 'ENABLED',
    EventPattern: { detail: { requestParameters: { bucketName: buckets.map(({ id }) => ({ Ref: id })) } } },
    Targets: [{ Arn: ARN.teller }],
  });
});

test('nothing in the stack is allowed to everybody, nor by a wildcard action', () => {
  const allows = statements.filter(({ effect }) => effect === 'Allow');
  expect(allows).not.toEqual([]);
  for (const { principals, actions } of allows) {
    expect(principals.map(([, value]) => value)).not.toContain('*');
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  }
});

test('the stack has no finding of the AwsSolutions rules', () => {
  expect(findingsOf(stack)).toEqual([]);
});

describe('what is kept, and how long', () => {
  const rulesOf = (lake: LakeStack, name: string) =>
    resourcesOf(lake, 'AWS::S3::Bucket').find(({ id }) => id.startsWith(name))?.properties.LifecycleConfiguration;
  const tidy = (days: number) => ({
    Id: 'tidy',
    Status: 'Enabled',
    NoncurrentVersionExpiration: { NoncurrentDays: days },
    ExpiredObjectDeleteMarker: true,
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  });
  const release = (prefix: string, days: number) => ({
    Id: prefix,
    Prefix: prefix,
    Status: 'Enabled',
    ExpirationInDays: days,
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  });

  test.each([
    ['Landing', 30, 10],
    ['Results', 20, 10],
    ['AccessLogs', 365, 1],
  ])('%s: %i days, replaced versions %i more', (name, days, replaced) => {
    expect(rulesOf(stack, name)).toEqual({
      Rules: [tidy(replaced), { Id: 'expire', Status: 'Enabled', ExpirationInDays: days }],
    });
  });

  const first = [
    release('telco-retail-2026/telco-retail-usage/', 180),
    release('telco-retail-2026/retail-telco-purchases/', 90),
  ];

  const escrow = release('_escrow/', 300);

  test("releases: each leg's own `retain`; in the escrow as long as a workflow may wait", () => {
    expect(rulesOf(stack, 'Lake')).toEqual({ Rules: [tidy(10), ...first, escrow] });
  });

  test('a second agreement adds its own rules to the lake and changes nothing else', () => {
    const both = lakeFor(TELCO_RETAIL_PLAN, planNamed('hospital-pharma-2026'));
    expect(rulesOf(both, 'Lake')).toEqual({
      Rules: [
        tidy(10),
        ...first,
        release('hospital-pharma-2026/telco-retail-usage/', 180),
        release('hospital-pharma-2026/retail-telco-purchases/', 90),
        escrow,
      ],
    });
    const withoutRules = (lake: LakeStack) =>
      resourcesOf(lake).map((resource) =>
        resource.id === named('Lake').id
          ? { ...resource, properties: { ...resource.properties, LifecycleConfiguration: null } }
          : resource,
      );
    expect(withoutRules(both)).toEqual(withoutRules(stack));
  });

  test('less than a day is kept a day, the least that S3 can', () => {
    const legs = TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, retain: 'PT12H' }));
    expect(rulesOf(lakeFor({ ...TELCO_RETAIL_PLAN, legs }), 'Lake')).toMatchObject({
      Rules: expect.arrayContaining([release('telco-retail-2026/telco-retail-usage/', 1)]),
    });
  });

  test('more legs than S3 has lifecycle rules for are refused', () => {
    const plans = Array.from({ length: 500 }, (_, index) => planNamed(`agreement-${index}`));
    expect(() => resourcesOf(lakeFor(...plans.slice(1)))).not.toThrow();
    expect(() => resourcesOf(lakeFor(...plans))).toThrow('have 1000 legs, and one room can serve 998');
  });
});
