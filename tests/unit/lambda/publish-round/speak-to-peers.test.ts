import { sayToPeers } from '../../../../lambda/publish-round/speak-to-peers';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { findHeldKey } from '../../../../lib/domain/agreement/signing-rules';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import type { Commitment } from '../../../../lib/domain/registry/round-records';
import { releaseOf } from '../../../fixtures/conduct';
import { signerOf } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { NOTHING_MADE, registerSigned } from '../../../fixtures/registered';

const [USAGE] = PLAN.legs.map(({ id }) => id) as [string, ...string[]];

/** The version that all signed, and that names another key of the telco's from then on. */
const ROTATED: Plan = {
  ...PLAN,
  parties: PLAN.parties.map((party) =>
    party.id === 'telco' ? { ...party, signingKey: signerOf('the new key').publicKey } : party,
  ),
};

/** What the telco's room says to the other, signed with this key. */
async function say(plan: Plan, key: string): Promise<readonly Commitment[]> {
  const { registry, agreement } = await registerSigned(plan);
  const known = await readConduct(registry, agreement);
  if (known === undefined) throw new Error('It was registered.');
  const { signatures } = known.conduct;
  const on = { ...known, plan: planForSide(plan, { kind: 'peer', party: 'telco' }), provisioned: NOTHING_MADE };
  const sent: Commitment[] = [];
  const { algorithm, publicKey, sign } = signerOf(key);
  const peers = {
    signer: async () => ({ algorithm, publicKey, sign: async (message: Uint8Array) => sign(message) }),
    send: async (_: unknown, __: string, { commitment }: { readonly commitment: Commitment }) =>
      void sent.push(commitment),
    tellBreach: () => Promise.reject(new Error('No breach is told of.')),
  };
  const speaker = { registry, peers, now: () => '2026-01-02T00:00:00Z', log: recordLog().log };
  await sayToPeers(speaker, on, releaseOf(plan, USAGE, '2026-01-01'), 'committed');
  for (const { publicKey: told } of sent) expect(told).toBe(findHeldKey(plan, signatures, 'telco'));
  return sent;
}

test.each([
  ['the key that it was signed with', PLAN, 'telco', true],
  ['another', PLAN, 'the new key', false],
  ['the key that it was signed with, where it names another', ROTATED, 'telco', false],
  ['the key that it names', ROTATED, 'the new key', true],
])('a room says what others believe, under the version in force, with %s', async (_, plan, key, isBelieved) => {
  if (isBelieved) expect(await say(plan, key)).toHaveLength(1);
  else await expect(say(plan, key)).rejects.toThrow("another key than this room's");
});
