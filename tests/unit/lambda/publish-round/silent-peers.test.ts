import type { Publisher } from '../../../../lambda/publish-round/publish-round';
import { publishRounds } from '../../../../lambda/publish-round/publish-rounds';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import { barePublisher } from '../../../fixtures/bare-publisher';
import { releaseOf, roundOf } from '../../../fixtures/conduct';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { signerOf } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { believe, EARLY, NOTHING_MADE, signatureOf } from '../../../fixtures/registered';

/*
 * The telco gives every week, the retailer every four: in three rounds of four the retailer has no word of its own with which its
 * room could ask for one that was lost.
 */

const FIRST = '2026-01-01';
const DAY = '2026-01-08';
const [USAGE, PURCHASES] = TELCO_RETAIL_PLAN.legs.map(({ id }) => id) as [string, string];
const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, every: leg.id === USAGE ? 'P7D' : 'P28D' })),
};
const AGREEMENT = PLAN.agreement.id;

/** The telco's room, which has a release for a round in which it alone gives. @param failing the word, from 1, that gets lost */
async function giverRoom(failing: number) {
  const registry = openRegistry(openMemoryStore().store);
  const plan = planForSide(PLAN, { kind: 'peer', party: 'telco' });
  await registerAgreement(registry, { hash: 'f'.repeat(64), plan, provisioned: NOTHING_MADE }, EARLY);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(PLAN, id), believe);
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  await registry.rounds(AGREEMENT).create(roundOf(PLAN, FIRST, { state: 'published' }));
  for (const leg of [USAGE, PURCHASES])
    await registry.releases(AGREEMENT).create(releaseOf(PLAN, leg, FIRST, { value: 10 }));
  const release = releaseOf(PLAN, USAGE, DAY, { state: 'prepared', value: 10, place: '_escrow/a/' });
  await registry.releases(AGREEMENT).create(release);
  let now = `${DAY}T12:00:00Z`;
  let sent = 0;
  const told: string[] = [];
  const { algorithm, publicKey, sign } = signerOf('telco');
  const peers: Publisher['peers'] = {
    signer: async () => ({ algorithm, publicKey, sign: async (message: Uint8Array) => sign(message) }),
    tellBreach: () => Promise.reject(new Error('No breach is told of.')),
    send: async (_, party, { commitment: { says, round } }, asks) => {
      sent += 1;
      if (sent === failing) throw new Error('ThrottlingException');
      told.push(`${party} ${says} ${round} ${asks ? 'asks' : 'tells'}`);
    },
  };
  const publisher = barePublisher(registry, peers, () => now);
  return {
    told,
    /** One look at the rounds; whoever fails is called again by the next. */
    async look(at: string, event: object = { cause: 'schedule' }) {
      now = at;
      await publishRounds(event, publisher).catch(() => undefined);
      return told.splice(0);
    },
    grant: () =>
      registry.entitlements(AGREEMENT).create({
        ...{ agreement: AGREEMENT, version: 1, leg: USAGE, party: 'retail', kind: 'sftp', clause: 'legs' },
        ...{ reason: 'agreed', releases: [DAY], at: `${DAY}T12:01:00Z`, state: 'granted' },
      }),
  };
}

const BY_EVENT = { detail: { agreement: AGREEMENT } };
const COMMITTED = `retail committed ${DAY} tells`;
const GRANTED = `retail granted ${DAY} tells`;

test('a promise that was lost on its way to who gives nothing in the round is made again by schedule', async () => {
  const { look } = await giverRoom(1);
  expect(await look(`${DAY}T12:00:00Z`, BY_EVENT)).toEqual([]);
  expect(await look(`${DAY}T12:01:00Z`, BY_EVENT)).toEqual([]);
  expect(await look(`${DAY}T13:00:00Z`)).toEqual([COMMITTED]);
});

test('so is the word that it granted', async () => {
  const { look, grant } = await giverRoom(2);
  expect(await look(`${DAY}T12:00:00Z`, BY_EVENT)).toEqual([COMMITTED]);
  await grant();
  expect(await look(`${DAY}T12:15:00Z`, BY_EVENT)).toEqual([]);
  expect((await look(`${DAY}T12:30:00Z`)).sort()).toEqual([COMMITTED, GRANTED]);
});

test('for three days after the last word, and by schedule alone', async () => {
  const { look } = await giverRoom(0);
  expect(await look(`${DAY}T12:00:00Z`, BY_EVENT)).toEqual([COMMITTED]);
  expect(await look('2026-01-09T12:00:00Z', BY_EVENT)).toEqual([]);
  expect(await look('2026-01-11T11:59:59Z')).toEqual([COMMITTED]);
  expect(await look('2026-01-11T12:00:00Z')).toEqual([]);
});
