import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetPartitionsCommand, GlueClient } from '@aws-sdk/client-glue';
import { LakeFormationClient, ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openDynamoStore } from '../../lambda/shared/dynamo-store';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { openRegistry, type Registry } from '../../lib/domain/registry/registry';
import { signatureOf } from '../fixtures/registered';
import { makeRoom } from '../fixtures/room';
import { makeRingPlan } from '../fixtures/sample-plan';
import { makeStoredRelease } from '../fixtures/stored-release';
import { callOnSchedule } from './call-on-schedule';
import type { EventCarrier } from './carry-events';
import { type LocalRoom, startLocalRoom } from './start-local-room';

/* Three parties, each giving to the next, by three ways of delivery: one round, on the first day of the term. */

export const DAY = '2026-01-01';
const VIAS = ['data-grant', 'lake-formation', 'sftp'] as const;
const ring = makeRingPlan();
export const PLAN: Plan = {
  ...ring,
  term: { ...ring.term, starts: DAY, ends: '2026-12-31' },
  legs: ring.legs.map((leg, index) => ({ ...leg, via: { kind: VIAS[index]! }, every: 'P1Y', retain: 'P1Y' })),
};
export const AGREEMENT = PLAN.agreement.id;

export interface RingRoom {
  readonly local: LocalRoom;
  readonly registry: Registry;
  /** Registers the agreement, and has everybody sign. */
  agree(): Promise<void>;
  /** As the workflow leaves a certified release of a leg; of the first round, unless said. */
  deliver(leg: number, round?: string): Promise<void>;
  publish(now?: string): Promise<unknown>;
  /** The first round whole: each call publishes as far as it can. */
  publishFirst(): Promise<void>;
  reconcile(now?: string): Promise<unknown>;
  /** What the world looks like from outside. */
  look(): Promise<Seen>;
}

export interface Seen {
  readonly round: string | undefined;
  readonly revisions: readonly string[];
  /** Accounts. */
  readonly grants: readonly string[];
  readonly permissions: readonly (string | undefined)[];
  readonly filter: string;
  readonly partitions: readonly (string | undefined)[];
  readonly inbox: readonly string[];
}

/**
 * @param changed what is otherwise in the agreement
 * @param carrier of events, where they go by the room's own rules
 */
export async function startRingRoom(changed: Partial<Plan> = {}, carrier?: EventCarrier): Promise<RingRoom> {
  const plan = { ...PLAN, ...changed };
  const standIns = carrier === undefined ? {} : { events: carrier };
  const local = await startLocalRoom({ room: makeRoom(), plans: [plan], standIns });
  carrier?.connect(local);
  const { REGISTRY_TABLE = '', LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  const registry = openRegistry(openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE));
  const s3 = new S3Client(local.clientConfig);
  const glue = new GlueClient(local.clientConfig);
  const lake = new LakeFormationClient(local.clientConfig);
  const room: RingRoom = {
    local,
    registry,
    async agree() {
      await local.deployCustomResources(`BarterAgreement-${AGREEMENT}`);
      for (const { id } of plan.parties) await registry.signatures(AGREEMENT).create(signatureOf(plan, id));
      await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'signed' }));
    },
    async deliver(leg, round = DAY) {
      const { record, objects } = makeStoredRelease(plan, plan.legs[leg]!, round, `run-${round === DAY ? 1 : round}`);
      for (const [Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      await registry.releases(AGREEMENT).create(record);
    },
    publish: (now) => callOnSchedule(local, 'publish-round', 'schedule', now),
    async publishFirst() {
      for (const leg of plan.legs.keys()) await room.deliver(leg);
      for (let calls = 0; calls < 3; calls += 1) await room.publish();
    },
    reconcile: (now) => callOnSchedule(local, 'reconcile-entitlements', 'term', now),
    async look() {
      const filter = [...local.filters.values()][0]!;
      const table = { DatabaseName: String(filter.DatabaseName), TableName: String(filter.TableName) };
      const { PrincipalResourcePermissions = [] } = await lake.send(new ListPermissionsCommand({}));
      const { Partitions = [] } = await glue.send(new GetPartitionsCommand(table));
      const Prefix = `${AGREEMENT}/${PLAN.legs[2]!.id}/inbox/`;
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
      return {
        round: (await registry.rounds(AGREEMENT).read(DAY))?.state,
        revisions: [...local.exchange.state.revisions.values()].map(({ Finalized }) => (Finalized ? 'final' : 'open')),
        grants: [...local.exchange.state.grants.values()].map(({ ReceiverPrincipal }) => ReceiverPrincipal),
        permissions: PrincipalResourcePermissions.map(({ Principal }) => Principal?.DataLakePrincipalIdentifier),
        filter: (filter.RowFilter as { readonly FilterExpression: string }).FilterExpression,
        partitions: Partitions.map(({ Values }) => Values?.[0]),
        inbox: Contents.map(({ Key = '' }) => Key.slice(Prefix.length)),
      };
    },
  };
  return room;
}
