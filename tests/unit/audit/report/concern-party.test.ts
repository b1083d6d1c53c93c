import fc from 'fast-check';
import type { Plan } from '../../../../lib/domain/agreement/plan';
import type { Access } from '../../../../lib/domain/audit/access';
import type { AttributedAccess } from '../../../../lib/domain/audit/attribution/attribute-accesses';
import { buildAuditReport } from '../../../../lib/domain/audit/report/build-audit-report';
import { concernParty } from '../../../../lib/domain/audit/report/concern-party';
import { openRowReporter } from '../../../../lib/domain/audit/report/report-access';
import type { ReportedConduct, ReportedRound } from '../../../../lib/domain/audit/report/reported-conduct';
import { tellAuditStory } from '../../../fixtures/audit-story';
import { describeFindings, describeSubject, FROM, ROOM, toTime } from '../../../fixtures/audit-story-frame';
import { attestationOf } from '../../../fixtures/party-keys';
import { makeLeg, makeParty, makeRingPlan } from '../../../fixtures/sample-plan';

const PARTIES = ['pamber', 'pbirch', 'pcedar', 'pdelta'];
const ring = makeRingPlan();
type Pair = readonly [from: number, to: number];

/** Every leg gives a dataset of its own, and every control has a setting for each of them. */
function makePlan(pairs: readonly Pair[]): Plan {
  const parties = PARTIES.map((id, index) => makeParty(id, `Name of ${id}`, index + 1));
  const legs = pairs.map(([from, to], index) => makeLeg(PARTIES[from]!, PARTIES[to]!, `data${index}x`));
  return {
    ...ring,
    parties,
    legs,
    datasets: legs.map(({ from, dataset }) => ({ ...ring.datasets[0]!, id: dataset, owner: from, title: dataset })),
    clauses: [],
    controls: [
      {
        id: 'privacy.k',
        title: 'k',
        enforcedBy: 'release',
        setting: legs.map((leg) => `${leg.dataset} ≥ 5`).join(', '),
      },
      {
        id: 'access.network',
        title: 'networks',
        enforcedBy: 'room',
        setting: PARTIES.map((id) => `${id}: 192.0.2.0/24, 198.51.100.0/24`).join('; '),
      },
    ],
  };
}

const roundOf = (plan: Plan, reason: string): ReportedRound => ({
  agreement: { id: plan.agreement.id, version: plan.agreement.version },
  day: toTime(FROM).slice(0, 10),
  state: 'withheld',
  legs: plan.legs.map(({ id }) => id),
  certified: plan.legs.map(({ id }) => id),
  worth: plan.legs.map(({ id: leg }, at) => ({ leg, round: toTime(FROM).slice(0, 10), value: 4_711 + at })),
  at: toTime(FROM + 3_600_000),
  reason,
});

function conductOf(plan: Plan, reasons: readonly string[]): ReportedConduct {
  const { id: agreement } = plan.agreement;
  return {
    ...describeFindings(plan, true, 0, (text) => text).conduct,
    breaches: plan.legs.map(({ id: leg, from: party }, index) => ({
      id: `breach-${index}`,
      at: toTime(FROM),
      breach: 'late-delivery',
      agreement,
      party,
      leg,
      clause: '6.1',
      remedies: [],
      evidence: [],
    })),
    rounds: reasons.map((reason) => roundOf(plan, reason)),
    attestations: plan.legs.map(({ id: leg }) => {
      const { statement: _, ...signed } = attestationOf(plan, leg, toTime(FROM));
      return { ...signed, sha256: 'a'.repeat(64) };
    }),
    erasures: plan.legs.map(({ id: leg, to: party }) => ({
      agreement: { id: agreement, version: 1 },
      leg,
      party,
      erasure: `erasure-of-${leg}`,
      due: '2026-04-01',
      state: 'not-due',
    })),
  };
}

/** A read of every leg by its receiver, and one that could have been by any leg at all. */
function readsOf(plan: Plan): readonly AttributedAccess[] {
  const { id, version } = plan.agreement;
  const candidates = plan.legs.map(({ id: leg, to: party }) => ({
    party,
    agreement: { id, version },
    leg,
    role: 'receiver' as const,
  }));
  const joinedOf = (key: string): AttributedAccess['joined'] => {
    const access: Access = {
      id: `cloudtrail/${key}`,
      witness: 'cloudtrail',
      at: toTime(FROM + 60_000),
      service: 's3',
      operation: 'GetObject',
      act: 'read',
      outcome: 'allowed',
      actor: { kind: 'unknown' },
      owner: ROOM,
      resource: { kind: 'object', bucket: 'barter-room-lake', key },
      joins: {},
    };
    return { access, otherSides: [], witnesses: [], vendedBy: [], crossing: { kind: 'unknown' } };
  };
  return [
    ...candidates.map((candidate) => ({
      joined: joinedOf(`${id}/${candidate.leg}/x`),
      attribution: {
        kind: 'attributed' as const,
        ...candidate,
        holds: 'release' as const,
        joins: { party: 'actor' as const, leg: 'object' as const },
        confidence: 'certain' as const,
      },
    })),
    { joined: joinedOf('anything'), attribution: { kind: 'ambiguous', candidates } },
  ];
}

