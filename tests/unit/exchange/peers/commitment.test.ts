import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import type { PlacedVersion } from '../../../../lib/domain/audit/attribution/place-agreement';
import { entitlementsAt } from '../../../../lib/domain/exchange/entitlements/entitlements-at';
import { readFigures } from '../../../../lib/domain/exchange/gates/release-figures';
import { valueRelease } from '../../../../lib/domain/exchange/gates/value-release';
import { hashCertificate } from '../../../../lib/domain/exchange/gates/verify-release';
import { checkCommitment, draftCommitment, writeCommitment } from '../../../../lib/domain/exchange/peers/commitment';
import { NO_GRANTS_SEEN } from '../../../../lib/domain/exchange/peers/find-granted';
import { judgePeerRounds } from '../../../../lib/domain/exchange/peers/judge-peer-rounds';
import { listMissingPeers } from '../../../../lib/domain/exchange/peers/list-missing-peers';
import { readPeerEvent } from '../../../../lib/domain/exchange/peers/read-peer-event';
import type { Certificate } from '../../../../lib/domain/privacy/certificate/certificate';
import type { Commitment } from '../../../../lib/domain/registry/round-records';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { believe, signatureOf } from '../../../fixtures/registered';

const DAY = '2026-03-01';
const PLAN = { ...TELCO_RETAIL_PLAN, legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, every: 'P1M' })) };
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const plan = planForSide(PLAN, { kind: 'peer', party: 'telco' });
const ACCOUNT = PLAN.parties.find(({ id }) => id === 'retail')!.account;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const { id: agreement, version } = PLAN.agreement;
const LEG = PLAN.legs.find(({ id }) => id === PURCHASES)!;
const CLASSES = { k: 10, loss: 0.25, classSizes: [{ rows: 80 }, { rows: 10 }] };
const certificate = {
  agreement: { id: agreement, version },
  leg: { id: PURCHASES, dataset: LEG.dataset },
  rows: { received: 100, rejected: 4, rejectedBy: [], suppressed: 6, released: 90 },
  worth: { subjects: 80, completeness: 0.5 },
  privacy: CLASSES,
  hashes: { output: 'a1'.repeat(32) },
};
const VALUE = (PLAN.fairness.weights[LEG.dataset] ?? 1) * 80 * 0.5 * 0.75;
const hashOf = (told: object) => hashCertificate(told as Certificate, sha256);
const ofVersion2 = { ...certificate, agreement: { id: agreement, version: 2 } };
const conduct = conductOf(PLAN, [], { rounds: [roundOf(PLAN, DAY, { state: 'open' })] });

const commit = (leg: string, changed: Partial<Commitment> = {}): Commitment => {
  const release = releaseOf(PLAN, leg, DAY, {
    certificate: hashOf(certificate),
    value: VALUE,
  });
  const draft = draftCommitment({ plan }, release, 'committed', `${DAY}T10:00:00Z`);
  const { algorithm, publicKey, signature } = signatureOf(PLAN, draft.from);
  return { ...draft, algorithm, publicKey, signature, ...changed };
};
const NOW = `${DAY}T10:30:00Z`;
const NONE = 'no certificate';
const check = (
  commitment: Commitment,
  {
    known = [],
    on = conduct,
    told = certificate,
    account = ACCOUNT,
    verify = believe,
  }: Partial<{
    known: readonly Commitment[];
    on: typeof conduct;
    told: unknown;
    account: string;
    verify: () => boolean;
  }> = {},
) =>
  checkCommitment(
    { plan, conduct: on },
    { commitment, certificate: told === NONE ? undefined : told, account },
    known,
    verify,
    sha256,
    NOW,
  );

