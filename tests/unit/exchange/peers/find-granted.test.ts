import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import {
  findGranted,
  type GrantsSeen,
  listExpectedGrants,
  NO_GRANTS_SEEN,
} from '../../../../lib/domain/exchange/peers/find-granted';
import { judgePeerRounds } from '../../../../lib/domain/exchange/peers/judge-peer-rounds';
import { listMissingPeers } from '../../../../lib/domain/exchange/peers/list-missing-peers';
import type { CommitmentRecord } from '../../../../lib/domain/registry/round-records';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { signatureOf } from '../../../fixtures/registered';

const DAY = '2026-03-01';
const LATE = '2026-03-02T10:00:00Z';
const PLAN = {
  ...TELCO_RETAIL_PLAN,
  legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, every: 'P1M', via: { kind: 'data-grant' } as const })),
};
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const agreement = PLAN.agreement.id;
const retail = PLAN.parties.find(({ id }) => id === 'retail')!.account;
const plan = planForSide(PLAN, { kind: 'peer', party: 'telco' });
const conduct = conductOf(PLAN, [], { rounds: [roundOf(PLAN, DAY, { state: 'open' })] });

const say = (leg: string, says: CommitmentRecord['says'] = 'committed'): CommitmentRecord => {
  const { sha256, certificate } = releaseOf(PLAN, leg, DAY);
  const { from } = PLAN.legs.find(({ id }) => id === leg)!;
  const { version, content } = PLAN.agreement;
  const said = {
    agreement,
    version,
    content,
    round: DAY,
    leg,
    from,
    says,
    sha256,
    certificate,
    at: `${DAY}T10:00:00Z`,
  };
  const { algorithm, publicKey, signature } = signatureOf(PLAN, from);
  return { ...said, algorithm, publicKey, signature };
};
const BOTH = [say(USAGE), say(PURCHASES)];
const words = (commitments: readonly CommitmentRecord[] = BOTH) => ({ commitments, equivocations: [] });
const expected = (on = conduct, seen: GrantsSeen['seen'] = [], now = LATE, said = BOTH) =>
  listExpectedGrants({ plan, conduct: on }, words(said), seen, now);
const judge = (grants: GrantsSeen, said = BOTH, on = conduct, now = LATE) =>
  judgePeerRounds({ plan, conduct: on }, words(said), grants, now);

const SEEN = { agreement, round: DAY, leg: PURCHASES, grant: 'arn:of-grant', at: `${DAY}T12:00:00Z` };
const GRANT = { grant: 'arn:of-grant', name: `${agreement}/${PURCHASES}`, sender: retail };
const RELEASE = `${agreement}/${PURCHASES}/${DAY}`;
const REPORT = `not-granted:${PURCHASES}:${DAY}`;
const broken = {
  ...conduct,
  breaches: [breachOf(PLAN, { kind: 'committed-not-granted', leg: PURCHASES, round: DAY, report: REPORT })],
};

describe('AWS is asked', () => {
  test('for what is owed to this side by a data grant, once all have committed', () => {
    expect(expected()).toEqual([{ leg: PURCHASES, round: DAY, sender: retail, name: GRANT.name, release: RELEASE }]);
    expect(expected(conduct, [], LATE, [say(PURCHASES)])).toEqual([]);
  });

  test('until it was seen, as long as the agreement stands and the release may be kept', () => {
    expect(expected(conduct, [SEEN])).toEqual([]);
    expect(expected({ ...broken, state: 'ended' })).toEqual([]);
    expect(expected(conduct, [], '2026-12-01T00:00:00Z')).toEqual([]);
    expect(expected({ ...broken, rounds: [] })).toHaveLength(1);
    expect(expected({ ...broken, rounds: [] }, [SEEN])).toEqual([]);
    const [breach] = broken.breaches;
    expect(expected({ ...broken, rounds: [], breaches: [{ ...breach!, resolvedAt: LATE }] })).toEqual([]);
  });

  test('of no other way of delivery', () => {
    const incoming = plan.incoming.map((leg) => ({ ...leg, via: { kind: 'lake-formation' } as const }));
    expect(listExpectedGrants({ plan: { ...plan, incoming }, conduct }, words(), [], LATE)).toEqual([]);
  });
});

describe('a grant is', () => {
  const find = (...received: Parameters<typeof findGranted>[1]) => findGranted(expected(), received);

  test('there where it is accepted and shows the release', () => {
    expect(find({ ...GRANT, shows: [RELEASE] })).toEqual({
      shown: [{ leg: PURCHASES, round: DAY, grant: GRANT.grant }],
      waiting: [],
    });
  });

  test('there, and not waiting, where another of its name waits', () => {
    expect(find(GRANT, { ...GRANT, shows: [RELEASE] }).waiting).toEqual([]);
  });

  test('waiting where it is not accepted', () => {
    expect(find(GRANT)).toEqual({ shown: [], waiting: [{ leg: PURCHASES, round: DAY }] });
  });

  test.each([
    ['another account’s, by whatever name', { ...GRANT, sender: '999999999999', shows: [RELEASE] }],
    ['of another leg', { ...GRANT, name: `${agreement}/${USAGE}`, shows: [RELEASE] }],
    ['without the release', { ...GRANT, shows: [`${agreement}/${PURCHASES}/2026-02-01`] }],
  ])('not there: %s', (_, received) => {
    expect(find(received)).toEqual({ shown: [], waiting: [] });
  });
});

