import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, DisableKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  LakeFormationClient,
  type PrincipalPermissions,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateServerCommand, TransferClient } from '@aws-sdk/client-transfer';
import { observeRoom } from '../../lib/doctor/observe-room';
import { readBucket, readKey, readServer, readTrail } from '../../lib/doctor/read-resources';
import { compareRoom } from '../../lib/domain/room/compare-room';
import type { PlannedStack } from '../../lib/domain/room/plan-facts';
import { type Moto, startMoto } from '../local-cloud/start-moto';

/* Against moto, which stands in for AWS as far as it goes: the reading, not the room. */

const region = 'eu-central-1';
const BUCKET = 'barter-data';

const BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: `arn:aws:s3:::${BUCKET}/*`,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
};

/** What moto's CloudFormation can make of a room's stack. */
const STACK: PlannedStack = {
  id: 'BarterRoomLake',
  template: {
    Resources: {
      Data: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketName: BUCKET,
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
          },
          PublicAccessBlockConfiguration: BLOCKED,
          VersioningConfiguration: { Status: 'Enabled' },
        },
      },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Data' },
          PolicyDocument: POLICY,
        },
      },
      Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, KeyPolicy: {} } },
    },
  },
};

let moto: Moto;
/** Answers as Lambda does what moto does not know: what the account may run at once. */
let lambda: Server;
const before = { ...process.env };

