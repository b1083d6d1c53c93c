import { addDuration } from '../../agreement/periods/duration';
import { allLegs } from '../../agreement/plan/all-legs';
import { isSuspending } from '../../agreement/plan/measures';
import type { Plan } from '../../agreement/plan/plan';
import { isForSide } from '../../agreement/plan/plan-for-side';
import { type BreachKind, triggerOf } from '../../registry/breach-kinds';
import { isAnswered } from '../../registry/breach-name';
import type { Conduct } from '../../registry/conduct';
import type { ToldBreachRecord } from '../../registry/conduct-records';
import { legsTouchedBy } from './legs-touched-by';
import { listRemedies } from './list-remedies';
import type { Suspension } from './suspensions-of';

type HeldWord = Pick<ToldBreachRecord, 'from' | 'party' | 'leg' | 'kind' | 'since' | 'measures'>;

/**
 * What two peers withhold from each other by the word of one of them, that a breach of the other's stands on record in its room
 * and that a remedy suspends the other for it. Whether that is so nobody else can see, so the word gives its speaker nothing: what
 * it withholds it does not owe, and by the same word it does not get what the other gives to it. To whom the other gives nothing
 * its word holds nothing, nor does any about what ends by giving: who is late is to give.
 *
 * Where the breach is on record here too, all goes by the agreement's remedies alone, as it does for what a room withholds by a
 * breach that it has found itself; what it then does not get, it has told the other not to give.
 * @param now UTC, ISO 8601
 */
export function listHolds(
  plan: Plan,
  conduct: Pick<Conduct, 'breaches' | 'told' | 'earlier' | 'versions'>,
  now: string,
): readonly Suspension[] {
  const { breaches, told = [] } = conduct;
  const speaker = isForSide(plan) && plan.side.kind === 'peer' ? plan.side.party : undefined;
  return told.flatMap((word) => {
    const { from, party, report, at, heardAt = at } = word;
    const isOwn = from === speaker;
    const isOnRecord = breaches.some((each) => isOfSameBreach(each, word));
    if (!isHolding(word, now) || (isOnRecord && !isOwn)) return [];
    const held = { breach: report, from: heardAt };
    return findHeld(plan, word, conduct).flatMap(({ clause, given, got }) => [
      ...(isOwn ? [] : [{ party, legs: given, clause, ...held }]),
      { party: from, legs: got, clause, ...held },
    ]);
  });
}

/**
 * Until when two parties withhold something from each other by a word that is over; undefined for one that stands. That is a while
 * longer than it stands: who takes one back and says another at once has no time between them in which it could give, nor in which
 * anything is given to it.
 * @returns UTC, ISO 8601
 */
export function holdEndsAt({ held }: Pick<ToldBreachRecord, 'held'>): string | undefined {
  return held?.to === undefined ? undefined : addDuration(held.to, OUTLASTS_ITS_WORD);
}

/** As long as a room needs to look once by its schedule. */
const OUTLASTS_ITS_WORD = 'PT15M';

function isHolding(word: Pick<ToldBreachRecord, 'state' | 'held'>, now: string): boolean {
  const end = holdEndsAt(word);
  return (
    word.state === 'stands' ||
    (word.held?.withheldFrom !== undefined && end !== undefined && Date.parse(now) < Date.parse(end))
  );
}

/** Whether a word would have two parties withhold anything from each other while it stands. */
export function withholdsAnything(plan: Plan, word: HeldWord, conduct: Pick<Conduct, 'earlier' | 'versions'>): boolean {
  return findHeld(plan, word, conduct).length > 0;
}

/** By each remedy that suspends: legs that the speaker does not give, and those that it does not get. None where either is none. */
export function findHeld(plan: Plan, word: HeldWord, conduct: Pick<Conduct, 'earlier' | 'versions'>) {
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
function findSuspending(plan: Plan, word: HeldWord, { versions }: Pick<Conduct, 'versions'>) {
  const { kind, since, measures } = word;
  return listRemedies(plan, { kind, trigger: triggerOf(kind), since }, versions).filter(
    ({ do: measure }) => isSuspending(measure) && measures.includes(measure),
  );
}
