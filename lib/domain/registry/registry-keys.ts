/** The registry's table: everything of one agreement under one partition, so that a role can be held to it. */
export const REGISTRY_KEY = { partition: 'pk', sort: 'sk' } as const;

export interface RegistryItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The partition that lists the agreements themselves, for whoever looks at all of them. */
export const LISTING = 'room';

export function partitionOf(agreement: string): string {
  return `agreement#${agreement}`;
}

/**
 * What doors write lies apart from what decides: a role can be let write decisions, what was used, or who is to be erased, and
 * nothing that a decision rests on.
 */
export const DOOR_PARTITIONS = {
  decision: 'decisions#',
  standing: 'decisions#',
  budget: 'budgets#',
  knocks: 'knocks#',
  erasure: 'erasures#',
  'erasure-day': 'erasures#',
} as const;

/** A number in a key, so that keys sort as numbers do. */
export function padVersion(version: number): string {
  return String(version).padStart(10, '0');
}
