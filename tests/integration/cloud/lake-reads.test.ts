import type { PlannedLeg } from '../../../lib/domain/agreement/plan/plan';
import { ROUND_COLUMN } from '../../../lib/domain/room/catalogue';
import { releasePrefix } from '../../../lib/domain/room/release-prefix';
import { callOnSchedule } from '../../local-cloud/call-on-schedule';
import { carryEvents, type EventCarrier } from '../../local-cloud/carry-events';
import { describeTrailEvent } from '../../local-cloud/describe-trail-event';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import { REGION, ROOM_ACCOUNT } from '../../local-cloud/start-local-room';

/*
 * What is read with credentials that Lake Formation hands out: the trail's events go by the rules of the templates to the
 * ledger, the reads are their receiver's by the session, and beyond the quota the receiver waits.
 */

const LEG = { ...PLAN.legs[1]!, quota: { bytes: 5000 } };
const RECEIVER = PLAN.parties.find(({ id }) => id === LEG.to)!;
const STRANGER = '999999999999';
const NOON = `${DAY}T12:00:00Z`;

let room: RingRoom;
let events: EventCarrier;
let serial = 0;

beforeAll(async () => {
  events = carryEvents(() => NOON);
  const legs = PLAN.legs.map((leg) => (leg.id === LEG.id ? LEG : leg));
  room = await startRingRoom({ legs, remedies: [{ on: 'forbidden-access', do: 'suspend-party' }] }, events);
  await room.agree();
  await room.reconcile();
  await room.publishFirst();
  await room.reconcile();
  // What the room told itself so far has been done by hand.
  events.waiting.length = 0;
}, 300_000);

afterAll(() => room.local.stop());

const at = (time: string) => `${DAY}T${time}Z`;
const nextId = () => {
  serial += 1;
  return `event-${serial}`;
};
const put = (event: ReturnType<typeof describeTrailEvent>) => events.put(ROOM_ACCOUNT, event);
const enter = async (time: string) => {
  await events.deliver(time);
  expect(events.dead).toEqual([]);
};
const watch = async (time: string) => {
  await callOnSchedule(room.local, 'watch-accesses', 'watch', time);
  await enter(time);
};
const usage = async () => (await room.registry.usage(AGREEMENT).read())?.days ?? [];
const breaches = async () =>
  (await room.registry.breaches(AGREEMENT).list()).map(({ kind, party, leg, clause }) => ({
    kind,
    party,
    leg,
    clause,
  }));
const recorded = () => room.local.gateway.calls.filter(({ caller }) => caller === 'record-access').length;

/** Somebody of an account asks Lake Formation for credentials to the table: the owner's copy. */
function vend(account: string, session: string, time: string, refused = false) {
  const { DatabaseName, TableName } = [...room.local.filters.values()][0]!;
  return describeTrailEvent({
    service: 'lakeformation',
    operation: 'GetDataAccess',
    id: nextId(),
    time,
    identity: { type: 'AWSAccount', principalId: 'AROAPARTNER:analyst', accountId: account },
    request: {
      tableArn: `arn:aws:glue:${REGION}:${ROOM_ACCOUNT}:table/${String(DatabaseName)}/${String(TableName)}`,
      permissions: ['SELECT'],
    },
    extra: {
      requesterService: 'ATHENA',
      lakeFormationPrincipal: `arn:aws:iam::${account}:role/Analyst`,
      lakeFormationRoleSessionName: session,
    },
    ...(refused ? { error: 'AccessDenied' } : {}),
  });
}

/** By the role that is registered for the location: in the owner's log it is the owner's own. */
function read(leg: PlannedLeg, session: string, time: string, bytes: number) {
  const { LAKE_BUCKET: bucketName } = room.local.environmentOf('publish-round');
  return describeTrailEvent({
    service: 's3',
    operation: 'GetObject',
    id: nextId(),
    time,
    identity: {
      type: 'AssumedRole',
      principalId: `AROAREADER:${session}`,
      arn: `arn:aws:sts::${ROOM_ACCOUNT}:assumed-role/BarterRoomCatalogue-Reader-1A2B3C/${session}`,
      accountId: ROOM_ACCOUNT,
      invokedBy: 'athena.amazonaws.com',
    },
    request: { bucketName, key: `${releasePrefix(AGREEMENT, leg)}${ROUND_COLUMN}=${DAY}/part-0.parquet` },
    extra: { bytesTransferredOut: bytes, AuthenticationMethod: 'AuthHeader' },
    resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM_ACCOUNT, ARN: `arn:aws:s3:::${bucketName}` }],
    ip: 'athena.amazonaws.com',
  });
}

