import { moveAgreement } from '../agreement/lifecycle';
import {
  checkSignature,
  listUnsigned,
  type SignatureFault,
  type VerifySignature,
  type VersionSignature,
} from '../agreement/signature';
import { findSigningRules } from '../agreement/signing-rules';
import type { CurrentRecord } from './registry/agreement-records';
import { readPlan } from './registry/read-plan';
import { readPlans } from './registry/read-plans';
import type { Registry } from './registry/registry';

export type Signing =
  /** `unsigned`: who has still to sign before the version is in force. */
  | { readonly kind: 'signed'; readonly unsigned: readonly string[] }
  | { readonly kind: 'refused'; readonly fault: SignatureFault | 'unknown-version' | 'ended' };

/**
 * Puts a party's signature on record, and the version in force once all have signed: the parties it names and, for an
 * amendment, those of the version that it replaces. Signing again changes nothing.
 */
export async function signVersion(
  registry: Registry,
  signature: VersionSignature,
  verify: VerifySignature,
): Promise<Signing> {
  const { agreement, version, party } = signature;
  const plan = await readPlan(registry, agreement, version);
  const current = await registry.current(agreement).read();
  if (plan === undefined || current === undefined) return { kind: 'refused', fault: 'unknown-version' };
  if (current.state === 'ended' || current.state === 'settled') return { kind: 'refused', fault: 'ended' };
  if (version !== current.version && version !== current.proposed) return { kind: 'refused', fault: 'unknown-version' };
  const plans = await readPlans(registry, agreement);
  const { signers, keyOf } = findSigningRules(plan, plans, await registry.signatures(agreement).list());
  const fault = checkSignature(plan, signature, verify, { signers, key: keyOf(party) });
  if (fault !== undefined) return { kind: 'refused', fault };
  await registry.signatures(agreement).create({ ...signature });
  const unsigned = listUnsigned(plan, await registry.signatures(agreement).list(), signers);
  if (unsigned.length === 0)
    await registry.current(agreement).change([], (record) => bringIntoForce(record, signature));
  return { kind: 'signed', unsigned };
}

function bringIntoForce(current: CurrentRecord, { version, at, party }: VersionSignature): CurrentRecord | undefined {
  const { proposed, ...rest } = current;
  if (current.state === 'draft') {
    if (version !== current.version) return undefined;
    const move = moveAgreement('draft', {
      act: 'sign',
      at,
      by: party,
      reason: 'all parties have signed',
      clause: 'parties',
    });
    if (move.kind === 'refused') return undefined;
    return { ...current, state: move.transition.to, history: [...current.history, move.transition] };
  }
  return proposed === version ? { ...rest, version } : undefined;
}
