import type { Need } from './identify-call';
import { type ConditionTest, judgeConditions, type TellFact } from './judge-conditions';
import { matchesPattern } from './matches-pattern';

/** A statement of a role's own policies, resolved to the names that stand here. */
export interface RoleStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly ConditionTest[];
}

export interface Judgement {
  readonly allowed: boolean;
  /** The statement that decided. */
  readonly by?: RoleStatement;
}

/** One action that a statement allows, on one of its resources, as both stand in the template. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
}

export function listGrants(statements: readonly RoleStatement[]): readonly Grant[] {
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
    );
}

/** Whether a grant covers what is needed. */
export function covers({ action, resource }: Grant, need: Need): boolean {
  return matchesPattern(action.toLowerCase(), need.action.toLowerCase()) && matchesPattern(resource, need.resource);
}

/**
 * As IAM judges an identity's own policies: a denial wins, nothing is allowed by silence. What rests on what nobody here can tell
 * is taken for allowed, and not for denied.
 */
export function judgeNeed(statements: readonly RoleStatement[], need: Need, tell: TellFact = NOBODY_KNOWS): Judgement {
  const matching = statements.filter(({ effect, actions, resources, conditions }) => {
    const verdict = judgeConditions(conditions, (key) => need.facts?.[key] ?? tell(key));
    return (
      actions.some((action) => matchesPattern(action.toLowerCase(), need.action.toLowerCase())) &&
      resources.some((resource) => matchesPattern(resource, need.resource)) &&
      (effect === 'Deny' ? verdict === 'holds' : verdict !== 'fails')
    );
  });
  const denial = matching.find(({ effect }) => effect === 'Deny');
  if (denial !== undefined) return { allowed: false, by: denial };
  const permission = matching.find(({ effect }) => effect === 'Allow');
  return permission === undefined ? { allowed: false } : { allowed: true, by: permission };
}

const NOBODY_KNOWS: TellFact = () => undefined;