describe('what another peer’s room says', () => {
  test('holds where all fits', () => {
    expect(check(commit(PURCHASES))).toBeUndefined();
    for (const at of ['2020-01-01T00:00:00Z', `${DAY}T10:45:00Z`])
      expect(check(commit(PURCHASES, { at }))).toBeUndefined();
    expect(check(commit(PURCHASES), { known: [commit(PURCHASES)] })).toBeUndefined();
    expect(
      check(commit(PURCHASES, { says: 'granted' }), { known: [commit(PURCHASES)], told: undefined }),
    ).toBeUndefined();
  });

  test.each<[string, Partial<Commitment>, Parameters<typeof check>[1]]>([
    ['other-agreement', { agreement: 'another' }, {}],
    ['other-version', { version: 2 }, {}],
    ['other-version', { content: '0'.repeat(64) }, {}],
    ['unknown-leg', { leg: 'telco-bank-usage' }, {}],
    ['not-the-giver', { leg: USAGE }, {}],
    ['other-account', {}, { account: '999999999999' }],
    ['other-key', { publicKey: signatureOf(PLAN, 'telco').publicKey }, {}],
    ['not-genuine', {}, { verify: () => false }],
    ['ahead-of-time', { at: `${DAY}T10:45:01Z` }, {}],
    ['ahead-of-time', { at: '9999-12-31T23:59:59Z' }, {}],
    ['ahead-of-time', { at: 'at noon' }, {}],
    ['not-active', {}, { on: { ...conduct, state: 'ended' } }],
    ['not-active', {}, { on: { ...conduct, removed: true } }],
    ['not-due', { round: '2026-03-02' }, {}],
    ['not-due', { round: '2027-03-01' }, {}],
    ['not-due', { round: '2026-05-01' }, {}],
    ['round-over', {}, { on: { ...conduct, rounds: [roundOf(PLAN, DAY, { state: 'withheld' })] } }],
    ['contradicts', { sha256: 'f'.repeat(64) }, { known: [commit(PURCHASES)] }],
    ['not-committed-yet', { says: 'granted' }, {}],
    ['contradicts', { says: 'granted', sha256: 'f'.repeat(64) }, { known: [commit(PURCHASES)] }],
    ['contradicts', { value: VALUE + 1 }, { known: [commit(PURCHASES)] }],
    ['contradicts', { says: 'granted', value: VALUE + 1 }, { known: [commit(PURCHASES)] }],
    ['other-worth', { value: VALUE * 1.000001 }, {}],
    ['other-worth', { value: VALUE - 1 }, {}],
    ['other-worth', { value: 0 }, {}],
    ['no-certificate', {}, { told: NONE }],
    ['other-certificate', {}, { told: { ...certificate, leg: { id: USAGE } } }],
    ['other-certificate', { sha256: 'f'.repeat(64) }, {}],
    ['other-certificate', { certificate: hashOf(ofVersion2) }, { told: ofVersion2 }],
  ])('is refused: %s', (fault, changed, circumstances) => {
    expect(check(commit(PURCHASES, changed), circumstances)).toBe(fault);
  });

  test('holds of the next round where this one was withheld', () => {
    const on = { ...conduct, rounds: [roundOf(PLAN, DAY, { state: 'withheld' })] };
    expect(check(commit(PURCHASES, { round: '2026-04-01' }), { on })).toBeUndefined();
  });

  test('signed with the key that the version in force names, whichever it was signed with', () => {
    const named = Buffer.from('a new key').toString('base64');
    const parties = PLAN.parties.map((party) => (party.id === 'retail' ? { ...party, signingKey: named } : party));
    const faultOf = (publicKey: string) => {
      const said = { commitment: commit(PURCHASES, { publicKey }), certificate, account: ACCOUNT };
      return checkCommitment({ plan: { ...plan, parties }, conduct }, said, [], believe, sha256, NOW);
    };
    expect([named, signatureOf(PLAN, 'retail').publicKey].map(faultOf)).toEqual([undefined, 'other-key']);
  });

  test('under the version that it was said under, where another is in force by now', () => {
    const weights = { ...PLAN.fairness.weights, [LEG.dataset]: 7 };
    const amended: Plan = {
      ...PLAN,
      agreement: { ...PLAN.agreement, version: version + 1, content: 'c'.repeat(64) },
      parties: PLAN.parties.map((party) => ({
        ...party,
        account: '777777777777',
        signingKey: Buffer.from(party.id).toString('base64'),
      })),
      fairness: { ...PLAN.fairness, weights },
    };
    const SIGNED = `${DAY}T06:00:00.000Z`;
    const next = planForSide(amended, { kind: 'peer', party: 'telco' });
    const faultOf = (first: Partial<PlacedVersion>, changed: Partial<Commitment> = {}) => {
      const versions = [placedFor(PLAN, first), placedFor(amended, { from: SIGNED })];
      const said = { commitment: commit(PURCHASES, changed), certificate, account: ACCOUNT };
      return checkCommitment({ plan: next, conduct: { ...conduct, versions } }, said, [], believe, sha256, NOW);
    };
    expect(faultOf({ to: SIGNED })).toBeUndefined();
    expect(faultOf({ to: SIGNED }, { content: amended.agreement.content })).toBe('other-version');
    expect(faultOf({ to: SIGNED }, { publicKey: Buffer.from('retail').toString('base64') })).toBe('other-key');
    // A version that was replaced before it began never held.
    expect(faultOf({ from: SIGNED, to: SIGNED })).toBe('other-version');
    // And one that is still to come does not yet.
    const early = { plan, conduct: { ...conduct, versions: [placedFor(PLAN), placedFor(amended)] } };
    const word = commit(PURCHASES, { version: version + 1, content: amended.agreement.content });
    const told = { commitment: word, certificate: ofVersion2, account: ACCOUNT };
    expect(checkCommitment(early, told, [], believe, sha256, NOW)).toBe('other-version');
  });

  test('of a release that was granted under a later version than it was committed to', () => {
    const known = [commit(PURCHASES, { version: 9 })];
    expect(check(commit(PURCHASES, { says: 'granted' }), { known })).toBeUndefined();
    expect(check(commit(PURCHASES), { known })).toBe('contradicts');
  });

  test('of the rounds to come, the next can be committed to, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 364 }), fc.integer({ min: 1, max: 12 }), (after, month) => {
        const now = new Date(Date.parse('2026-01-01T10:00:00Z') + after * 86_400_000).toISOString();
        const round = `2026-${String(month).padStart(2, '0')}-01`;
        const said = commit(PURCHASES, { round, at: now });
        const fault = checkCommitment(
          { plan, conduct },
          { commitment: said, certificate, account: ACCOUNT },
          [],
          believe,
          sha256,
          now,
        );
        expect(fault === 'not-due').toBe(month > Number(now.slice(5, 7)) + 1);
      }),
      { seed: 7 },
    );
  });

  test('without worth, whoever it is for: a leg that has none is in no balance', () => {
    const { value: _, ...worthless } = commit(PURCHASES);
    expect(check(worthless)).toBe('other-worth');
    const elsewhere = { ...plan, incoming: [], elsewhere: plan.incoming };
    const heard = { commitment: worthless, account: ACCOUNT };
    expect(checkCommitment({ plan: elsewhere, conduct }, heard, [], believe, sha256, NOW)).toBe('other-worth');
  });

  test.each<[string, object]>([
    ['that states no worth', { worth: undefined }],
    ['of more subjects than rows', { worth: { subjects: 91, completeness: 0.5 } }],
    ['of nobody', { worth: { subjects: 0, completeness: 0.5 } }],
    ['of more cells than there are', { worth: { subjects: 80, completeness: 1.5 } }],
    ['whose rows do not add up', { rows: { ...certificate.rows, released: 900 } }],
    ['whose classes hold other rows', { privacy: { ...CLASSES, classSizes: [{ rows: 91 }] } }],
    ['whose least class holds more subjects than there are', { privacy: { ...CLASSES, k: 81 } }],
    ['of a loss below none', { privacy: { ...CLASSES, loss: -1 } }],
  ])('a certificate %s supports no worth', (_, changed) => {
    const told = { ...certificate, ...changed };
    expect(check(commit(PURCHASES, { certificate: hashOf(told) }), { told })).toBe('other-worth');
  });

  test('a certificate of another dataset, which weighs more, is of another leg', () => {
    const told = { ...certificate, leg: { id: PURCHASES, dataset: 'usage' } };
    expect(check(commit(PURCHASES, { certificate: hashOf(told) }), { told })).toBe('other-certificate');
  });

  test('whatever it claims, it is believed what its certificate supports, and nothing else', () => {
    const figures = fc.record({
      subjects: fc.integer({ min: 1, max: 90 }),
      completeness: fc.double({ min: 0.01, max: 1, noNaN: true }),
      claimed: fc.double({ min: 0, max: 1e6, noNaN: true }),
    });
    fc.assert(
      fc.property(figures, ({ subjects, completeness, claimed }) => {
        const { privacy: _, ...plain } = certificate;
        const told = { ...plain, worth: { subjects, completeness } };
        const honest = valueRelease(PLAN, LEG, readFigures(told));
        const of = (value: number) => check(commit(PURCHASES, { certificate: hashOf(told), value }), { told });
        expect(of(honest)).toBeUndefined();
        if (Math.abs(claimed - honest) > 1e-6 * honest) expect(of(claimed)).toBe('other-worth');
      }),
      { seed: 5 },
    );
  });

  test('a certificate nested beyond measure is no certificate', () => {
    let told: unknown = {};
    for (let depth = 0; depth < 200_000; depth += 1) told = [told];
    expect(check(commit(PURCHASES), { told })).toBe('other-certificate');
  });

  test('every word that is signed counts', () => {
    const bytes = (changed: Partial<Commitment>) => Buffer.from(writeCommitment(commit(PURCHASES, changed))).toString();
    const changes: readonly Partial<Commitment>[] = [
      { says: 'granted' },
      { value: 3 },
      { round: '2026-04-01' },
      { at: `${DAY}T11:00:00Z` },
    ];
    expect(new Set([{}, ...changes].map(bytes)).size).toBe(5);
  });

  test('is read from an event of its kind, whole', () => {
    const event = { id: 'e-1', account: ACCOUNT, source: 'barter.peer', 'detail-type': 'Release Commitment' };
    const detail = { commitment: commit(PURCHASES), asks: true };
    expect(readPeerEvent({ ...event, detail })).toMatchObject({ account: ACCOUNT, asks: true });
    const toTheMillisecond = { ...detail, commitment: { ...detail.commitment, at: `${DAY}T10:00:00.123Z` } };
    expect(readPeerEvent({ ...event, detail: toTheMillisecond })).toBeDefined();
    for (const broken of [
      undefined,
      { ...event, source: 'aws.s3', detail },
      { ...event, detail: { ...detail, commitment: { ...detail.commitment, sha256: 'x' } } },
      ...[`${DAY}T10:00Z`, `${DAY}T10:00:00.0001Z`, `${DAY}T10:00:00+01:00`].map((at) => ({
        ...event,
        detail: { ...detail, commitment: { ...detail.commitment, at } },
      })),
    ])
      expect(readPeerEvent(broken)).toBeUndefined();
  });
});

