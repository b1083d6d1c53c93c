import { addDuration } from '../../agreement/periods/duration';
import type { PlannedTerm } from '../../agreement/plan/plan';

/** The days of a term that change what holds. */
export const TERM_EVENTS = ['term-starts', 'term-ends', 'destruction-due'] as const;

/** A day in the life of an agreement on which something has to happen. */
export interface TermEvent {
  /** What the event on the room's bus is called. */
  readonly kind: (typeof TERM_EVENTS)[number];
  /** UTC, e.g. `2027-01-01T00:00:00`. */
  readonly at: string;
}

/** When an agreement begins, when its last day is over, and by when what was received is destroyed. */
export function planTerm({ starts, ends, destroyWithin }: PlannedTerm): readonly TermEvent[] {
  const over = addDuration(ends, 'P1D');
  return [
    { kind: 'term-starts', at: atSecond(starts) },
    { kind: 'term-ends', at: atSecond(over) },
    { kind: 'destruction-due', at: atSecond(addDuration(over, destroyWithin)) },
  ];
}

/** Midnight where only a day is given. */
function atSecond(moment: string): string {
  return moment.includes('T') ? moment.slice(0, 19) : `${moment}T00:00:00`;
}