describe('a peer that', () => {
  test('says that it granted, and did not, is in breach', () => {
    const said = [...BOTH, say(PURCHASES, 'granted')];
    expect(judge(NO_GRANTS_SEEN, said).broken).toMatchObject([{ report: REPORT, party: 'retail', leg: PURCHASES }]);
    expect(judge(NO_GRANTS_SEEN, said, conduct, '2026-03-02T09:59:59Z').broken).toEqual([]);
    expect(judge(NO_GRANTS_SEEN, said, broken)).toEqual({ broken: [], mended: [] });
  });

  test('granted and does not say so is in none, and is asked no more', () => {
    expect(judge({ seen: [SEEN], waiting: [] })).toEqual({ broken: [], mended: [] });
    expect(judge({ seen: [SEEN], waiting: [] }, BOTH, broken).mended).toEqual([{ report: REPORT, at: SEEN.at }]);
    const [round] = conduct.rounds;
    expect(listMissingPeers({ plan, conduct }, round!, BOTH, [SEEN], LATE)).toEqual([]);
    expect(listMissingPeers({ plan, conduct }, round!, BOTH, [{ ...SEEN, round: '2026-02-01' }], LATE)).toEqual([
      'retail',
    ]);
  });

  test('has granted what waits for acceptance here', () => {
    const waiting = { seen: [], waiting: [{ leg: PURCHASES, round: DAY }] };
    expect(judge(waiting)).toEqual({ broken: [], mended: [] });
    expect(judge(waiting, BOTH, broken).mended).toEqual([{ report: REPORT, at: LATE }]);
  });

  test('AWS could not be asked about is neither accused nor cleared', () => {
    const unasked = { ...NO_GRANTS_SEEN, unasked: 'ThrottlingException' };
    expect(judge(unasked)).toEqual({ broken: [], mended: [] });
    expect(judge(unasked, [...BOTH, say(PURCHASES, 'granted')], broken)).toEqual({ broken: [], mended: [] });
    expect(judge({ ...unasked, seen: [SEEN] }, BOTH, broken).mended).toEqual([{ report: REPORT, at: SEEN.at }]);
    // Of what AWS is never asked, that says nothing.
    const incoming = plan.incoming.map((leg) => ({ ...leg, via: { kind: 'sftp' } as const }));
    const bySftp = judgePeerRounds({ plan: { ...plan, incoming }, conduct }, words(), unasked, LATE);
    expect(bySftp.broken).toMatchObject([{ report: REPORT }]);
  });
});

test.each([
  ['before it was due', `${DAY}T06:00:00.000Z`, `${DAY}T08:00:00.000Z`, []],
  [
    'since',
    '2026-03-03T06:00:00.000Z',
    '2026-03-03T08:00:00.000Z',
    [{ report: REPORT, at: '2026-03-03T06:00:00.000Z' }],
  ],
])('who is accused by a leg that was left out %s, and came back', (_, out, back, mended) => {
  const versionOf = (version: number, legs = PLAN.legs) => ({
    ...PLAN,
    legs,
    agreement: { ...PLAN.agreement, version },
  });
  const without = PLAN.legs.filter(({ id }) => id !== PURCHASES);
  const versions = [
    placedFor(PLAN, { to: out }),
    placedFor(versionOf(2, without), { from: out, to: back }),
    placedFor(versionOf(3), { from: back }),
  ];
  const on = { ...broken, versions, breaches: broken.breaches.map((breach) => ({ ...breach, since: LATE })) };
  const given = { plan: planForSide(versionOf(3), { kind: 'peer', party: 'telco' }), conduct: on };
  expect(judgePeerRounds(given, words(), NO_GRANTS_SEEN, '2026-03-04T00:00:00Z').mended).toEqual(mended);
});

test('who was accused of a round no longer is once a later one of the leg is granted, or the leg is left out', () => {
  const NEXT = '2026-04-01';
  const mended = (seen: GrantsSeen['seen'], on = broken) => judge({ seen, waiting: [] }, BOTH, on).mended;
  expect(mended([{ ...SEEN, round: NEXT }])).toEqual([{ report: REPORT, at: SEEN.at }]);
  expect(mended([{ ...SEEN, round: '2026-02-01' }])).toEqual([]);
  expect(mended([{ ...SEEN, leg: USAGE, round: NEXT }])).toEqual([]);
  // It is accused of this one all the same while it is owed.
  expect(judge({ seen: [{ ...SEEN, round: NEXT }], waiting: [] }).broken.map(({ report }) => report)).toEqual([REPORT]);
  const from = `${DAY}T18:00:00.000Z`;
  const without = { ...PLAN, agreement: { ...PLAN.agreement, version: 2 }, legs: PLAN.legs.slice(0, 1) };
  const on = { ...broken, versions: [placedFor(PLAN, { to: from }), placedFor(without, { from })] };
  const next = planForSide(without, { kind: 'peer', party: 'telco' });
  expect(judgePeerRounds({ plan: next, conduct: on }, words(), NO_GRANTS_SEEN, LATE)).toEqual({
    broken: [],
    mended: [{ report: REPORT, at: from }],
  });
});
