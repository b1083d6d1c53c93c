import type { ROOM_EVENTS } from '../../room-events';

/**
 * Tells the room that what a party said is on record: others are written to, and what is granted may have to change. Told also
 * of what stood already: whoever asks again may have got no answer, and nobody was told.
 */
export type TellRoom = (
  what: keyof Pick<
    typeof ROOM_EVENTS,
    'noticeGiven' | 'problemReported' | 'agreementPaused' | 'breachLifted' | 'wordRecorded'
  >,
  detail: { readonly agreement: string } & Readonly<Record<string, string>>,
) => Promise<void>;
