import {
  type CedarValueJson,
  type Context,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { CompiledPolicy } from '../domain/enforcement/policies/compile-policies';
import type { Circumstances, PolicyEngine } from '../domain/enforcement/policies/policy-engine';
import { POLICY_SCHEMA } from '../domain/enforcement/policies/policy-schema';

const SCHEMA = 'barter-room';
let sets = 0;
let hasSchema = false;

/**
 * Evaluates an agreement's policies. Those that can concern a question are parsed once, when the first such question comes:
 * what one decision costs does not grow with the agreement. Policies that cannot be parsed permit nothing.
 */
export function openCedarEngine(policies: readonly CompiledPolicy[]): PolicyEngine {
  const parsed = new Map<string, string | undefined>();
  const findSet = (party: string, resource: string): string | undefined => {
    const key = JSON.stringify([party, resource]);
    if (!parsed.has(key)) parsed.set(key, parse(policies.filter((policy) => concerns(policy, party, resource))));
    return parsed.get(key);
  };
  return ({ party, operation, resource, circumstances }) => {
    const preparsedPolicySetId = findSet(party, resource.id);
    if (preparsedPolicySetId === undefined) return NOTHING;
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
    if (answer.type === 'failure' || answer.response.diagnostics.errors.length > 0) return NOTHING;
    const { decision, diagnostics } = answer.response;
    return { effect: decision === 'allow' ? 'permit' : 'forbid', policies: diagnostics.reason };
  };
}

const NOTHING = { effect: 'forbid', policies: [] } as const;

function concerns({ party, resource }: CompiledPolicy, asking: string, asked: string): boolean {
  return (party === undefined || party === asking) && (resource === undefined || resource === asked);
}

/** The id under which a set is kept; undefined for one that cannot be parsed. */
function parse(policies: readonly CompiledPolicy[]): string | undefined {
  hasSchema ||= preparseSchema(SCHEMA, POLICY_SCHEMA).type === 'success';
  sets += 1;
  const id = `policies-${sets}`;
  const staticPolicies = Object.fromEntries(policies.map((policy) => [policy.id, policy.text]));
  return hasSchema && preparsePolicySet(id, { staticPolicies }).type === 'success' ? id : undefined;
}

function writeContext({ ip, ...said }: Circumstances): Context {
  const address: Readonly<Record<string, CedarValueJson>> =
    ip === undefined ? {} : { ip: { __extn: { fn: 'ip', arg: ip } } };
  return { ...said, ...address };
}
