import { isLasting, type Measure, type Trigger } from '../../agreement/plan/measures';
import type { Plan } from '../../agreement/plan/plan';
import type { PlacedVersion } from '../../audit/attribution/place-agreement';
import type { BreachRecord, MeasureRecord } from '../../registry/conduct-records';
import { listRemedies } from './list-remedies';
import { matchTaken } from './match-taken';

/** What a remedy asks for against one party because of one breach. */
export interface DueMeasure {
  readonly breach: string;
  readonly trigger: Trigger;
  readonly do: Measure;
  readonly party: string;
  readonly leg?: string;
  readonly clause: string;
  /** Since when it is due: UTC. */
  readonly from: string;
  /** `false` for what has to be done once: a warning, a withdrawal, an end. Others last until the breach is over. */
  readonly lasts: boolean;
}

/**
 * The measures that are due now, exactly as the agreement's remedies say (`listRemedies`): nothing for a breach that was
 * overruled, that names no party, or that was over before the remedy's time. A measure that lasts is gone when its breach is;
 * what was taken for good stays, whatever an amendment has said since.
 * @param plan the version in force
 * @param now UTC, ISO 8601
 * @param versions all that were signed, and when each holds
 */
export function remediesAt(
  plan: Plan,
  breaches: readonly BreachRecord[],
  now: string,
  versions: readonly PlacedVersion[],
): readonly DueMeasure[] {
  return breaches.flatMap((breach) => {
    const { report, party, leg, trigger, overruled, resolvedAt } = breach;
    if (party === undefined || overruled !== undefined) return [];
    const isOver = resolvedAt !== undefined && !isBefore(now, resolvedAt);
    const due = listRemedies(plan, breach, versions).flatMap((remedy): readonly DueMeasure[] => {
      const lasts = isLasting(remedy.do);
      if (isBefore(now, remedy.from)) return [];
      if (isOver && (lasts || isBefore(resolvedAt, remedy.from))) return [];
      return [{ breach: report, trigger, party, ...(leg === undefined ? {} : { leg }), ...remedy, lasts }];
    });
    const matched = new Set(matchTaken(due, breach.taken).values());
    const standing = breach.taken.filter((each) => isForGood(each.do) && !matched.has(each));
    return [...due, ...standing.map((each) => describeStanding(breach, each, versions))];
  });
}

/** What was taken for good by a remedy that no version in force asks for any more: by the one of then, since it was due then. */
function describeStanding(breach: BreachRecord, taken: MeasureRecord, versions: readonly PlacedVersion[]): DueMeasure {
  const { report, trigger, resolvedAt } = breach;
  const { at, ...measure } = taken;
  const under = versions.findLast(({ from }) => !isBefore(at, from))?.plan;
  const then = under === undefined ? [] : listRemedies(under, breach, versions);
  const remedy = then.find((each) => each.do === measure.do && each.clause === measure.clause);
  const latest = resolvedAt !== undefined && isBefore(resolvedAt, at) ? resolvedAt : at;
  return { breach: report, trigger, ...measure, from: remedy?.from ?? latest, lasts: false };
}

/** Done once, and never undone but by a person who overrules the breach. */
function isForGood(measure: Measure): boolean {
  return measure === 'revoke' || measure === 'terminate';
}

function isBefore(left: string, right: string): boolean {
  return Date.parse(left) < Date.parse(right);
}
