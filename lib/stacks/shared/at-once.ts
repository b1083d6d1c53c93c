/**
 * Executions at once of what parties, or anybody, can call: reserved for them, and the most that they take. A flood at one door
 * leaves what the room itself needs to run, and every other door, its own.
 */
export const AT_ONCE = {
  /** Anybody on the internet can try to sign in. */
  signIn: 20,
  /** Of the same attempts, afterwards. */
  refusedKeys: 5,
  /** Every operation of the API but those below. */
  api: 50,
  /** Each function that answers an operation of its own. */
  operation: 10,
} as const;
