import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openDynamoStore } from '../../lambda/shared/dynamo-store';
import type { Plan } from '../../lib/domain/agreement/plan';
import { type Signer, writeStatement } from '../../lib/domain/agreement/signature';
import { openRegistry, type Registry } from '../../lib/domain/enforcement/registry/registry';
import { signVersion } from '../../lib/domain/enforcement/sign-version';
import { openKmsSigner } from '../../lib/registry/kms-signer';
import { verifySignature } from '../../lib/registry/verify-signature';
import { makeLyingRelease } from '../fixtures/lying-release';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { makeRoom } from '../fixtures/room';
import { carryEvents, type EventCarrier } from './carry-events';
import { type LocalRoom, startLocalRoom } from './start-local-room';

/* Two parties, each with a room in an account of its own, swap one round, each by a way of its own. */

export const DAY = '2026-01-01';
const VIAS = ['data-grant', 'sftp'] as const;
export const PEER_PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  term: { ...TELCO_RETAIL_PLAN.term, starts: DAY, ends: '2026-12-31' },
  legs: TELCO_RETAIL_PLAN.legs.map((leg, index) => ({
    ...leg,
    via: { kind: VIAS[index]! },
    every: 'P1Y',
    retain: 'P1Y',
  })),
};
export const PEER_AGREEMENT = PEER_PLAN.agreement.id;

export interface PeerRoom {
  readonly local: LocalRoom;
  readonly registry: Registry;
  /** The leg that it gives. */
  readonly leg: Plan['legs'][number];
  readonly signer: () => Promise<Signer>;
  /** As the workflow leaves a certified release. */
  deliver(): Promise<void>;
  publish(now?: string): Promise<unknown>;
  reconcile(now?: string): Promise<unknown>;
  look(): Promise<SeenPeer>;
}

export interface SeenPeer {
  readonly round: string | undefined;
  /** What is on record as said of the round, by leg. */
  readonly said: readonly string[];
  /** What the receiver of its leg can reach: accounts of grants, or objects of an inbox. */
  readonly granted: readonly string[];
  /** Revisions that are final. */
  readonly shown: number;
}

export interface PeerRooms {
  readonly carrier: EventCarrier;
  readonly telco: PeerRoom;
  readonly retail: PeerRoom;
  readonly all: readonly PeerRoom[];
  /** Registers the agreement in both rooms; both parties sign in both, each with its room's key; it begins. */
  agree(): Promise<void>;
  /** As it was when the agreement had begun and nothing was delivered: sooner done than all anew. */
  rewind(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPeerRooms(): Promise<PeerRooms> {
  const carrier = carryEvents(() => `${DAY}T12:00:00Z`);
  const [telco, retail] = await Promise.all(['telco', 'retail'].map((party) => startPeerRoom(party, carrier)));
  const all = [telco!, retail!];
  return {
    carrier,
    telco: telco!,
    retail: retail!,
    all,
    async agree() {
      for (const { local } of all) await local.deployCustomResources(`BarterAgreement-${PEER_AGREEMENT}`);
      for (const [index, { id: party }] of PEER_PLAN.parties.entries()) {
        const { algorithm, publicKey, sign } = await all[index]!.signer();
        const { id: agreement, version, content } = PEER_PLAN.agreement;
        const said = { agreement, version, content, party };
        const signature = await sign(writeStatement(said));
        for (const { registry } of all) {
          const at = `${DAY}T00:00:00Z`;
          const signing = await signVersion(
            registry,
            { ...said, algorithm, publicKey, signature, at },
            verifySignature,
          );
          if (signing.kind === 'refused') throw new Error(`${party} cannot sign: ${signing.fault}`);
        }
      }
      for (const room of all) await room.reconcile();
      for (const room of all) await room.local.remember();
    },
    async rewind() {
      carrier.waiting.length = 0;
      carrier.dead.length = 0;
      for (const room of all) await room.local.rewind();
    },
    async stop() {
      for (const { local } of all) await local.stop();
    },
  };
}

async function startPeerRoom(party: string, carrier: EventCarrier): Promise<PeerRoom> {
  const { account } = PEER_PLAN.parties.find(({ id }) => id === party)!;
  const room = makeRoom({ topology: { kind: 'peer', party } });
  const local = await startLocalRoom({ room, plans: [PEER_PLAN], account, standIns: { events: carrier } });
  carrier.connect(local);
  const { REGISTRY_TABLE = '', LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  const registry = openRegistry(openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE));
  const s3 = new S3Client(local.clientConfig);
  const leg = PEER_PLAN.legs.find(({ from }) => from === party)!;
  return {
    local,
    registry,
    leg,
    signer: () =>
      openKmsSigner(new KMSClient(local.clientConfig), local.environmentOf('publish-round').SIGNING_KEY_ARN ?? ''),
    async deliver() {
      const { record, objects, value } = makeLyingRelease(PEER_PLAN, leg, DAY);
      for (const [Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      await registry.releases(PEER_AGREEMENT).create({ ...record, value });
    },
    publish: (now) => local.functionOf('publish-round').invoke({ cause: 'schedule' }, now),
    reconcile: (now) => local.functionOf('reconcile-entitlements').invoke({ cause: 'term' }, now),
    async look() {
      const said = await registry.commitments(PEER_AGREEMENT).list();
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: `${PEER_AGREEMENT}/${leg.id}/inbox/` }),
      );
      const { grants, revisions } = local.exchange.state;
      return {
        round: (await registry.rounds(PEER_AGREEMENT).read(DAY))?.state,
        said: said.map(({ says, leg: of }) => `${of} ${says}`),
        granted: [
          ...[...grants.values()].map(({ ReceiverPrincipal }) => ReceiverPrincipal),
          ...Contents.map(({ Key = '' }) => Key.split('/').slice(-2).join('/')),
        ],
        shown: [...revisions.values()].filter(({ Finalized }) => Finalized).length,
      };
    },
  };
}
