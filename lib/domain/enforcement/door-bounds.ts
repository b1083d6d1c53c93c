/** What is on record whole of what is decided at doors where others choose how often they come. */
export const DOOR_BOUNDS = {
  /** Refusals of one party for one reason in a day; what comes then is in their count. */
  refusals: 100,
  /** Permissions of one party by the same terms in a day, of each instance of a function. */
  permissions: 500,
  /** Between two writes of what is beyond these. */
  seconds: 10,
} as const;
