import fc from 'fast-check';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import type { Access } from '../../../../lib/domain/audit/access';
import type { AttributedAccess } from '../../../../lib/domain/audit/attribution/attribute-accesses';
import { buildAuditReport } from '../../../../lib/domain/audit/report/build-audit-report';
import { concernParty } from '../../../../lib/domain/audit/report/concern-party';
import { openRowReporter } from '../../../../lib/domain/audit/report/report-access';
import type { ReportedConduct } from '../../../../lib/domain/audit/report/reported-conduct';
import { describeFindings, describeSubject, FROM, ROOM, toTime } from '../../../fixtures/audit-story-frame';
import { conductOfSwaps, PARTIES, planSwaps } from '../../../fixtures/swaps-of-four';

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
      const plan = planSwaps(chosen);
      const reasons = [
        ...plan.legs.flatMap(({ id, dataset }) => [`${id}: withheld for REASON-${id}`, `REASON-${id} of ${dataset}`]),
        ...PARTIES.map((id) => `${id} gets REASON-${id}- 30 % less than it gives`),
      ];
      const conduct = conductOfSwaps(plan, reasons);
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
