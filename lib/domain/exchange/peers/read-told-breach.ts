import * as z from 'zod';
import { PEER_EVENTS } from '../../enforcement/room-events';
import { type ToldBreach, toldBreachSchema } from '../../registry/conduct-records';

/** What one peer's room tells another's of a breach, as it came. */
export interface ToldBreachEvent {
  /** Of the event. */
  readonly id: string;
  /** The account that put it on the bus, as EventBridge says: 12 digits. */
  readonly account: string;
  readonly told: ToldBreach;
}

const eventSchema = z.object({
  id: z.string().regex(/^[\w.:-]{1,100}$/),
  account: z.string().regex(/^\d{12}$/),
  source: z.literal(PEER_EVENTS.source),
  'detail-type': z.literal(PEER_EVENTS.breach),
  detail: toldBreachSchema,
});

/** Undefined for what is none, or not complete. */
export function readToldBreach(event: unknown): ToldBreachEvent | undefined {
  const { data } = eventSchema.safeParse(event);
  return data === undefined ? undefined : { id: data.id, account: data.account, told: data.detail };
}
