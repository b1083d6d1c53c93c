import type { Delivery } from './plan';

/** Whether a leg goes by a data set of AWS Data Exchange: whoever has that sees each revision of it as soon as it is final. */
export function goesByDataSet({ via }: { readonly via: Pick<Delivery, 'kind'> }): boolean {
  return via.kind === 'data-grant' || via.kind === 'product';
}
