import { listUnusedGrants } from '../../local-cloud/list-unused-grants';
import { type PairRoom, startPairRoom } from '../../local-cloud/pair-room';
import { rewindRoom } from '../../local-cloud/rewind-room';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import explained from '../../local-cloud/unused-grants.json';

/*
 * What the roles of the functions that publish and grant may do, held against all that they do: a round by every way of
 * delivery, one that is withheld, one that is taken back, what was changed by hand, letters, and the end.
 */

/** Granted, and asked for by nobody here: each has to say why. */
const UNUSED: Readonly<Record<string, string>> = explained;

let ring: RingRoom;
let pair: PairRoom;

beforeAll(async () => {
  ring = await startRingRoom();
  pair = await startPairRoom();
}, 300_000);

afterAll(async () => {
  await ring.local.stop();
  await pair.local.stop();
});

test('every grant is used, or says who uses it', async () => {
  const { remember, rewind } = rewindRoom(ring.local);
  await ring.agree();
  await ring.reconcile();
  await remember();
  // Published, put back after somebody's hand, ended.
  await deliverAll();
  await publish(ring);
  await ring.reconcile();
  ring.local.exchange.state.grants.clear();
  await ring.reconcile();
  await ring.reconcile('2027-01-01T00:05:00Z');
  // Withheld, and taken back from the middle of its publication.
  await rewind();
  await deliverAll();
  await publish(ring);
  await ring.registry.rounds(AGREEMENT).change([DAY], (round) => ({ ...round, state: 'publishing' }));
  await ring.registry.releases(AGREEMENT).change([DAY, PLAN.legs[1]!.id], (each) => ({ ...each, state: 'revoked' }));
  await publish(ring);
  expect((await ring.look()).round).toBe('withheld');
  // A product, letters, notices.
  await pair.agree();
  await pair.reconcile();
  await pair.reconcile('2026-01-02T00:05:00Z');
  for (const leg of [0, 1]) await pair.deliver(leg);
  await publish(pair);
  for (let looks = 0; looks < 3; looks += 1) await pair.reconcile('2026-01-02T01:00:00Z').catch(() => undefined);
  await pair.reconcile('2027-01-01T00:05:00Z');

  const unused = listUnusedGrants([ring.local, pair.local]);
  console.info(unused.map(({ caller, action }) => `${caller}: ${action}`).join('\n'));
  expect(unused.filter(({ action }) => UNUSED[action] === undefined)).toEqual([]);
  const listed = new Set(unused.map(({ action }) => action));
  expect(Object.keys(UNUSED).filter((action) => !listed.has(action))).toEqual([]);
}, 600_000);

async function deliverAll(): Promise<void> {
  for (const leg of [0, 1, 2]) await ring.deliver(leg);
}

async function publish(room: { publish(): Promise<unknown> }): Promise<void> {
  for (let calls = 0; calls < 3; calls += 1) await room.publish();
}
