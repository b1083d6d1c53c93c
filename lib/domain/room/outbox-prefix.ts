/**
 * Where in the ledger's bucket a party finds what the room has to show it: signed checkpoints of the access ledger, and its
 * own audit reports. Its role reads this and nothing else there, and nobody changes what lies there.
 */
export function outboxPrefix(agreement: string, party: string): string {
  return `${OUTBOX}${agreement}/${party}/`;
}

export const OUTBOX = 'outbox/';
