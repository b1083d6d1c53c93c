import type { PlannedDataset, PlannedLeg } from '../../domain/agreement/plan/plan';
import { describeSecret, type SecretUse } from '../../domain/privacy/treatments/describe-secret';
import type { LegSecrets } from './job-orders';

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
 * One secret per use, from what `describeSecret` says of it.
 * @throws Error where the leg has no key: nothing is treated without.
 */
export function describeSecrets(
  agreement: string,
  dataset: PlannedDataset,
  leg: PlannedLeg,
  keys: LegKeyArns,
  uses: readonly SecretUse[],
): LegSecrets {
  const describe = (use: SecretUse) => [use.replace('-', '_'), describeSecret(use, agreement, leg, dataset)];
  return {
    leg: leg.id,
    key: findKey(leg.id, keys),
    messages: Object.fromEntries(uses.map(describe)),
  };
}

function findKey(leg: string, keys: LegKeyArns): string {
  const key = keys[leg];
  if (key === undefined) throw new Error(`Leg ${leg} has no key: deploy its agreement again.`);
  return key;
}
