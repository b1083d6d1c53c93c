import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openDynamoStore } from '../../lambda/shared/dynamo-store';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../lib/domain/agreement/plan/plan-for-side';
import { type Signer, writeStatement } from '../../lib/domain/agreement/signature';
import { registerAgreement } from '../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../lib/domain/enforcement/registration/sign-version';
import { openRegistry, type Registry } from '../../lib/domain/registry/registry';
import { openKmsSigner } from '../../lib/registry/kms-signer';
import { verifySignature } from '../../lib/registry/verify-signature';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { makeRoom } from '../fixtures/room';
import { makeRingPlan } from '../fixtures/sample-plan';
import { makeStoredRelease } from '../fixtures/stored-release';
import { callOnSchedule } from './call-on-schedule';
import { carryEvents, type EventCarrier } from './carry-events';
import { type ExchangeState, emptyExchange } from './data-exchange-state';
import { type LocalRoom, startLocalRoom } from './start-local-room';

/*
 * Two parties, each with a room in an account of its own, swap one round, each by a way of its own. With a third, which has a
 * room too, they have another agreement: each gives to the next, and stands by where the other two swap.
 */

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
  remedies: [...TELCO_RETAIL_PLAN.remedies, { on: 'resharing', do: 'suspend-party' }],
};
export const PEER_AGREEMENT = PEER_PLAN.agreement.id;

const ring = makeRingPlan();
export const TRIO_PLAN: Plan = {
  ...ring,
  term: PEER_PLAN.term,
  parties: ring.parties.map((party) => PEER_PLAN.parties.find(({ id }) => id === party.id) ?? party),
  legs: ring.legs.map((leg, at) => ({ ...leg, via: { kind: VIAS[at] ?? 'sftp' }, every: 'P1Y', retain: 'P1Y' })),
};
export const TRIO_AGREEMENT = TRIO_PLAN.agreement.id;

/** The telco gives every month, the retailer once a year: on this day the telco alone. */
export const UNEVEN_PLAN: Plan = {
  ...PEER_PLAN,
  agreement: { ...PEER_PLAN.agreement, id: `${PEER_AGREEMENT}-uneven`, content: 'd3'.repeat(32) },
  term: { ...PEER_PLAN.term, starts: '2025-12-01' },
  legs: PEER_PLAN.legs.map((leg) => (leg.from === 'telco' ? { ...leg, via: { kind: 'sftp' }, every: 'P1M' } : leg)),
};
export const UNEVEN_AGREEMENT = UNEVEN_PLAN.agreement.id;

