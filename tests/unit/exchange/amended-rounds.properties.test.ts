import fc from 'fast-check';
import { judgeDeliveries } from '../../../lib/domain/exchange/rounds/judge-deliveries';
import { listRounds } from '../../../lib/domain/exchange/rounds/list-rounds';
import { conductOf, releaseOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { placed, planOf, type Terms } from './amended-terms';

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