test('that the room took the role of a party is told to that party alone', () => {
  const plan = makeRingPlan();
  const [first, second] = plan.parties.map(({ id }) => id) as [string, string];
  const { agreements } = describeSubject(plan);
  const [row] = tellAuditStory({ accesses: 0 }).rows;
  const explained = (agreement: string) =>
    ({ kind: 'unattributed', reason: 'operator-as-party', as: { party: first, agreement } }) as const;
  const own = (party: string, agreement: string) =>
    concernParty(
      plan.agreement.id,
      party,
      agreements.map(({ inForce }) => inForce),
    ).isOwn({
      ...row!,
      actor: { kind: 'account', name: 'arn:aws:sts::1:assumed-role/Administrator/anna', account: '1' },
      resource: { kind: 'other', name: 'a role' },
      explained: explained(agreement),
    });
  expect([own(first, plan.agreement.id), own(second, plan.agreement.id), own(first, 'another')]).toEqual([
    true,
    false,
    false,
  ]);
});

/** All that a party's own report says. */
function tellParty(plan: Plan, party: string, conduct: ReportedConduct): string {
  const subject = describeSubject(plan);
  const concern = concernParty(
    plan.agreement.id,
    party,
    subject.agreements.map(({ inForce }) => inForce),
  );
  const agreements = subject.agreements.map((each) => ({ ...each, inForce: concern.narrow(each.inForce) }));
  const { operatorParty: _, ...room } = subject.room;
  const builder = buildAuditReport({ ...subject, room, agreements });
  const report = openRowReporter(subject.agreements);
  const told = readsOf(plan).flatMap((attributed) => {
    const row = report(attributed, () => []);
    if (!concern.isOwn(row)) return [];
    builder.addRow(concern.narrowRow(row), attributed);
    const exception = { kind: 'ambiguous' as const, at: row.at, accesses: [row.id] };
    return [concern.narrowRow(row), builder.addException(exception, [concern.narrowRow(row)])];
  });
  const findings = describeFindings(plan, true, 0, (text) => text);
  return JSON.stringify([told, builder.finish({ ...findings, conduct: concern.selectConduct(conduct) })]);
}

const pairs = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })), { minLength: 2, maxLength: 6, selector: String })
  .filter((all) => all.every(([from, to]) => from !== to));

test('whoever swaps with whom: no party’s pack names a party, leg, dataset or reason of another pair', () => {
  fc.assert(
    fc.property(pairs, (chosen) => {
      const plan = makePlan(chosen);
      const reasons = [
        ...plan.legs.flatMap(({ id, dataset }) => [`${id}: withheld for REASON-${id}`, `REASON-${id} of ${dataset}`]),
        ...PARTIES.map((id) => `${id} gets REASON-${id}- 30 % less than it gives`),
      ];
      const conduct = conductOf(plan, reasons);
      for (const party of PARTIES) {
        const own = plan.legs.filter(({ from, to }) => from === party || to === party);
        const partners = new Set([party, ...own.flatMap(({ from, to }) => [from, to])]);
        const text = tellParty(plan, party, conduct);
        for (const { id, dataset } of plan.legs.filter((leg) => !own.includes(leg)))
          for (const word of [id, dataset, `REASON-${id}`])
            expect([party, word, text.includes(word)]).toEqual([party, word, false]);
        for (const other of PARTIES.filter((id) => !partners.has(id)))
          for (const word of [other, `Name of ${other}`])
            expect([party, word, text.includes(word)]).toEqual([party, word, false]);
        for (const { id, dataset } of own) for (const word of [id, dataset]) expect(text).toContain(word);
      }
    }),
    { seed: 11, numRuns: 30 },
  );
});

describe('why a round was withheld', () => {
  const plan = makePlan([
    [0, 1],
    [1, 0],
    [1, 2],
  ]);
  const reasonFor = (party: string, reason: string) => {
    const inForce = describeSubject(plan).agreements.map((each) => each.inForce);
    const { selectConduct } = concernParty(plan.agreement.id, party, inForce);
    return selectConduct(conductOf(plan, [reason])).rounds.map((round) => round.reason);
  };
  const others = 'for a reason that concerns legs between other parties';

  test.each<[string, string, string]>([
    ['its own leg’s', 'pamber', `${plan.legs[0]!.id}: no certificate`],
    ['its own balance', 'pamber', 'pamber gets 30 % less than it gives'],
    ['what names nobody', 'pamber', 'the file is not the one on record'],
    ['all of its own legs', 'pbirch', 'pcedar gets 30 % less than it gives; pbirch too'],
  ])('is told of %s', (_, party, reason) => {
    expect(reasonFor(party, reason)).toEqual([reason]);
  });

  test.each<[string, string, string]>([
    ['a leg between others', 'pamber', `${plan.legs[2]!.id}: no certificate`],
    ['the balance of its partner with another', 'pamber', 'pbirch gets 30 % less than it gives'],
    ['a party that it has no leg with', 'pamber', 'pamber gives less than pcedar gets'],
  ])('is not told of %s', (_, party, reason) => {
    expect(reasonFor(party, reason)).toEqual([others]);
  });

  test('who has no leg in a round is told of no round', () => {
    expect(reasonFor('pdelta', 'the file is not the one on record')).toEqual([]);
  });
});
