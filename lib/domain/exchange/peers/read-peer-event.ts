import * as z from 'zod';
import { PEER_EVENTS } from '../../enforcement/room-events';
import { type Commitment, commitmentSchema } from '../../registry/round-records';
import type { HeardCommitment } from './commitment';

/** What one peer's room puts on another's bus. */
export interface PeerMessage extends Pick<HeardCommitment, 'commitment' | 'certificate'> {
  /** Whether the sender lacks the receiver's word on the round. Not signed: it asks for what the receiver said anyway. */
  readonly asks: boolean;
  /** What the sender has heard of the round from others, as they signed it. */
  readonly heard: readonly Commitment[];
}

export interface PeerEvent extends PeerMessage, HeardCommitment {
  /** Of the event. */
  readonly id: string;
}

/**
 * Two words about each of the legs that an agreement of peers has at most: that it is committed to, and granted. With the longest
 * names they are some 165 KB, of the 256 that EventBridge takes.
 */
const MOST_HEARD = 200;

const eventSchema = z.object({
  id: z.string().regex(/^[\w.:-]{1,100}$/),
  account: z.string().regex(/^\d{12}$/),
  source: z.literal(PEER_EVENTS.source),
  'detail-type': z.literal(PEER_EVENTS.commitment),
  detail: z.object({
    commitment: commitmentSchema,
    certificate: z.unknown().optional(),
    asks: z.boolean(),
    // A room with earlier software passes nothing on.
    heard: z.array(commitmentSchema).max(MOST_HEARD).default([]),
  }),
});

/** Undefined for what is none, or not complete. */
export function readPeerEvent(event: unknown): PeerEvent | undefined {
  const { data } = eventSchema.safeParse(event);
  return data === undefined ? undefined : { id: data.id, account: data.account, ...data.detail };
}
