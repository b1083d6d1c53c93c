import type { Need } from './identify-call';

/** A statement of a role's own policies, resolved to the names that stand here. */
export interface RoleStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Of its conditions those that name partitions of a table (`dynamodb:LeadingKeys`): all are judged. */
  readonly partitions: readonly PartitionTest[];
  /** Whether it has conditions at all: others are not judged. */
  readonly isConditional: boolean;
}

/** Every partition that a call names has to be one of these, or like one of them. */
export interface PartitionTest {
  readonly kind: 'like' | 'equals';
  readonly values: readonly string[];
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

/** As IAM judges an identity's own policies: a denial wins, nothing is allowed by silence. */
export function judgeNeed(statements: readonly RoleStatement[], need: Need): Judgement {
  const matching = statements.filter(
    ({ actions, resources, partitions }) =>
      actions.some((action) => matchesPattern(action.toLowerCase(), need.action.toLowerCase())) &&
      resources.some((resource) => matchesPattern(resource, need.resource)) &&
      partitions.every((test) => holdsForAll(test, need.partitions ?? [])),
  );
  // A conditional denial is a guard on how, not on what: bucket and key policies carry those, tested on the template.
  const denial = matching.find(({ effect, isConditional }) => effect === 'Deny' && !isConditional);
  if (denial !== undefined) return { allowed: false, by: denial };
  const permission = matching.find(({ effect }) => effect === 'Allow');
  return permission === undefined ? { allowed: false } : { allowed: true, by: permission };
}

/** As `ForAllValues` has it: of a call that names no partition it holds. */
function holdsForAll({ kind, values }: PartitionTest, partitions: readonly string[]): boolean {
  return partitions.every((partition) =>
    values.some((value) => (kind === 'like' ? matchesPattern(value, partition) : value === partition)),
  );
}

/** `*` and `?` as IAM means them. */
export function matchesPattern(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const known = expressions.get(pattern);
  if (known !== undefined) return known.test(value);
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const compiled = new RegExp(`^${expression}$`, 's');
  expressions.set(pattern, compiled);
  return compiled.test(value);
}

const expressions = new Map<string, RegExp>();
