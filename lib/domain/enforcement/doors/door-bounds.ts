/** What is on record whole of what is decided at doors where others choose how often they come. */
export const DOOR_BOUNDS = {
  /** Refusals of one party for one reason in a day; what comes then is in their count. */
  refusals: 100,
  /** Permissions of one party by the same terms in a day, of each instance of a function. */
  permissions: 500,
  /** Between two writes of what is beyond these. */
  seconds: 10,
  /** Requests of one caller to the API, of each instance of a function: in a second, and at once. */
  calls: { perSecond: 20, atOnce: 40 },
  /** Of these, those for links, each of which is on record whole. */
  links: { perSecond: 2, atOnce: 100 },
  /** Persons whom a day, UTC, has erased from one dataset: each is a duty of every receiver. */
  erasures: 100,
} as const;
