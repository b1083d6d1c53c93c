import { citeClause } from '../agreement/cite-clause';
import type { ControlId } from '../agreement/control-ids';
import { addDuration } from '../agreement/duration';
import type { Measure, Trigger } from '../agreement/measures';
import type { Plan } from '../agreement/plan';
import type { BreachRecord } from '../registry/conduct-records';
import { toInstant } from '../to-instant';

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
 * The measures that are due now, exactly as the agreement's remedies say: nothing for a breach that was overruled, that
 * names no party, or that was over before the remedy's time. A measure that lasts is gone when its breach is.
 * @param now UTC, ISO 8601
 */
export function remediesAt(plan: Plan, breaches: readonly BreachRecord[], now: string): readonly DueMeasure[] {
  return breaches.flatMap((breach) => {
    const { party, trigger, overruled, since } = breach;
    if (party === undefined || overruled !== undefined) return [];
    const isOver = breach.resolvedAt !== undefined && !isBefore(now, breach.resolvedAt);
    return plan.remedies.flatMap((remedy, index): readonly DueMeasure[] => {
      if (remedy.on !== trigger) return [];
      const lasts = isLasting(remedy.do);
      if (isOver && lasts) return [];
      const from = remedy.after === undefined ? since : toInstant(addDuration(since, remedy.after));
      if (isBefore(now, from)) return [];
      if (isOver && isBefore(breach.resolvedAt ?? now, from)) return [];
      const clause = citeClause(plan, controlOf(trigger), `remedies[${index}]`);
      const leg = breach.leg === undefined ? {} : { leg: breach.leg };
      return [{ breach: breach.report, trigger, do: remedy.do, party, ...leg, clause, from, lasts }];
    });
  });
}

/** The control that stands for the remedies of a trigger. */
export function controlOf(trigger: Trigger): ControlId {
  return trigger === 'late-delivery' ? 'interlock.delivery' : `remedy.${trigger}`;
}

function isLasting(measure: Measure): boolean {
  switch (measure) {
    case 'throttle':
    case 'suspend-party':
    case 'suspend-counterpart':
      return true;
    case 'warn':
    case 'revoke':
    case 'terminate':
      return false;
  }
}

function isBefore(left: string, right: string): boolean {
  return Date.parse(left) < Date.parse(right);
}
