import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import type { CompiledPolicy } from '../domain/enforcement/policies/compile-policies';
import { POLICY_SCHEMA } from '../domain/enforcement/policies/policy-schema';

/** What does not hold together in policies, by the schema; empty where all does. */
export function validatePolicies(policies: readonly CompiledPolicy[]): readonly string[] {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answer = validate({ schema: POLICY_SCHEMA, policies: { staticPolicies } });
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message);
  return answer.validationErrors.map(({ policyId, error }) => `${policyId}: ${error.message}`);
}
