import { addDuration } from '../../agreement/periods/duration';
import { citeClause } from '../../agreement/plan/cite-clause';
import type { ControlId } from '../../agreement/plan/control-ids';
import { isAsHard, isLasting, type Measure, type Trigger } from '../../agreement/plan/measures';
import type { Plan, PlannedRemedy } from '../../agreement/plan/plan';
import type { PlacedVersion } from '../../audit/attribution/place-agreement';
import { isOngoing } from '../../registry/breach-kinds';
import type { BreachRecord } from '../../registry/conduct-records';
import { toInstant } from '../../to-instant';

/** What the parties have agreed to do about one breach, and from when on, should it last as long. */
interface AgreedRemedy {
  readonly do: Measure;
  readonly clause: string;
  /** UTC, ISO 8601. */
  readonly from: string;
}

/** A version from when on it held, in milliseconds since 1970: the first from ever. */
interface Held {
  readonly plan: Plan;
  readonly from: number;
}

/**
 * The remedies of a breach, in the agreement's order; none is older than the parties' word for it. An act, as an access, has
 * those of the version that held when it was done: no amendment makes it worse. What goes on, as a late delivery, has those of the
 * version in force; one that an amendment adds, or hastens, counts from when that version holds, others go on counting.
 * @param plan the version in force
 * @param versions all that were signed, and when each holds
 */
export function listRemedies(
  plan: Plan,
  { kind, trigger, since }: Pick<BreachRecord, 'kind' | 'trigger' | 'since'>,
  versions: readonly PlacedVersion[],
): readonly AgreedRemedy[] {
  const held = listHeld(plan, versions);
  const began = Date.parse(since);
  const those = isOngoing(kind) ? held : [held.findLast(({ from }) => from <= began) ?? { plan, from: began }];
  const under = those.at(-1)?.plan ?? plan;
  return under.remedies.flatMap((remedy, index) => {
    if (remedy.on !== trigger) return [];
    const clause = citeClause(under, controlOf(trigger), `remedies[${index}]`);
    return [{ do: remedy.do, clause, from: toInstant(whenDue(remedy, began, those)) }];
  });
}

/** The control that stands for the remedies of a trigger. */
export function controlOf(trigger: Trigger): ControlId {
  return trigger === 'late-delivery' ? 'interlock.delivery' : `remedy.${trigger}`;
}

/** Up to the one in force, which is the last. What was replaced before its first day never held. */
function listHeld(plan: Plan, versions: readonly PlacedVersion[]): readonly Held[] {
  const { version } = plan.agreement;
  const before = versions.filter(
    ({ plan: { agreement }, from, to }) => agreement.version < version && (to === undefined || from < to),
  );
  const from = versions.find(({ plan: { agreement } }) => agreement.version === version)?.from;
  const inForce = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
  return [...before.map((each) => ({ plan: each.plan, from: Date.parse(each.from) })), { plan, from: inForce }].map(
    (each, at) => (at === 0 ? { ...each, from: Number.NEGATIVE_INFINITY } : each),
  );
}

/**
 * When a breach has lasted as long as a remedy of the last version asks: from when that version holds, or, where versions straight
 * before it asked for as much or more, from when they did, and as long as the most patient of these.
 */
function whenDue(remedy: PlannedRemedy, began: number, versions: readonly Held[]): number {
  let due = Number.POSITIVE_INFINITY;
  const waits: (readonly PlannedRemedy[])[] = [];
  for (const [at, { plan, from }] of versions.toReversed().entries()) {
    const alike = at === 0 ? [remedy] : plan.remedies.filter((each) => asksAsMuch(each, remedy));
    if (alike.length === 0) break;
    waits.push(alike);
    const start = Math.max(began, from);
    due = Math.min(due, Math.max(...waits.map((some) => Math.min(...some.map(({ after }) => add(start, after))))));
  }
  return due;
}

/** What lasts was agreed to where something harder was; what is done once, where it was itself. */
function asksAsMuch(one: PlannedRemedy, other: PlannedRemedy): boolean {
  return one.on === other.on && (isLasting(other.do) ? isAsHard(one.do, other.do) : one.do === other.do);
}

function add(start: number, after: string | undefined): number {
  return after === undefined ? start : Date.parse(addDuration(toInstant(start), after));
}
