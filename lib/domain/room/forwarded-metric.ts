/**
 * How much partners' accounts tell the room: events that their rules forward, by account. Of accounts that are no party's on
 * record there is one count for all, so that nobody can make it have more than there are parties.
 */
export const FORWARDED_METRIC = { namespace: 'BarterRoom', name: 'ForwardedEvents', dimension: 'Account' } as const;

/** How accounts are called that are no party's. */
export const STRANGER = 'stranger';
