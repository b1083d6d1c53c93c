/** Which side of the barter an account is: the one room that all parties use, or one party's own. */
export type Side =
  /** `operator`: the party in whose account the room stands; absent: nobody who barters. */
  { readonly kind: 'hosted'; readonly operator?: string } | { readonly kind: 'peer'; readonly party: string };
