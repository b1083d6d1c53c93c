import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan';
import type { LegSecrets } from './job-orders';

/** What a leg's secrets are for. */
export type SecretUse = 'token' | 'date-shift' | 'noise' | 'watermark' | 'format-preserving';

/** By leg: ARN of its key. */
export type LegKeyArns = Readonly<Record<string, string | undefined>>;

/**
 * The secret under which erased subjects of a dataset are remembered: a MAC by the key that their record names, whichever legs
 * there are by now.
 */
export function describeErasure(agreement: string, { id }: Pick<PlannedDataset, 'id'>, key: string): LegSecrets {
  return { leg: 'erasure', key, messages: { erasure: JSON.stringify(['erasure', agreement, id]) } };
}

/**
 * One secret per agreement, receiver, dataset, its version and use, so that no two releases link.
 * @throws Error where the leg has no key: nothing is treated without.
 */
export function describeSecrets(
  agreement: string,
  { id, version }: PlannedDataset,
  { id: leg, to }: PlannedLeg,
  keys: LegKeyArns,
  uses: readonly SecretUse[],
): LegSecrets {
  const message = (use: SecretUse) => JSON.stringify([use, agreement, to, id, version]);
  return {
    leg,
    key: findKey(leg, keys),
    messages: Object.fromEntries(uses.map((use) => [use.replace('-', '_'), message(use)])),
  };
}

function findKey(leg: string, keys: LegKeyArns): string {
  const key = keys[leg];
  if (key === undefined) throw new Error(`Leg ${leg} has no key: deploy its agreement again.`);
  return key;
}
