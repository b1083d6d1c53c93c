import fc from 'fast-check';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { believe, EARLY, registerSigned, signatureOf, versionOf } from '../../../fixtures/registered';

const ID = PLAN.agreement.id;
const amend = (version: number, content = 'd1'.repeat(32)) => ({
  ...PLAN,
  agreement: { ...PLAN.agreement, version, content },
});

const otherKey = Buffer.from('another public key').toString('base64');
const naming = (version: number, signingKey: string) => ({
  ...amend(version, `d${version}`.repeat(32)),
  parties: PLAN.parties.map((party) => (party.id === 'telco' ? { ...party, signingKey } : party)),
});

test('no order of registering and signing lets a key sign that its party does not hold', async () => {
  const own = signatureOf(PLAN, 'telco').publicKey;
  const step = fc.record({ version: fc.integer({ min: 2, max: 5 }), party: fc.constantFrom('telco', 'retail') });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      async (steps, names) => {
        const { registry } = await registerSigned(PLAN);
        // Somebody who registers versions, holds another key, and signs with it as telco wherever he can.
        for (const { version, party } of steps) {
          const plan = names[version - 2] ? naming(version, otherKey) : amend(version, `e${version}`.repeat(32));
          await registerAgreement(registry, versionOf(plan), EARLY);
          const publicKey = party === 'telco' ? otherKey : signatureOf(PLAN, party).publicKey;
          await signVersion(registry, signatureOf(plan, party, { publicKey }), believe);
        }
        const signed = (await registry.signatures(ID).list()).filter(({ party }) => party === 'telco');
        expect(signed.map(({ publicKey }) => publicKey)).toEqual([own]);
        expect((await registry.current(ID).read())?.version).toBe(1);
      },
    ),
    { seed: 11, numRuns: 60 },
  );
});
