import { addDuration } from '../../agreement/periods/duration';
import { allLegs } from '../../agreement/plan/all-legs';
import { isSuspending } from '../../agreement/plan/measures';
import type { Plan, PlannedLeg } from '../../agreement/plan/plan';
import { isForSide } from '../../agreement/plan/plan-for-side';
import { type BreachKind, triggerOf } from '../../registry/breach-kinds';
import { isAnswered } from '../../registry/breach-name';
import type { Conduct } from '../../registry/conduct';
import type { ToldBreachRecord } from '../../registry/conduct-records';
import { toInstant } from '../../to-instant';
import { legsTouchedBy } from './legs-touched-by';
import { listRemedies } from './list-remedies';
import type { Suspension } from './suspensions-of';

/**
 * What two peers withhold from each other by the word of one of them, that a breach of the other's stands on record in its room
 * and that a remedy suspends the other for it. Whether that is so nobody else can see, so the word gives its speaker nothing: what
 * it withholds it does not owe, and by the same word it does not get what the other gives to it. To whom the other gives nothing
 * its word holds nothing, nor does any about what ends by giving: who is late is to give.
 *
 * Where the breach is on record here too, all goes by the agreement's remedies alone, as it does for what a room withholds by a
 * breach that it has found itself; what it then does not get, it has told the other not to give.
 */
export function listHolds(
  plan: Plan,
  conduct: Pick<Conduct, 'breaches' | 'told' | 'earlier' | 'versions'>,
): readonly Suspension[] {
  const { breaches, told = [] } = conduct;
  const speaker = isForSide(plan) && plan.side.kind === 'peer' ? plan.side.party : undefined;
  return told.flatMap((word) => {
    const { from, party, report, state, at, heardAt = at } = word;
    const isOwn = from === speaker;
    const isOnRecord = breaches.some((each) => isOfSameBreach(each, word));
    if (state !== 'stands' || (isOnRecord && !isOwn)) return [];
    const held = { breach: report, from: heardAt };
    return findHeld(plan, word, conduct).flatMap(({ clause, given, got }) => [
      ...(isOwn ? [] : [{ party, legs: given, clause, ...held }]),
      { party: from, legs: got, clause, ...held },
    ]);
  });
}

/**
 * When what one has a time to grant is due. Only the time counts in which the agreement did not stand still by another than its
 * giver, and two parties did not withhold it from each other by a word: that stops the clock, and sets none back.
 * @param begin when its time begins: UTC, ISO 8601
 * @param span how long it has
 */
export function whenGrantIsDue(
  plan: Plan,
  conduct: Pick<Conduct, 'told' | 'earlier' | 'versions' | 'pauses'>,
  { id, from: giver }: Pick<PlannedLeg, 'id' | 'from'>,
  { begin, span }: { readonly begin: string; readonly span: string },
): string {
  const holds = (conduct.told ?? [])
    .filter((word) => findHeld(plan, word, conduct).some(({ given, got }) => given.includes(id) || got.includes(id)))
    .flatMap(({ held: { withheldFrom: from, to } = {} }) =>
      from === undefined || to === undefined ? [] : [{ from, to }],
    );
  const pauses = (conduct.pauses ?? []).filter(({ by }) => by.some((each) => each !== giver));
  const stopped = [...holds, ...pauses]
    .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))
    .sort((one, other) => one.from - other.from);
  let due = Date.parse(addDuration(begin, span));
  let passed = Date.parse(begin);
  for (const { from, to } of stopped) {
    const start = Math.max(from, passed);
    if (start >= due || to <= start) continue;
    due += to - start;
    passed = to;
  }
  return toInstant(due);
}

/** By each remedy that suspends: legs that the speaker does not give, and those that it does not get. None where either is none. */
function findHeld(plan: Plan, word: ToldBreachRecord, conduct: Pick<Conduct, 'earlier' | 'versions'>) {
  const { from, party, leg, kind } = word;
  const about = leg === undefined ? {} : { leg };
  if (ENDS_BY_GIVING.has(kind)) return [];
  const legs = allLegs(plan);
  const got = legs.flatMap((each) => (each.from === party && each.to === from ? [each.id] : []));
  return findSuspending(plan, word, conduct).flatMap(({ do: measure, clause }) => {
    const touched = new Set(legsTouchedBy(plan, { do: measure, party, ...about }, conduct.earlier));
    const given = legs.flatMap((each) => (each.from === from && touched.has(each.id) ? [each.id] : []));
    return given.length === 0 || got.length === 0 ? [] : [{ clause, given, got }];
  });
}

/** Whether a breach on record, still unanswered, is what another room tells of: whoever reports it here may name it otherwise, or no leg. */
export function isOfSameBreach(
  breach: Conduct['breaches'][number],
  { kind, party, leg }: Pick<ToldBreachRecord, 'kind' | 'party' | 'leg'>,
): boolean {
  return !isAnswered(breach) && breach.kind === kind && breach.party === party && (breach.leg ?? leg) === leg;
}

const ENDS_BY_GIVING: ReadonlySet<BreachKind> = new Set([
  'late-delivery',
  'failed-release',
  'committed-not-granted',
  'other-than-committed',
]);

/** What of it suspends, as the agreement has it: a remedy that is not agreed suspends nobody. */
function findSuspending(plan: Plan, word: ToldBreachRecord, { versions }: Pick<Conduct, 'versions'>) {
  const { kind, since, measures } = word;
  return listRemedies(plan, { kind, trigger: triggerOf(kind), since }, versions).filter(
    ({ do: measure }) => isSuspending(measure) && measures.includes(measure),
  );
}
