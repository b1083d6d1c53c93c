import type { Plan } from '../domain/agreement/plan/plan';
import { type CompiledPolicy, compilePolicies } from '../domain/enforcement/policies/compile-policies';
import type { PolicyEngine } from '../domain/enforcement/policies/policy-engine';
import { listFormerLegs } from '../domain/exchange/entitlements/list-former-legs';
import { openCedarEngine } from './cedar-engine';

interface PlanPolicies {
  readonly policies: readonly CompiledPolicy[];
  readonly engine: PolicyEngine;
}

/** @param earlier versions that all have signed before this one */
export type RememberedPolicies = (plan: Plan, earlier?: readonly Plan[]) => PlanPolicies;

/** Compiles and parses the policies of a version when they are first asked for, and remembers them: what is signed does not change. */
export function rememberPolicies(): RememberedPolicies {
  const known = new Map<string, PlanPolicies>();
  return (plan, earlier = []) => {
    const name = JSON.stringify(
      [...earlier, plan].map(({ agreement: { id, version, content } }) => [id, version, content]),
    );
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const policies = compilePolicies(
      plan,
      listFormerLegs(plan, earlier).map(({ leg }) => leg),
    );
    const made = { policies, engine: openCedarEngine(policies) };
    known.set(name, made);
    return made;
  };
}
