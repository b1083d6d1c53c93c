import {
  type CedarValueJson,
  type Context,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { CompiledPolicy } from '../domain/enforcement/policies/compile-policies';
import type { Circumstances, PolicyEngine } from '../domain/enforcement/policies/policy-engine';
import { POLICY_SCHEMA } from '../domain/enforcement/policies/policy-schema';

/** Policies that do not hold together; nothing is decided by them. */
export class UnsoundPolicies extends Error {
  override readonly name = 'UnsoundPolicies';
}

const SCHEMA = 'barter-room';
let parsed = 0;
let hasSchema = false;

/**
 * Parses and validates policies once, and evaluates them from then on.
 * @throws UnsoundPolicies
 */
export function openCedarEngine(policies: readonly CompiledPolicy[]): PolicyEngine {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const checked = validate({ schema: POLICY_SCHEMA, policies: { staticPolicies } });
  const faults = checked.type === 'failure' ? checked.errors : checked.validationErrors.map(({ error }) => error);
  if (faults.length > 0) throw new UnsoundPolicies(faults.map(({ message }) => message).join('; '));
  parsed += 1;
  const preparsedPolicySetId = `policies-${parsed}`;
  succeed(preparsePolicySet(preparsedPolicySetId, { staticPolicies }));
  if (!hasSchema) succeed(preparseSchema(SCHEMA, POLICY_SCHEMA));
  hasSchema = true;
  return ({ party, operation, resource, circumstances }) => {
    const answer = statefulIsAuthorized({
      principal: { type: 'Party', id: party },
      action: { type: 'Action', id: operation },
      resource,
      context: writeContext(circumstances),
      preparsedPolicySetId,
      preparsedSchemaName: SCHEMA,
      validateRequest: true,
      entities: [],
    });
    if (answer.type === 'failure' || answer.response.diagnostics.errors.length > 0)
      return { effect: 'forbid', policies: [] };
    const { decision, diagnostics } = answer.response;
    return { effect: decision === 'allow' ? 'permit' : 'forbid', policies: diagnostics.reason };
  };
}

function succeed(answer: ReturnType<typeof preparsePolicySet>): void {
  if (answer.type === 'failure') throw new UnsoundPolicies(answer.errors.map(({ message }) => message).join('; '));
}

function writeContext({ ip, ...said }: Circumstances): Context {
  const address: Readonly<Record<string, CedarValueJson>> =
    ip === undefined ? {} : { ip: { __extn: { fn: 'ip', arg: ip } } };
  return { ...said, ...address };
}
