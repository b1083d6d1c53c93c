import { addDuration } from '../../agreement/periods/duration';
import { isSuspending } from '../../agreement/plan/measures';
import type { Plan, PlannedLeg } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import type { ToldBreachRecord } from '../../registry/conduct-records';
import { toInstant } from '../../to-instant';
import { legsTouchedBy } from './legs-touched-by';
import { findHeld, holdEndsAt } from './list-holds';
import { listRemedies } from './list-remedies';

/** UTC, ISO 8601. */
interface Stop {
  readonly from: string;
  readonly to: string;
}

/**
 * When what one has a time to grant is due. Only the time counts in which the agreement did not stand still by another than its
 * giver, no remedy withheld it from its receiver, and two parties did not withhold it from each other by a word: that stops the
 * clock, and sets none back. Of what stands still, or is withheld, as yet nothing is due (`listOwedGrants`). Words of its giver's
 * stop it once (`listWordsFor`).
 * @param begin when its time begins: UTC, ISO 8601
 * @param span how long it has
 */
export function whenGrantIsDue(
  plan: Plan,
  conduct: Pick<Conduct, 'breaches' | 'told' | 'earlier' | 'versions' | 'pauses'>,
  leg: Pick<PlannedLeg, 'id' | 'from'>,
  { begin, span }: { readonly begin: string; readonly span: string },
): string {
  const pauses = (conduct.pauses ?? []).filter(({ by }) => by.some((each) => each !== leg.from));
  const told = listWordsFor(plan, conduct, leg, begin);
  const stops = [
    ...pauses,
    ...listHeldByWords(plan, { ...conduct, told }, leg.id),
    ...listHeldByRemedies(plan, conduct, leg.id),
  ]
    .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))
    .sort((one, other) => one.from - other.from);
  let due = Date.parse(addDuration(begin, span));
  let passed = Date.parse(begin);
  for (const { from, to } of stops) {
    const start = Math.max(from, passed);
    if (start >= due || to <= start) continue;
    due += to - start;
    passed = to;
  }
  return toInstant(due);
}

/**
 * The words that may put off what one has to grant: others' all, and of its own those by which the first while began that is
 * over. Else it could take what the other gives in each round, and then say a word, until the next, instead of giving.
 * @param begin when its time begins: UTC, ISO 8601
 */
export function listWordsFor(
  plan: Plan,
  conduct: Pick<Conduct, 'told' | 'earlier' | 'versions'>,
  leg: Pick<PlannedLeg, 'id' | 'from'>,
  begin: string,
): readonly ToldBreachRecord[] {
  const isHolding = (word: ToldBreachRecord) =>
    word.from === leg.from && findHeld(plan, word, conduct).some(({ given }) => given.includes(leg.id));
  const spent = new Set<ToldBreachRecord>();
  let until: number | undefined;
  const own = (conduct.told ?? []).filter(isHolding).flatMap((word) => {
    const { withheldFrom } = word.held ?? {};
    const to = holdEndsAt(word);
    const end = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
    return withheldFrom === undefined ? [] : [{ word, from: Date.parse(withheldFrom), to: end }];
  });
  for (const { word, from, to } of own.sort((one, other) => one.from - other.from)) {
    if (to <= Date.parse(begin)) continue;
    if (until !== undefined && from > until) spent.add(word);
    else until = Math.max(until ?? to, to);
  }
  return (conduct.told ?? []).filter((word) => !spent.has(word));
}

function listHeldByWords(
  plan: Plan,
  conduct: Pick<Conduct, 'told' | 'earlier' | 'versions'>,
  leg: string,
): readonly Stop[] {
  return (conduct.told ?? [])
    .filter((word) => findHeld(plan, word, conduct).some(({ given, got }) => given.includes(leg) || got.includes(leg)))
    .flatMap((word) => {
      const [from, to] = [word.held?.withheldFrom, holdEndsAt(word)];
      return from === undefined || to === undefined ? [] : [{ from, to }];
    });
}

/** While a remedy suspended the leg's receiver: until its breach was answered, or an amendment came that has that remedy no more. */
function listHeldByRemedies(
  plan: Plan,
  { breaches, earlier, versions }: Pick<Conduct, 'breaches' | 'earlier' | 'versions'>,
  leg: string,
): readonly Stop[] {
  const inForce = versions.find((each) => each.plan.agreement.version === plan.agreement.version)?.from;
  return breaches.flatMap((breach) => {
    const [answered] = [breach.resolvedAt, breach.overruled?.at].flatMap((at) => at ?? []).sort();
    const asked = listRemedies(plan, breach, versions);
    return breach.taken
      .filter((taken) => isSuspending(taken.do) && legsTouchedBy(plan, taken, earlier).includes(leg))
      .flatMap(({ do: measure, at: from }) => {
        const to = answered ?? (asked.some((each) => each.do === measure) ? undefined : inForce);
        return to === undefined ? [] : [{ from, to }];
      });
  });
}
