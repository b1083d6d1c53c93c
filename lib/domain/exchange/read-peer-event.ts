import * as z from 'zod';
import { commitmentSchema } from '../enforcement/registry/round-records';
import { PEER_EVENTS } from '../enforcement/room-events';
import type { HeardCommitment } from './commitment';

/** What one peer's room puts on another's bus. */
export interface PeerMessage extends Pick<HeardCommitment, 'commitment' | 'certificate'> {
  /** Whether the sender lacks the receiver's word on the round. Not signed: it asks for what the receiver said anyway. */
  readonly asks: boolean;
}

export interface PeerEvent extends PeerMessage, HeardCommitment {
  /** Of the event. */
  readonly id: string;
}

const eventSchema = z.object({
  id: z.string().regex(/^[\w.:-]{1,100}$/),
  account: z.string().regex(/^\d{12}$/),
  source: z.literal(PEER_EVENTS.source),
  'detail-type': z.literal(PEER_EVENTS.commitment),
  detail: z.object({
    commitment: commitmentSchema,
    certificate: z.unknown().optional(),
    asks: z.boolean(),
  }),
});

/** Undefined for what is none, or not complete. */
export function readPeerEvent(event: unknown): PeerEvent | undefined {
  const { data } = eventSchema.safeParse(event);
  return data === undefined ? undefined : { id: data.id, account: data.account, ...data.detail };
}
