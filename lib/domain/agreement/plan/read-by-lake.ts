import type { Delivery } from './plan';

/** Whether its receiver reads a leg by queries, with credentials that Lake Formation hands out for each. */
export function isReadByLake({ via }: { readonly via: Pick<Delivery, 'kind'> }): boolean {
  return via.kind === 'lake-formation' || via.kind === 'query-only';
}
