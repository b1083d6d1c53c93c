import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openDynamoStore } from '../../lambda/shared/dynamo-store';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { openRegistry, type Registry } from '../../lib/domain/registry/registry';
import { readExamplePlan } from '../fixtures/example-plan';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { signatureOf } from '../fixtures/registered';
import { makeRoom } from '../fixtures/room';
import { makeStoredRelease } from '../fixtures/stored-release';
import { callOnSchedule } from './call-on-schedule';
import { type Mail, openMail } from './open-mail';
import { type LocalRoom, startLocalRoom } from './start-local-room';

/* Two parties in one room: one gives by a product of AWS Data Exchange, the other by SFTP; a round a year. */

export const DAY = '2026-01-01';
export const PRODUCT = 'prod-abc123';
const VIAS = [{ kind: 'product', productId: PRODUCT }, { kind: 'sftp' }] as const;
export const PAIR_PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  // Of the example's file, which the commands that ask the room read: what they sign is of that content.
  agreement: { ...TELCO_RETAIL_PLAN.agreement, content: readExamplePlan('telco-retail').agreement.content },
  term: { ...TELCO_RETAIL_PLAN.term, starts: DAY, ends: '2026-12-31' },
  legs: TELCO_RETAIL_PLAN.legs.map((leg, index) => ({ ...leg, via: VIAS[index]!, every: 'P1Y', retain: 'P1Y' })),
  remedies: [
    { on: 'late-delivery', do: 'warn' },
    { on: 'late-delivery', after: 'P3D', do: 'suspend-counterpart' },
  ],
};
export const PAIR_AGREEMENT = PAIR_PLAN.agreement.id;

export interface PairRoom {
  readonly local: LocalRoom;
  readonly registry: Registry;
  readonly mail: Mail;
  /** Registers the agreement, and has both sign; it begins with the first look. */
  agree(): Promise<void>;
  deliver(leg: number): Promise<void>;
  publish(now?: string): Promise<unknown>;
  reconcile(now?: string): Promise<unknown>;
}

export async function startPairRoom(): Promise<PairRoom> {
  const local = await startLocalRoom({ room: makeRoom(), plans: [PAIR_PLAN] });
  const { REGISTRY_TABLE = '', LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  const registry = openRegistry(openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE));
  const s3 = new S3Client(local.clientConfig);
  return {
    local,
    registry,
    mail: await openMail(local, `BarterAgreement-${PAIR_AGREEMENT}`),
    async agree() {
      await local.deployCustomResources(`BarterAgreement-${PAIR_AGREEMENT}`);
      for (const { id } of PAIR_PLAN.parties)
        await registry.signatures(PAIR_AGREEMENT).create(signatureOf(PAIR_PLAN, id));
      await registry.current(PAIR_AGREEMENT).change([], (current) => ({ ...current, state: 'signed' }));
    },
    async deliver(leg) {
      const { record, objects } = makeStoredRelease(PAIR_PLAN, PAIR_PLAN.legs[leg]!, DAY);
      for (const [Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      await registry.releases(PAIR_AGREEMENT).create({ ...record, value: 10 * (leg + 1) });
    },
    publish: (now) => callOnSchedule(local, 'publish-round', 'schedule', now),
    reconcile: (now) => callOnSchedule(local, 'reconcile-entitlements', 'term', now),
  };
}
