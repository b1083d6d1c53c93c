/** One thing that an amendment changes, and for whom it is looser. */
export interface AmendmentChange {
  /** `loosens`: something is protected less, or somebody may do more. `tightens`: the other way. */
  readonly effect: 'loosens' | 'tightens' | 'changes';
  /** In the agreement, e.g. `datasets.usage.privacy.k`. */
  readonly place: string;
  readonly before: string;
  readonly after: string;
  /** Parties that get or may do more by it. */
  readonly gains: readonly string[];
}

export type Judge = (before: string, after: string) => AmendmentChange['effect'];

/** Nothing where both say the same. Gains are named where it loosens. */
export function compare(
  place: string,
  before: string,
  after: string,
  judge: Judge,
  gains: readonly string[],
): readonly AmendmentChange[] {
  if (before === after) return [];
  const effect = judge(before, after);
  return [{ effect, place, before, after, gains: effect === 'loosens' ? gains : [] }];
}

/** Where a version says nothing. */
export const NONE = 'none';
