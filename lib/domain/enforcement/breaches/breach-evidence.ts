/** The most accesses that one breach names, and the most of what ties them to others. */
export const MAX_EVIDENCE = 1000;

/** What a breach has and what comes to it, each once, as far as it can hold it. */
export function uniteEvidence(before: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...before, ...more])].slice(0, MAX_EVIDENCE);
}
