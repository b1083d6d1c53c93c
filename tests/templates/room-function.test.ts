import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { bundleHandler, listHandlers } from '../../lib/stacks/shared/bundle-handlers';
import { RoomFunction } from '../../lib/stacks/shared/room-function';
import { findingsOf } from '../fixtures/findings';
import { newApp, resourcesOf, statementsOf } from '../fixtures/template';

const LAMBDA = join(__dirname, '../../lambda');
const HANDLERS = listHandlers();

function stackWith({
  isAsync,
  resources = ['arn:aws:s3:::ledger/reports/'],
}: {
  isAsync: boolean;
  resources?: string[];
}) {
  const stack = new Stack(newApp(), 'Stack');
  const noticeKey = new Key(stack, 'Key', { enableKeyRotation: true });
  const statements = [new PolicyStatement({ actions: ['s3:PutObject'], resources })];
  new RoomFunction(stack, 'Write', { handler: HANDLERS[0]!, description: 'writes', noticeKey, isAsync, statements });
  return stack;
}

const stack = stackWith({ isAsync: true });
const keyArn = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };

test('a function has a current runtime, a trace, and a log that is encrypted, kept and deleted in time', () => {
  const { properties } = resourcesOf(stack, 'AWS::Lambda::Function')[0]!;
  const [log] = resourcesOf(stack, 'AWS::Logs::LogGroup');
  expect(properties).toMatchObject({
    Runtime: 'nodejs24.x',
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: { LogGroup: { Ref: log?.id } },
  });
  expect(properties.ReservedConcurrentExecutions).toBeUndefined();
  expect(log).toMatchObject({ deletionPolicy: 'Retain', properties: { KmsKeyId: keyArn, RetentionInDays: 400 } });
});

test('it may do what it was given, write its own log, its dead letters and a trace: nothing else', () => {
  const roles = resourcesOf(stack, 'AWS::IAM::Role');
  expect(roles).toHaveLength(1);
  expect(roles[0]?.properties).not.toHaveProperty('ManagedPolicyArns');
  const allowed = statementsOf(stack).filter(({ resource }) => resource.type === 'AWS::IAM::Policy');
  expect(allowed.map(({ actions, resources }) => [actions, resources])).toEqual(
    expect.arrayContaining([
      [['s3:PutObject'], ['arn:aws:s3:::ledger/reports/']],
      [['logs:CreateLogStream', 'logs:PutLogEvents'], [{ 'Fn::GetAtt': [expect.stringMatching(/^WriteLog/), 'Arn'] }]],
      [['kms:Decrypt', 'kms:GenerateDataKey'], [keyArn]],
      [['sqs:SendMessage'], [{ 'Fn::GetAtt': [expect.stringMatching(/^WriteDeadLetters/), 'Arn'] }]],
      [['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']],
    ]),
  );
  expect(allowed).toHaveLength(5);
});

test('where nobody waits for it, what it fails on is kept, encrypted', () => {
  const [queue] = resourcesOf(stack, 'AWS::SQS::Queue');
  expect(queue).toMatchObject({ deletionPolicy: 'Retain', properties: { KmsMasterKeyId: keyArn } });
  expect(resourcesOf(stack, 'AWS::Lambda::Function')[0]?.properties.DeadLetterConfig).toEqual({
    TargetArn: { 'Fn::GetAtt': [queue?.id, 'Arn'] },
  });
  expect(resourcesOf(stackWith({ isAsync: false }), 'AWS::SQS::Queue')).toEqual([]);
});

test('it has its permissions before it can be called', () => {
  const policies = resourcesOf(stack, 'AWS::IAM::Policy').map(({ id }) => id);
  expect(policies).toHaveLength(2);
  expect(resourcesOf(stack, 'AWS::Lambda::Function')[0]?.dependsOn).toEqual(expect.arrayContaining(policies));
});

test('no rule is broken; a wildcard that it is given is found in spite of the one for traces', () => {
  expect(findingsOf(stack)).toEqual([]);
  expect(findingsOf(stackWith({ isAsync: true, resources: ['*'] }))).toEqual(['AwsSolutions-IAM5[Resource::*]']);
});

test('every folder of lambda/ but the shared one has a handler, and one call bundles them all', () => {
  expect(HANDLERS.filter((name) => !existsSync(join(LAMBDA, name, 'handler.ts')))).toEqual([]);
  for (const handler of HANDLERS)
    expect(readFileSync(join(bundleHandler(handler), 'index.js'), 'utf8')).toContain('handler');
});

test('no bundle is larger than a cold start can bear: a library that is not shaken out shows here', () => {
  const sizes = HANDLERS.map((handler) => [handler, statSync(join(bundleHandler(handler), 'index.js')).size] as const);
  expect(sizes.filter(([, bytes]) => bytes > 1_000_000)).toEqual([]);
});
