import * as z from 'zod';
import type { PauseAct, Transition } from '../../agreement/lifecycle';
import { ROOM_EVENTS } from '../room-events';

const ACTS = {
  [ROOM_EVENTS.agreementSuspended]: 'suspend',
  [ROOM_EVENTS.agreementResumed]: 'resume',
} as const satisfies Readonly<Record<string, PauseAct>>;

const eventSchema = z.object({
  'detail-type': z.literal([ROOM_EVENTS.agreementSuspended, ROOM_EVENTS.agreementResumed]),
  time: z.iso.datetime(),
  account: z.string().regex(/^\d{12}$/),
  detail: z.object({
    agreement: z.string().regex(/^[a-z][a-z0-9-]{2,59}$/),
    by: z.string().min(1).max(200),
    reason: z.string().min(1).max(1000),
  }),
});

/** A person's word that an agreement stands still, or goes on. */
export interface PauseWord extends Pick<Transition, 'by' | 'at' | 'reason'> {
  readonly act: PauseAct;
  /** By a remedy of its room, and no person's: such words are not counted. */
  readonly isRemedy?: true;
}

/** As it is put on the room's bus. */
export interface ToldPauseWord extends PauseWord {
  readonly agreement: string;
  /** That put it on the bus, as EventBridge says: 12 digits. Who it is by is its own word. */
  readonly account: string;
}

/** Undefined for what is none, or is not complete. */
export function readPauseWord(event: unknown): ToldPauseWord | undefined {
  const { data } = eventSchema.safeParse(event);
  return data && { ...data.detail, act: ACTS[data['detail-type']], at: data.time, account: data.account };
}
