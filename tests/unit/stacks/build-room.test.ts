import type { App } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Room } from '../../../lib/domain/room/room';
import { buildRoom } from '../../../lib/stacks/build-room';
import type { LakeStack } from '../../../lib/stacks/lake-stack';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { newApp } from '../../fixtures/template';

const ROOM: Room = {
  agreements: 'agreements',
  retention: { deliveries: 30, results: 30, replaced: 30, accessLogs: 365 },
};

function build(room: Room): { readonly app: App; readonly lake: LakeStack } {
  const app = newApp();
  buildRoom(app, room, [TELCO_RETAIL_PLAN]);
  return { app, lake: app.node.findChild('BarterRoomLake') as LakeStack };
}

test('a room without account and region can be deployed to any', () => {
  const [artifact] = build(ROOM).app.synth().stacks;
  expect(artifact?.environment).toMatchObject({ account: 'unknown-account', region: 'unknown-region' });
});

test('a room with both is deployed there and nowhere else', () => {
  const [artifact] = build({ ...ROOM, account: '111122223333', region: 'eu-central-1' }).app.synth().stacks;
  expect(artifact?.environment).toMatchObject({ account: '111122223333', region: 'eu-central-1' });
});

test('what breaks an AwsSolutions rule is not synthesized', () => {
  const { app, lake } = build(ROOM);
  new Bucket(lake, 'Careless');
  expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
});