test('where the ledger is not there yet, there is nothing to look at', async () => {
  await watch(at('12:00:00'));
  expect([await usage(), await breaches()]).toEqual([[], []]);
});

test('reads are counted as their receiver’s, once, in whatever order and however often they are told', async () => {
  const session = `AWSLF-00-AT-${RECEIVER.account}-ONE`;
  const told = [
    read(LEG, session, at('12:01:00'), 1000),
    vend(RECEIVER.account, session, at('12:00:30')),
    read(LEG, session, at('12:01:30'), 1500),
  ];
  for (const event of [...told, ...told.toReversed()]) put(event);
  await enter(at('12:05:00'));
  await watch(at('12:06:00'));
  expect(await breaches()).toEqual([]);
  await watch(at('12:30:00'));
  expect(await breaches()).toEqual([]);
  expect(await usage()).toMatchObject([{ party: RECEIVER.id, leg: LEG.id, day: DAY, requests: 1, bytes: 2500 }]);
});

test('of a leg without a quota the trail has the reads, and no rule tells of them', async () => {
  const before = recorded();
  put(read(PLAN.legs[0]!, 'AWSLF-00-AT-x', at('12:40:00'), 10));
  await enter(at('12:41:00'));
  expect(recorded()).toBe(before);
});

test('who is refused credentials and is nobody here is counted, and not entered', async () => {
  const entries = async () => (await room.registry.usage(AGREEMENT).read())?.position;
  const before = await entries();
  for (let times = 0; times < 3; times += 1) put(vend(STRANGER, 'none', at('12:42:00'), true));
  await enter(at('12:43:00'));
  await watch(at('13:00:00'));
  expect(await entries()).toBe(before);
  expect(await breaches()).toEqual([]);
  const writes = room.local.gateway.calls.filter(
    ({ caller, operation, status }) => caller === 'record-access' && operation === 'PutItem' && status === 200,
  );
  expect(writes.length).toBeGreaterThan(0);
});

test('beyond the quota its receiver is in breach, told, and suspended by the rules of the room', async () => {
  const session = `AWSLF-00-AT-${RECEIVER.account}-TWO`;
  expect((await room.look()).permissions).toEqual([RECEIVER.account]);
  put(vend(RECEIVER.account, session, at('13:00:30')));
  put(read(LEG, session, at('13:01:00'), 2501));
  await enter(at('13:02:00'));
  await watch(at('13:03:00'));
  expect(await breaches()).toMatchObject([{ kind: 'over-quota', party: RECEIVER.id, leg: LEG.id }]);
  await room.reconcile(at('13:04:00'));
  const { permissions, grants } = await room.look();
  expect([permissions, grants]).toEqual([[], expect.any(Array)]);
  const records = await room.registry.entitlements(AGREEMENT).list();
  expect(records.find(({ leg }) => leg === LEG.id)).toMatchObject({ state: 'revoked', reason: 'party-suspended' });
  // Looked at again when all is settled, it is the same breach.
  await watch(at('13:30:00'));
  expect(await breaches()).toHaveLength(1);
  expect((await usage()).at(-1)).toMatchObject({ requests: 2, bytes: 5001 });
});

test('credentials for an account that is no party’s are a breach of nobody known, when nothing can explain them any more', async () => {
  const session = `AWSLF-00-AT-${STRANGER}-THREE`;
  put(vend(STRANGER, session, at('14:00:00')));
  put(read(LEG, session, at('14:00:30'), 100));
  await enter(at('14:01:00'));
  await watch(at('14:02:00'));
  expect(await breaches()).toHaveLength(1);
  await watch(at('14:30:00'));
  expect((await breaches()).map(({ kind }) => kind)).toEqual(['foreign-principal', 'over-quota']);
  // Nobody's quota pays for it.
  expect((await usage()).at(-1)).toMatchObject({ requests: 2, bytes: 5001 });
});

test('no function asked for more than its role has', () => {
  const { calls } = room.local.gateway;
  expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
});
