/** The most accesses that one breach names. */
export const MAX_EVIDENCE = 1000;
