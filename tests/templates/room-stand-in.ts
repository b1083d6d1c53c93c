import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { RegistryTable } from '../../lib/stacks/enforcement/registry-table';
import { RoomApi } from '../../lib/stacks/enforcement/room-api';
import { RoomFunction } from '../../lib/stacks/shared/room-function';
import { newApp } from '../fixtures/template';

export const ROOM = '999900001111';
export const REGION = 'eu-central-1';
export const ENV = { env: { account: ROOM, region: REGION } };
export const LEDGER = 'arn:aws:s3:::ledger';
export const LANDING = 'arn:aws:s3:::landing';
export const LAKE = 'arn:aws:s3:::lake';
export const KEY = `arn:aws:kms:${REGION}:${ROOM}:key/room`;
export const BUS = `arn:aws:events:${REGION}:${ROOM}:event-bus/room`;

/** What the core stacks give the others, by names that a test can read. */
export function standInForRoom() {
  const app = newApp();
  const core = new Stack(app, 'Core', ENV);
  const key = Key.fromKeyArn(core, 'Key', KEY);
  const arnOf = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ROOM}:${rest}`;
  const noticeKey = Key.fromKeyArn(core, 'NoticeKey', arnOf('kms', 'key/notice'));
  const decide = new RoomFunction(core, 'Decide', {
    handler: 'decide',
    description: 'decides',
    noticeKey,
    isAsync: false,
  });
  const alerts = Topic.fromTopicArn(core, 'Alerts', arnOf('sns', 'alerts'));
  return {
    app,
    key,
    noticeKey,
    alerts,
    api: new RoomApi(core, 'Api', { decide, noticeKey, alerts }),
    landing: Bucket.fromBucketArn(core, 'Landing', LANDING),
    lake: Bucket.fromBucketArn(core, 'Lake', LAKE),
    ledger: Bucket.fromBucketArn(core, 'Ledger', LEDGER),
    bus: EventBus.fromEventBusArn(core, 'Bus', BUS),
    registry: new RegistryTable(core, 'Registry', key),
    recorder: arnOf('sqs', 'accesses'),
    keepEvents: 365,
    roomAccount: ROOM,
    registration: LambdaFunction.fromFunctionArn(core, 'Registration', arnOf('lambda', 'function:registration')),
    keyUsers: ['job', 'replacer', 'eraser'].map((name) =>
      Role.fromRoleArn(core, name, `arn:aws:iam::${ROOM}:role/${name}`),
    ),
  };
}