beforeAll(async () => {
  moto = await startMoto();
  lambda = createServer(({ method, url }, response) => {
    const isAsked = method === 'GET' && url === '/2016-08-19/account-settings';
    response.writeHead(isAsked ? 200 : 501, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isAsked ? { AccountLimit: { ConcurrentExecutions: 10 } } : {}));
  });
  await new Promise<void>((listening) => lambda.listen(0, '127.0.0.1', listening));
  const { port } = lambda.address() as AddressInfo;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}`,
    AWS_ENDPOINT_URL: moto.endpoint,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
  });
});

afterAll(async () => {
  process.env = before;
  await new Promise((closed) => lambda.close(closed));
  await moto.stop();
});

test('finds what is not as planned, and nothing once it is', async () => {
  expect(compareRoom([STACK], await lookInRoom())).toEqual([
    expect.objectContaining({ problem: 'it is not deployed' }),
  ]);

  const formation = new CloudFormationClient({ region });
  const TemplateBody = JSON.stringify(STACK.template);
  await formation.send(new CreateStackCommand({ StackName: STACK.id, TemplateBody }));
  // moto's CloudFormation makes the bucket, and leaves out what protects it.
  const found = compareRoom([STACK], await lookInRoom());
  expect(found.map(({ where, problem }) => `${where} ${problem.split(';')[0]}`)).toEqual([
    expect.stringMatching(/^BarterRoomLake\/Data public access: not blocked/),
    'BarterRoomLake/Data versioning: off',
    'BarterRoomLake/Data refusals: none',
  ]);

  const s3 = new S3Client({ region });
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutPublicAccessBlockCommand({ Bucket: BUCKET, PublicAccessBlockConfiguration: BLOCKED }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify(POLICY) }));
  expect(compareRoom([STACK], await lookInRoom())).toEqual([]);

  const lake = new LakeFormationClient({ region });
  const DataLakeAdmins = [{ DataLakePrincipalIdentifier: 'arn:aws:iam::123456789012:role/Admin' }];
  const CreateTableDefaultPermissions: PrincipalPermissions[] = [
    { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] },
  ];
  await lake.send(
    new PutDataLakeSettingsCommand({ DataLakeSettings: { DataLakeAdmins, CreateTableDefaultPermissions } }),
  );
  expect((await look()).dataLake).toEqual({
    admins: ['arn:aws:iam::123456789012:role/Admin'],
    isOpenByDefault: true,
  });
});

test('reads a trail by its name', async () => {
  const s3 = new S3Client({ region });
  const trails = new CloudTrailClient({ region });
  await s3.send(
    new CreateBucketCommand({ Bucket: 'barter-archive', CreateBucketConfiguration: { LocationConstraint: region } }),
  );
  const named = { Name: 'barter-room', S3BucketName: 'barter-archive', IsMultiRegionTrail: true };
  await trails.send(new CreateTrailCommand({ ...named, EnableLogFileValidation: true }));
  const stopped = await readTrail(trails, 'barter-room');
  expect(stopped).toMatchObject({ logging: 'off', 'file validation': 'on', 'all regions': 'on' });

  await trails.send(new StartLoggingCommand({ Name: 'barter-room' }));
  const FieldSelectors = [{ Field: 'eventCategory', Equals: ['Data'] }];
  const AdvancedEventSelectors = [{ Name: 'Objects', FieldSelectors }];
  await trails.send(new PutEventSelectorsCommand({ TrailName: 'barter-room', AdvancedEventSelectors }));
  expect(await readTrail(trails, 'barter-room')).toMatchObject({
    logging: 'on',
    'what is recorded': 'Objects (eventCategory is Data)',
  });
});

test('reads an SFTP server by the ARN that its stack knows', async () => {
  const transfer = new TransferClient({ region });
  const SecurityPolicyName = 'TransferSecurityPolicy-2025-03';
  const server = { Protocols: ['SFTP' as const], SecurityPolicyName, IdentityProviderType: 'AWS_LAMBDA' as const };
  const { ServerId } = await transfer.send(new CreateServerCommand(server));
  const facts = await readServer(transfer, `arn:aws:transfer:${region}:123456789012:server/${ServerId}`);
  expect(facts).toMatchObject({ 'security policy': SecurityPolicyName, protocols: 'SFTP', 'structured logs': 'off' });
});

test('reads what the objects of a bucket are locked by', async () => {
  const s3 = new S3Client({ region });
  const CreateBucketConfiguration = { LocationConstraint: region } as const;
  for (const ObjectLockEnabledForBucket of [true, false]) {
    const Bucket = `barter-lock-${ObjectLockEnabledForBucket}`;
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration, ObjectLockEnabledForBucket }));
  }
  const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } as const;
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule } as const;
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket: 'barter-lock-true', ObjectLockConfiguration }));
  expect(await readBucket(s3, 'barter-lock-true')).toMatchObject({ 'object lock': 'COMPLIANCE, 400 days' });
  expect(await readBucket(s3, 'barter-lock-false')).toMatchObject({ 'object lock': 'off' });
});

test('reads the state of a key, also of one that is to be deleted', async () => {
  const kms = new KMSClient({ region });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId ?? '';
  expect(await readKey(kms, KeyId)).toMatchObject({ state: 'Enabled', 'yearly rotation': 'off' });
  await kms.send(new DisableKeyCommand({ KeyId }));
  expect(await readKey(kms, KeyId)).toMatchObject({ state: 'Disabled' });
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
  expect(await readKey(kms, KeyId)).toMatchObject({ state: 'PendingDeletion' });
});

test('reads how many functions the account runs at once, and says what lacks', async () => {
  const observed = await look();
  expect(observed.executions).toBe(10);
  expect(compareRoom([STACK], observed).at(-1)).toMatchObject({
    where: 'quota of AWS Lambda',
    problem: expect.stringMatching(/^the account runs 10 functions at once; planned are 0 /),
  });
});

test('reads to whom us-east-1 tells what IAM does', async () => {
  const events = new EventBridgeClient({ region: 'us-east-1' });
  const bus = `arn:aws:events:${region}:123456789012:event-bus/default`;
  const all = { source: ['aws.iam'], 'detail-type': ['AWS API Call via CloudTrail'] };
  const put = async (Name: string, pattern: object, State: 'ENABLED' | 'DISABLED' = 'ENABLED') => {
    await events.send(new PutRuleCommand({ Name, State, EventPattern: JSON.stringify(pattern) }));
    const Targets = [{ Id: 'room', Arn: bus, RoleArn: 'arn:aws:iam::123456789012:role/forward' }];
    await events.send(new PutTargetsCommand({ Rule: Name, Targets }));
  };
  await put('disabled', all, 'DISABLED');
  await put('of-another', { ...all, source: ['aws.s3'] });
  await put('of-some-calls', { ...all, detail: { eventName: ['CreateRole'] } });
  expect((await look()).iamForwarding).toEqual([]);
  await put('barter-room-iam', all);
  expect((await look()).iamForwarding).toEqual([bus]);
});

const look = () => observeRoom([STACK.id], { region });
/** Of an account that has quota enough. */
const lookInRoom = async () => ({ ...(await look()), executions: 1000 });
