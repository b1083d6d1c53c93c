import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import canonicalize from 'canonicalize';
import type { Plan } from '../../domain/agreement/plan/plan';
import { planForSide } from '../../domain/agreement/plan/plan-for-side';
import { advanceAgreement } from '../../domain/enforcement/registration/advance-agreement';
import type { AgreementVersion } from '../../domain/enforcement/registration/register-agreement';
import { type AgreementOnRecord, readConduct } from '../../domain/registry/read-conduct';
import { openRegistry, type Registry } from '../../domain/registry/registry';
import { openFileStore } from '../../registry/file-store';
import { InvalidInput } from '../describe/exit-code';

export interface RegistryOptions {
  readonly registry?: string;
}

/** The registry of an agreement on this machine: a folder beside its file, or the one that is named. */
export function openEmbeddedRegistry(file: string, { registry }: RegistryOptions): Registry {
  if (registry === '') throw new InvalidInput('--registry is empty. Name a folder, or leave --registry away.');
  return openRegistry(openFileStore(registry ?? join(dirname(file), '.barter', 'registry')));
}

/** A version as the registry of this machine keeps it. */
export function versionOf(plan: Plan): AgreementVersion {
  const side = planForSide(plan, { kind: 'hosted' });
  const hash = createHash('sha256')
    .update(canonicalize(side) ?? '')
    .digest('hex');
  return { hash, plan: side, provisioned: { sftpRoles: {}, dataSets: {}, legKeys: {} } };
}

/**
 * Takes the steps that are due by the clock, and reads all that is on record then.
 * @throws InvalidInput where nothing is
 */
export async function readOnRecord(registry: Registry, agreement: string, now: string): Promise<AgreementOnRecord> {
  const before = await readConduct(registry, agreement);
  if (before === undefined)
    throw new InvalidInput(`${agreement} is not on record here. Sign it first: barter sign AGREEMENT --by PARTY.`);
  const { plan, conduct } = before;
  await registry.current(agreement).change([], (current) => {
    const next = advanceAgreement(plan, current, conduct, now);
    return next === current ? undefined : next;
  });
  return (await readConduct(registry, agreement)) ?? before;
}

/** @throws InvalidInput naming the parties that there are */
export function requireParty({ parties, agreement }: Plan, party: string): void {
  const ids = parties.map(({ id }) => id);
  if (!ids.includes(party))
    throw new InvalidInput(`${agreement.id} has no party ${JSON.stringify(party)}. There is: ${ids.join(', ')}.`);
}
