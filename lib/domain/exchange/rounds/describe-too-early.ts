import type { DeliveryRounds } from './rounds-of-delivery';

/** What a giver is told whose delivery no round takes yet. */
export function describeTooEarly({ day, from }: Extract<DeliveryRounds, { readonly kind: 'too-early' }>): string {
  return `The round of ${day} takes deliveries from ${from.slice(0, 16).replace('T', ' ')} UTC on.`;
}
