import type { Registry } from './registry/registry';
import type { BreachRecord } from './registry/registry-records';

/**
 * A person takes back what follows from a breach. The record keeps who, when and why, and what had been done until then.
 * @returns undefined where there is no such breach
 */
export async function overruleBreach(
  registry: Registry,
  agreement: string,
  report: string,
  overruled: NonNullable<BreachRecord['overruled']>,
): Promise<BreachRecord | undefined> {
  return registry
    .breaches(agreement)
    .change([report], (breach) =>
      breach.overruled === undefined ? { ...breach, overruled: { ...overruled } } : undefined,
    );
}
