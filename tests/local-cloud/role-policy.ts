import type { Need } from './identify-call';

/** A statement of a role's own policies, resolved to the names that stand here. */
export interface RoleStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Conditions are not evaluated; a statement that has some says so in what it grants. */
  readonly isConditional: boolean;
}

export interface Judgement {
  readonly allowed: boolean;
  /** The statement that decided. */
  readonly by?: RoleStatement;
}

/** As IAM judges an identity's own policies: a denial wins, nothing is allowed by silence. */
export function judgeNeed(statements: readonly RoleStatement[], need: Need): Judgement {
  const matching = statements.filter(
    ({ actions, resources }) =>
      actions.some((action) => matchesPattern(action.toLowerCase(), need.action.toLowerCase())) &&
      resources.some((resource) => matchesPattern(resource, need.resource)),
  );
  // A conditional denial is a guard on how, not on what: bucket and key policies carry those, tested on the template.
  const denial = matching.find(({ effect, isConditional }) => effect === 'Deny' && !isConditional);
  if (denial !== undefined) return { allowed: false, by: denial };
  const permission = matching.find(({ effect }) => effect === 'Allow');
  return permission === undefined ? { allowed: false } : { allowed: true, by: permission };
}

/** `*` and `?` as IAM means them. */
export function matchesPattern(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}
