/** How a workflow that waits for its round is told that there is nothing to wait for: names of errors, which it tells apart. */
export const ESCROW_ENDS = {
  /** Its round was withheld as a whole. */
  withheld: 'RoundWithheld',
  /** An amendment came into force that treats its release otherwise: another is asked for, and the round waits for that. */
  outdated: 'ReleaseOutdated',
} as const;
