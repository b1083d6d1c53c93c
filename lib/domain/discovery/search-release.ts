import { canIdentify, isSearched } from '../agreement/checks/column-rules';
import type { PlannedDataset } from '../agreement/plan/plan';
import { type Recognition, recogniseColumn } from './recognise-column';

/** Distinct values of a released column, as texts: all of them, or a sample that does not depend on what they look like. */
export interface ReleasedSample {
  readonly column: string;
  readonly distinct: number;
  readonly values: readonly string[];
}

/** What a released column was found to hold. Figures only. */
export interface SearchedColumn {
  readonly column: string;
  readonly distinct: number;
  /** Distinct values that were looked at: all, or a sample. */
  readonly looked: number;
  /** The kinds of identifier that it seems to hold, the surest first. */
  readonly identifiers: readonly Pick<Recognition, 'kind' | 'title' | 'label' | 'by' | 'matched'>[];
}

/** Values of one column that are looked at; beyond, a sample of about as many. */
export const MOST_SEARCHED = 10_000;

/** The columns of a release, by place, that could hold an identifier which nobody declared. */
export function listSearched({ columns }: PlannedDataset): readonly number[] {
  return columns.flatMap(({ role, treatment, type, releasedAs }, index) =>
    releasedAs && canIdentify(type) && isSearched(role, treatment.kind) ? [index] : [],
  );
}

export function searchSample({ column, distinct, values }: ReleasedSample): SearchedColumn {
  const identifiers = recogniseColumn({ name: column, values })
    .filter(({ nature }) => nature === 'identifier')
    .map(({ nature: _, looked: __, ...found }) => found);
  return { column, distinct, looked: values.length, identifiers };
}