export interface PeerRoom {
  readonly local: LocalRoom;
  readonly registry: Registry;
  /** The leg that it gives. */
  readonly leg: Plan['legs'][number];
  readonly signer: () => Promise<Signer>;
  /** As the workflow leaves a certified release, made by this version; absent: the first. */
  deliver(under?: Plan): Promise<void>;
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
  /** Puts another version of the same agreement on record in a room, signed by both parties: there it is in force. */
  amend(version: Plan, room: PeerRoom): Promise<void>;
  /** Has the two agree to the uneven swap, too. What is rewound to from then on is that. */
  agreeUneven(): Promise<readonly PeerRoom[]>;
  /** Adds the third room, and has the three agree. What is rewound to from then on is that. */
  gather(): Promise<readonly PeerRoom[]>;
  /** As it was when the agreement had begun and nothing was delivered: sooner done than all anew. */
  rewind(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPeerRooms(): Promise<PeerRooms> {
  const carrier = carryEvents(() => `${DAY}T12:00:00Z`);
  const both = [PEER_PLAN, UNEVEN_PLAN, TRIO_PLAN];
  const exchanged = emptyExchange();
  const locals = await Promise.all(['telco', 'retail'].map((party) => startRoomOf(party, both, carrier, exchanged)));
  const all = locals.map((local, index) => openPeer(local, PEER_PLAN, ['telco', 'retail'][index]!));
  return {
    carrier,
    telco: all[0]!,
    retail: all[1]!,
    all,
    agree: () => agree(PEER_PLAN, all),
    amend: (version, room) => amend(version, room, all),
    async agreeUneven() {
      const two = locals.map((local, index) => openPeer(local, UNEVEN_PLAN, ['telco', 'retail'][index]!));
      await agree(UNEVEN_PLAN, two);
      return two;
    },
    async gather() {
      locals.push(await startRoomOf('clinic', [TRIO_PLAN], carrier, exchanged));
      const three = locals.map((local, index) => openPeer(local, TRIO_PLAN, ['telco', 'retail', 'clinic'][index]!));
      await agree(TRIO_PLAN, three);
      return three;
    },
    async rewind() {
      carrier.waiting.length = 0;
      carrier.dead.length = 0;
      for (const local of locals) await local.rewind();
    },
    async stop() {
      for (const local of locals) await local.stop();
    },
  };
}

/** Registers an agreement in the rooms of its parties; all sign in all, each with its room's key; it begins. */
async function agree(plan: Plan, rooms: readonly PeerRoom[]): Promise<void> {
  for (const { local } of rooms) await local.deployCustomResources(`BarterAgreement-${plan.agreement.id}`);
  for (const { registry } of rooms) await signIn(registry, plan, rooms, `${DAY}T00:00:00Z`);
  for (const room of rooms) await room.reconcile();
  for (const room of rooms) await room.local.remember();
}

async function amend(plan: Plan, { registry, leg }: PeerRoom, rooms: readonly PeerRoom[]): Promise<void> {
  const current = await registry.current(plan.agreement.id).read();
  if (current === undefined) throw new Error('There is nothing to amend.');
  const version = planForSide(plan, { kind: 'peer', party: leg.from });
  const { provisioned } = current;
  await registerAgreement(registry, { hash: 'c'.repeat(64), plan: version, provisioned }, `${DAY}T06:00:00Z`);
  await signIn(registry, plan, rooms, `${DAY}T06:00:00Z`);
}

/** All sign in one room. */
async function signIn(registry: Registry, plan: Plan, rooms: readonly PeerRoom[], at: string): Promise<void> {
  const { id: agreement, version, content } = plan.agreement;
  for (const { leg, signer } of rooms) {
    const { algorithm, publicKey, sign } = await signer();
    const said = { agreement, version, content, party: leg.from };
    const signed = { ...said, algorithm, publicKey, signature: await sign(writeStatement(said)), at };
    const signing = await signVersion(registry, signed, verifySignature);
    if (signing.kind === 'refused') throw new Error(`${leg.from} cannot sign: ${signing.fault}`);
  }
}

async function startRoomOf(
  party: string,
  plans: readonly Plan[],
  carrier: EventCarrier,
  exchanged: ExchangeState,
): Promise<LocalRoom> {
  const { account } = plans.flatMap(({ parties }) => parties).find(({ id }) => id === party)!;
  const room = makeRoom({ topology: { kind: 'peer', party } });
  const local = await startLocalRoom({ room, plans, account, standIns: { events: carrier }, exchanged });
  carrier.connect(local);
  return local;
}

/** A party's room, as far as one agreement goes. */
function openPeer(local: LocalRoom, plan: Plan, party: string): PeerRoom {
  const agreement = plan.agreement.id;
  const { REGISTRY_TABLE = '', LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  const registry = openRegistry(openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE));
  const s3 = new S3Client(local.clientConfig);
  const leg = plan.legs.find(({ from }) => from === party)!;
  return {
    local,
    registry,
    leg,
    signer: () =>
      openKmsSigner(new KMSClient(local.clientConfig), local.environmentOf('publish-round').SIGNING_KEY_ARN ?? ''),
    async deliver(under = plan) {
      const { record, objects, value } = makeStoredRelease(under, leg, DAY);
      for (const [Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      await registry.releases(agreement).create({ ...record, value });
    },
    publish: (now) => callOnSchedule(local, 'publish-round', 'schedule', now),
    reconcile: (now) => callOnSchedule(local, 'reconcile-entitlements', 'term', now),
    async look() {
      const said = await registry.commitments(agreement).list();
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: `${agreement}/${leg.id}/inbox/` }),
      );
      const { grants, revisions, dataSets } = local.exchange.state;
      const given = [...grants.values()].filter(({ SenderPrincipal }) => SenderPrincipal === local.account);
      const own = [...revisions.values()].filter(({ DataSetId }) => dataSets.get(DataSetId)?.owner === local.account);
      return {
        round: (await registry.rounds(agreement).read(DAY))?.state,
        said: said.map(({ says, leg: of }) => `${of} ${says}`),
        granted: [
          ...given.map(({ ReceiverPrincipal }) => ReceiverPrincipal),
          ...Contents.map(({ Key = '' }) => Key.split('/').slice(-2).join('/')),
        ],
        shown: own.filter(({ Finalized }) => Finalized).length,
      };
    },
  };
}
