/** One thing that an amendment changes, and for whom it is looser. */
export interface AmendmentChange {
  readonly effect: Effect;
  /** In the agreement, e.g. `datasets.usage.privacy.k`. */
  readonly place: string;
  readonly before: string;
  readonly after: string;
  /** Parties that get or may do more by it. */
  readonly gains: readonly string[];
}

/** `loosens`: something is protected less, or somebody may do more. `tightens`: the other way. `changes`: neither. */
export type Effect = 'loosens' | 'tightens' | 'changes';

/** Where a version says nothing. */
export const NONE = 'none';