describe('what is missing of a round', () => {
  const both = [commit(USAGE), commit(PURCHASES)];
  const granted = commit(PURCHASES, { says: 'granted', at: `${DAY}T12:00:00Z` });
  // By a way that AWS tells nothing of: there is the giver's word.
  const bySftp = { ...plan, incoming: plan.incoming.map((leg) => ({ ...leg, via: { kind: 'sftp' } as const })) };
  const judge = (said: readonly Commitment[], now: string, on = conduct) =>
    judgePeerRounds({ plan: bySftp, conduct: on }, { commitments: said, equivocations: [] }, NO_GRANTS_SEEN, now);
  const LATE = '2026-03-02T10:00:00Z';

  test('who commits and does not grant within a day is in breach, until it does', () => {
    expect(judge([both[0]!], LATE).broken).toEqual([]);
    expect(judge(both, '2026-03-02T09:59:59Z').broken).toEqual([]);
    const { broken } = judge(both, LATE);
    expect(broken).toMatchObject([{ breach: 'committed-not-granted', party: 'retail', leg: PURCHASES, round: DAY }]);
    expect(judge([...both, granted], LATE)).toEqual({ broken: [], mended: [] });
    const breach = breachOf(PLAN, {
      kind: 'committed-not-granted',
      leg: PURCHASES,
      round: DAY,
      report: broken[0]!.report,
    });
    const known = { ...conduct, breaches: [breach] };
    expect(judge(both, LATE, known).broken).toEqual([]);
    expect(judge([...both, granted], LATE, known).mended).toEqual([{ report: breach.report, at: granted.at }]);
  });

  test('patience runs from when the last word was heard, whenever its giver says it was said', () => {
    const backdated = commit(PURCHASES, { at: '2020-01-01T00:00:00Z' });
    const heard = { ...backdated, heardAt: `${DAY}T20:00:00Z` };
    expect(judge([both[0]!, heard], LATE).broken).toEqual([]);
    expect(judge([both[0]!, heard], '2026-03-02T20:00:00Z').broken).toMatchObject([
      { since: '2026-03-02T20:00:00.000Z' },
    ]);
    const report = `not-granted:${PURCHASES}:${DAY}`;
    const breach = breachOf(PLAN, { kind: 'committed-not-granted', leg: PURCHASES, round: DAY, report });
    const mended = [{ report: breach.report, at: '2026-03-03T09:00:00Z' }];
    const late = { ...granted, heardAt: '2026-03-03T09:00:00Z' };
    expect(judge([...both, late], LATE, { ...conduct, breaches: [breach] }).mended).toEqual(mended);
  });

  test('when it was heard is no part of what was signed, and is taken from nobody', () => {
    const heard = { ...both[0]!, heardAt: NOW };
    expect(writeCommitment(heard)).toEqual(writeCommitment(both[0]!));
    const event = { id: 'e-1', account: ACCOUNT, source: 'barter.peer', 'detail-type': 'Release Commitment' };
    const read = readPeerEvent({ ...event, detail: { commitment: heard, asks: false } });
    expect(read?.commitment).toEqual(both[0]);
  });

  test('also where the time of its earlier releases is over', () => {
    const incoming = bySftp.incoming.map((leg) => ({ ...leg, retain: 'P7D' }));
    const rounds = [roundOf(PLAN, '2026-02-01'), ...conduct.rounds];
    const on = { ...conduct, rounds, releases: [USAGE, PURCHASES].map((leg) => releaseOf(PLAN, leg, '2026-02-01')) };
    expect(entitlementsAt({ ...bySftp, legs: incoming }, on, LATE)).toMatchObject([{ reason: 'withdrawn' }]);
    const words = { commitments: both, equivocations: [] };
    const { broken } = judgePeerRounds({ plan: { ...bySftp, incoming }, conduct: on }, words, NO_GRANTS_SEEN, LATE);
    expect(broken).toMatchObject([{ party: 'retail', leg: PURCHASES, round: DAY }]);
  });

  test('not while the agreement itself withholds it', () => {
    const { parties } = PLAN;
    const unsigned = { ...conduct, signatures: [signatureOf(PLAN, parties[0]!.id)] };
    expect(judge(both, LATE, unsigned).broken).toEqual([]);
  });

  test('a party is asked until it has said all; where it is in breach, once an hour until that is answered', () => {
    const missing = (said: readonly Commitment[], on = conduct, now = '2026-03-03T09:14:59Z') =>
      listMissingPeers({ plan, conduct: on }, on.rounds[0]!, said, [], now);
    expect(missing([both[0]!])).toEqual(['retail']);
    expect(missing(both)).toEqual(['retail']);
    expect(missing([...both, granted])).toEqual([]);
    const breach = breachOf(PLAN, { kind: 'committed-not-granted', leg: PURCHASES, round: DAY });
    const inBreach = { ...conduct, breaches: [breach] };
    expect(missing(both, inBreach)).toEqual(['retail']);
    expect(missing(both, inBreach, '2026-03-03T09:15:00Z')).toEqual([]);
    expect(missing([...both, granted], inBreach)).toEqual([]);
    const overruled = { by: 'A. Human', at: LATE, reason: 'agreed by telephone' };
    expect(missing(both, { ...conduct, breaches: [{ ...breach, overruled }] })).toEqual([]);
    // Of another round, or leg, or what is no such breach.
    for (const other of [{ round: '2026-02-01' }, { leg: USAGE }, { kind: 'equivocation' as const }])
      expect(missing(both, { ...conduct, breaches: [{ ...breach, ...other }] }, '2026-03-03T09:15:00Z')).toEqual([
        'retail',
      ]);
  });
});
