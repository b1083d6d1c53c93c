import { moveAgreement } from '../../agreement/lifecycle';
import {
  checkSignature,
  listUnsigned,
  type SignatureFault,
  type VerifySignature,
  type VersionSignature,
} from '../../agreement/signature';
import { findSigningRules } from '../../agreement/signing-rules';
import type { CurrentRecord } from '../../registry/agreement-records';
import { readPlan } from '../../registry/read-plan';
import { readPlans } from '../../registry/read-plans';
import type { Registry } from '../../registry/registry';
import { mustWait } from '../must-wait';

export type Signing =
  /** `unsigned`: who has still to sign before the version is in force; `waits`: until which day it is not though all have. */
  | { readonly kind: 'signed'; readonly unsigned: readonly string[]; readonly waits?: string }
  | { readonly kind: 'refused'; readonly fault: SignatureFault | 'unknown-version' | 'ended' };

/**
 * Puts a party's signature on record, and the version in force once all have signed: the parties it names and, for an
 * amendment, those of the version that it replaces. One whose term begins later waits for that while the version in force
 * runs. Signing again changes nothing.
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
  if (![current.version, current.proposed, current.waiting].includes(version))
    return { kind: 'refused', fault: 'unknown-version' };
  const plans = await readPlans(registry, agreement);
  const { signers, keyOf } = findSigningRules(plan, plans, await registry.signatures(agreement).list());
  const fault = checkSignature(plan, signature, verify, { signers, key: keyOf(party) });
  if (fault !== undefined) return { kind: 'refused', fault };
  await registry.signatures(agreement).create({ ...signature });
  const unsigned = listUnsigned(plan, await registry.signatures(agreement).list(), signers);
  if (unsigned.length > 0) return { kind: 'signed', unsigned };
  const after = await registry.current(agreement).change([], (record) => {
    const inForce = plans.find((each) => each.agreement.version === record.version);
    const waits = inForce !== undefined && mustWait(plan, inForce, record, signature.at.slice(0, 10));
    return bringIntoForce(record, signature, waits);
  });
  return { kind: 'signed', unsigned, ...(after?.waiting === version && { waits: plan.term.starts }) };
}

function bringIntoForce(
  current: CurrentRecord,
  { version, at, party }: VersionSignature,
  waits: boolean,
): CurrentRecord | undefined {
  // What waited until now is replaced before it began.
  const { proposed, waiting: _, ...rest } = current;
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
  if (proposed !== version) return undefined;
  return waits ? { ...rest, waiting: version } : { ...rest, version };
}
