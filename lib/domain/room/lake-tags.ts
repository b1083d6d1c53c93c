import type { CatalogueTable } from './catalogue';

/*
 * The LF-Tags of the room. Lake Formation takes 50 values of a tag at a time and keeps them in lower case; an agreement
 * has tags of its own, so that no agreement's deployment touches another's and no list of all agreements has to fit.
 */

export interface LakeTag {
  readonly key: string;
  readonly values: readonly string[];
}

export const SENSITIVITY = 'barter:sensitivity';
/** Columns carry their role; what has no role of its own, its table's kind. */
export const SENSITIVITIES = ['raw', 'released', 'identifier', 'quasi', 'sensitive', 'plain'] as const;

export function partyTag(agreement: string): string {
  return `barter:${agreement}:party`;
}

export function purposeTag(agreement: string): string {
  return `barter:${agreement}:purpose`;
}

/** A resource has one value of a tag: what a release may be used for is therefore one text. */
export function purposeValue(purposes: readonly string[]): string {
  return [...purposes].sort().join('+').toLowerCase();
}

/** The tags that an agreement's stack creates. */
export function listAgreementTags(agreement: string, tables: readonly CatalogueTable[]): readonly LakeTag[] {
  const purposes = tables.flatMap((table) => (table.purposes.length === 0 ? [] : [purposeValue(table.purposes)]));
  return [
    { key: partyTag(agreement), values: distinct(tables.map(({ party }) => party)) },
    { key: purposeTag(agreement), values: distinct(purposes) },
  ].filter(({ values }) => values.length > 0);
}

/** Of a table: whose it is, and for what. */
export function tagsOfTable(agreement: string, { party, purposes }: CatalogueTable): readonly LakeTag[] {
  return [
    { key: partyTag(agreement), values: [party] },
    ...(purposes.length === 0 ? [] : [{ key: purposeTag(agreement), values: [purposeValue(purposes)] }]),
  ];
}

const distinct = (values: readonly string[]) => [...new Set(values)].sort();
