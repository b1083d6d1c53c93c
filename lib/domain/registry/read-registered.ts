import type { Conduct } from './conduct';
import { readConduct } from './read-conduct';
import { lastDayOf, type RegisteredAgreement } from './registered-agreement';
import type { Registry } from './registry';

/** The version in force, and how everybody has kept to it. */
export type AgreementAtIntake = RegisteredAgreement & { readonly conduct: Conduct };

/** An agreement as the intake of deliveries needs it; undefined where nothing is on record. */
export async function readRegistered(registry: Registry, agreement: string): Promise<AgreementAtIntake | undefined> {
  const on = await readConduct(registry, agreement);
  if (on === undefined) return undefined;
  const { plan, hash, current, conduct } = on;
  return {
    plan,
    hash,
    state: conduct.removed ? 'removed' : current.state,
    provisioned: current.provisioned,
    lastDay: lastDayOf(plan, conduct),
    conduct,
  };
}
