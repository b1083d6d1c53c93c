import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Plan } from '../domain/agreement/plan';
import type { Room } from '../domain/room/room';
import { LakeStack } from './lake-stack';

/** Adds the room's stacks to the app, and the rules that they are checked by at synthesis. */
export function buildRoom(app: App, { account, region, retention }: Room, plans: readonly Plan[]): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const env = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
  new LakeStack(app, 'BarterRoomLake', {
    env,
    description: 'Barter room: where deliveries, releases and results lie',
    retention,
    plans,
  });
}
