import { sha256 } from '../../../../lib/audit/node-crypto';
import { checkAttestation, listUnproven } from '../../../../lib/domain/enforcement/words/check-attestation';
import { checkPartyStatement, writePartyStatement } from '../../../../lib/domain/enforcement/words/party-statement';
import { planErasure } from '../../../../lib/domain/exchange/erasure/plan-erasure';
import { verifySignature } from '../../../../lib/registry/verify-signature';
import { attestationOf, confirmationOf, releaseAttestationsOf, signerOf, stateAs } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { signatureOf } from '../../../fixtures/registered';

const USAGE = PLAN.legs[0]!.id;
const AT = '2027-01-10T00:00:00Z';
const PROOF = { verify: verifySignature, sha256 };
const NEXT = { ...PLAN, agreement: { ...PLAN.agreement, version: 2, content: 'd2'.repeat(32) } };
const SIGNATURES = [PLAN, NEXT].flatMap((plan) => plan.parties.map(({ id }) => signatureOf(plan, id)));
const GROUNDS = { versions: [PLAN, NEXT], signatures: SIGNATURES, proof: PROOF };
const SAID = { purpose: 'attest-destruction', leg: USAGE, by: 'A. Keeper', statement: 'shredded' } as const;

test('the bytes that are signed name the purpose, all that is said, and prose by its hash', () => {
  const { id: agreement, version, content } = PLAN.agreement;
  const spoken = { agreement, version, content, party: 'retail' };
  expect(JSON.parse(Buffer.from(writePartyStatement(spoken, SAID, sha256)).toString())).toEqual({
    ...spoken,
    purpose: 'barter-room/attest-destruction/1',
    leg: USAGE,
    by: 'A. Keeper',
    sha256: Buffer.from(sha256(Buffer.from('shredded'))).toString('hex'),
  });
});

test('whoever has the hash of a statement alone verifies it as well', () => {
  const { statement, ...rest } = SAID;
  const hash = Buffer.from(sha256(Buffer.from(statement))).toString('hex');
  const signed = stateAs(PLAN, 'retail', SAID);
  const check = (hashed: string) =>
    checkPartyStatement(PLAN, SIGNATURES, 'retail', { ...rest, sha256: hashed }, signed, PROOF);
  expect(check(hash)).toBeUndefined();
  expect(check('0'.repeat(64))).toBe('not-genuine');
});

test.each<[string, Partial<ReturnType<typeof attestationOf>>, string | undefined]>([
  ['as its party signed it', {}, undefined],
  ['under a later version that it signed, too', stateAs(NEXT, 'retail', SAID), undefined],
  ['under a version that is not on record', { version: 3 }, 'other-version'],
  ['with the key of somebody else', stateAs(PLAN, 'retail', SAID, signerOf('telco')), 'other-key'],
  ['in the name of another party', { party: 'telco' }, 'other-key'],
  ['of another leg', { leg: PLAN.legs[1]!.id }, 'not-genuine'],
  ['by another person', { by: 'B. Keeper' }, 'not-genuine'],
  ['with other words', { statement: 'burnt' }, 'not-genuine'],
])('an attestation on record %s', (_, changed, fault) => {
  expect(checkAttestation({ ...attestationOf(PLAN, USAGE, AT), ...changed }, GROUNDS)).toBe(fault);
});

test('a signature of one thing serves for no other', () => {
  const erasure = 'erasure-usage-1';
  const confirmed = confirmationOf(PLAN, USAGE, erasure, ['2026-01-01']);
  const attested = attestationOf(PLAN, USAGE, AT);
  const check = (said: Parameters<typeof checkPartyStatement>[3], signed: typeof confirmed | typeof attested) =>
    checkPartyStatement(PLAN, SIGNATURES, 'retail', said, signed, PROOF);
  const erased = { purpose: 'confirm-erasure', leg: USAGE, erasure, releases: ['2026-01-01'] } as const;
  expect(check(erased, confirmed)).toBeUndefined();
  expect(check(erased, attested)).toBe('not-genuine');
  expect(check(SAID, confirmed)).toBe('not-genuine');
  expect(check({ ...erased, releases: ['2026-01-08'] }, confirmed)).toBe('not-genuine');
  expect(check({ ...erased, erasure: 'erasure-usage-2' }, confirmed)).toBe('not-genuine');
});

test('what is on record in a party’s name and not signed by it is listed', () => {
  const request = { dataset: 'usage', subject: 'ab'.repeat(32), tokens: {}, at: AT };
  const planned = planErasure(PLAN, { releases: [], earlier: [] }, request);
  const withConfirmation = (releases: readonly string[], id = planned.id) => ({
    ...planned,
    receivers: planned.receivers.map((each) => ({
      ...each,
      confirmations: [{ ...confirmationOf(PLAN, USAGE, id, releases), at: AT }],
    })),
  });
  const forged = { ...attestationOf(PLAN, USAGE, AT), statement: 'nothing' };
  expect(
    listUnproven(
      { attestations: [attestationOf(PLAN, USAGE, AT)], releaseAttestations: [] },
      [withConfirmation(['2026-01-01'])],
      GROUNDS,
    ),
  ).toEqual([]);
  const released = releaseAttestationsOf(PLAN, USAGE, AT, ['2026-01-01', '2026-01-08']);
  expect(listUnproven({ attestations: [], releaseAttestations: released }, [], GROUNDS)).toEqual([]);
  const releaseAttestations = [
    released[0]!,
    { ...released[1]!, round: '2026-01-15' },
    { ...released[1]!, releases: ['2026-01-01', '2026-01-08', '2026-01-15'] },
    // What was said of all is not said of one, nor the other way round.
    { ...attestationOf(PLAN, USAGE, AT), round: '2026-01-22', releases: ['2026-01-22'] },
  ];
  const found = { attestations: [forged, released[0]!], releaseAttestations };
  expect(listUnproven(found, [withConfirmation(['2026-01-01'], 'another')], GROUNDS)).toEqual([
    { party: 'retail', leg: USAGE, fault: 'not-genuine' },
    { party: 'retail', leg: USAGE, fault: 'not-genuine' },
    { party: 'retail', leg: USAGE, round: '2026-01-15', fault: 'not-genuine' },
    { party: 'retail', leg: USAGE, round: '2026-01-08', fault: 'not-genuine' },
    { party: 'retail', leg: USAGE, round: '2026-01-22', fault: 'not-genuine' },
    { party: 'retail', leg: USAGE, erasure: planned.id, fault: 'not-genuine' },
  ]);
});
