import type { ControlId } from './control-ids';
import type { Plan } from './plan';

/**
 * What in the agreement says so: the ids of the clauses that are bound to a control, or, where none is, the place in the
 * agreement's file that sets it. Every decision, breach and step names one, so it is never empty.
 */
export function citeClause({ clauses }: Pick<Plan, 'clauses'>, control: ControlId, place: string): string {
  const bound = clauses.filter(({ controls }) => controls.includes(control)).map(({ id }) => id);
  return bound.length === 0 ? place : bound.join(', ');
}
