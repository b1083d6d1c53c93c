/** The registry's table: everything of one agreement under one partition, so that a role can be held to it. */
export const REGISTRY_KEY = { partition: 'pk', sort: 'sk' } as const;

export interface RegistryItemKey {
  readonly pk: string;
  readonly sk: string;
}

export function keyOfVersion(agreement: string, version: number): RegistryItemKey {
  return { pk: partitionOf(agreement), sk: `version#${String(version).padStart(10, '0')}` };
}

/** The version in force, and the conduct of the parties under it. */
export function keyOfCurrent(agreement: string): RegistryItemKey {
  return { pk: partitionOf(agreement), sk: 'current' };
}

/** What became of a breach that was reported; `report` tells two reports apart, so that one told twice is one record. */
export function keyOfBreach(agreement: string, report: string): RegistryItemKey {
  return { pk: partitionOf(agreement), sk: `breach#${report}` };
}

function partitionOf(agreement: string): string {
  return `agreement#${agreement}`;
}
