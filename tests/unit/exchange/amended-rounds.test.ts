import fc from 'fast-check';
import type { Plan } from '../../../lib/domain/agreement/plan';
import { planForSide } from '../../../lib/domain/agreement/plan-for-side';
import { listSignedVersions } from '../../../lib/domain/audit/attribution/list-signed-versions';
import { judgeDeliveries } from '../../../lib/domain/exchange/judge-deliveries';
import { listRounds } from '../../../lib/domain/exchange/list-rounds';
import { roundsOfDelivery } from '../../../lib/domain/exchange/rounds-of-delivery';
import AMENDMENTS from '../../cases/exchange/amendments.json';
import { conductOf, releaseOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { EARLY, signatureOf } from '../../fixtures/registered';

/** A version by its first day and its legs, each with how often it is due. */
interface Terms {
  readonly starts: string;
  readonly legs: Readonly<Record<string, string>>;
}

function planOf(version: number, { starts, legs }: Terms): Plan {
  const agreement = { ...PLAN.agreement, version, content: `e${version}`.repeat(32) };
  const [usage, purchases] = PLAN.legs as [Plan['legs'][0], Plan['legs'][0]];
  const named = Object.entries(legs).map(([id, every]) => ({ ...(id === 'purchases' ? purchases : usage), id, every }));
  return { ...PLAN, agreement, term: { ...PLAN.term, starts }, legs: named };
}

/** Nobody verifies it here. */
const SIGNATURE = signatureOf(PLAN, 'telco');

/** What holds by these signatures: the first version signed early, the later ones when it is said. */
function placed(versions: readonly { readonly terms: Terms; readonly signed: string }[]) {
  const plans = versions.map(({ terms }, at) => planForSide(planOf(at + 1, terms), { kind: 'hosted' }));
  const signatures = plans.flatMap((plan, at) =>
    plan.parties.map(({ id: party }) => {
      const { version, content } = plan.agreement;
      return { ...SIGNATURE, version, content, party, at: versions[at]!.signed };
    }),
  );
  return listSignedVersions(plans, signatures, { history: [] });
}

describe('an amendment', () => {
  test.each(AMENDMENTS)('that $name', ({ before, after, signed, rounds }) => {
    const versions = placed([
      { terms: before as Terms, signed: EARLY },
      { terms: after as Terms, signed },
    ]);
    const due = listRounds({ versions }, '2026-05-02').filter(({ day }) => day >= '2026-02-01');
    expect(due.map(({ day, legs }) => [day, legs.join(' ')])).toEqual(rounds);
  });

  test('a delivery for a leg that came in mid-period is for the first round after it', () => {
    const [{ before, after, signed }] = AMENDMENTS as [(typeof AMENDMENTS)[0]];
    const versions = placed([
      { terms: before as Terms, signed: EARLY },
      { terms: after as Terms, signed },
    ]);
    const { legs } = planOf(2, after as Terms);
    const paid = new Map(['2026-01-01', '2026-02-01', '2026-03-01'].map((day) => [day, 'given' as const]));
    const given = (leg: string) => (leg === 'visits' ? new Map() : paid);
    const rounds = roundsOfDelivery({ versions }, legs, given, '2026-03-21T00:00:00Z');
    expect(rounds).toMatchObject({ kind: 'counts', days: new Map([['visits', '2026-04-01']]) });
  });
});

const day = fc.integer({ min: 0, max: 200 }).map((days) => new Date(Date.UTC(2025, 11, 1) + days * 86_400_000));
const anyTerms: fc.Arbitrary<Terms> = fc.record({
  starts: day.map((date) => date.toISOString().slice(0, 10)),
  legs: fc.dictionary(
    fc.constantFrom('usage', 'purchases', 'visits', 'calls'),
    fc.constantFrom('P1D', 'P7D', 'P10D', 'P1M', 'P3M'),
    { minKeys: 1 },
  ),
});
const anySigning = fc
  .tuple(day, fc.integer({ min: 1, max: 86_399 }))
  .map(([date, second]) => new Date(date.getTime() + second * 1000).toISOString());

test('no amendment makes anything due, or anybody late, in the moment in which it is signed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ terms: anyTerms, signed: anySigning }), { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 1, max: 7 }),
      (drawn, given) => {
        const dated = drawn.toSorted((a, b) => (a.signed < b.signed ? -1 : 1));
        const now = dated.at(-1)!.signed;
        const today = now.slice(0, 10);
        const [before, after] = [placed(dated.slice(0, -1)), placed(dated)];
        // The version that begins everything makes its own first day due.
        fc.pre(before.some(({ from, to }) => from < now && (to === undefined || from < to)));
        const due = (versions: typeof after) =>
          listRounds({ versions }, today).flatMap(({ day: of, legs }) => legs.map((leg) => `${of} ${leg}`));
        const releases = due(before).flatMap((each, at) => {
          const [round, leg] = each.split(' ') as [string, string];
          return at % given === 0 ? [releaseOf(PLAN, leg, round)] : [];
        });
        const late = (versions: typeof after, of: number) => {
          const plan = planOf(of, dated[of - 1]!.terms);
          const { overdue } = judgeDeliveries(plan, conductOf(PLAN, [], { versions, releases }), now);
          return overdue.map(({ report }) => report);
        };
        const lateBefore = dated.slice(1).flatMap((_, at) => late(before, at + 1));
        const missing = (all: readonly string[], some: readonly string[]) => some.filter((each) => !all.includes(each));
        expect(missing(due(before), due(after))).toEqual([]);
        expect(missing(lateBefore, late(after, dated.length))).toEqual([]);
      },
    ),
    { seed: 20261126, numRuns: 200 },
  );
});
