import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { Treatment } from '../../domain/privacy/treatments/treatment';
import { columnOf, equals, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Join } from './rendering/sql-query';

/** The tables that treating rows reads: `keys` (one row: the leg's keys as pads, and `wanted`, 1, where tokens are made in place) while helper tables are made, and these. */
export const KEYS = 'keys';
export const CLASS_OF = 'class_of';
export const CLASSES = 'classes';
export const shownName = (classIndex: number) => `shown_${classIndex}`;
export const RELEASED_TUPLES = 'released_tuples';
export const SEEDS = 'seeds';
/** Tokens of subjects that have many rows each: `value` and `token`. */
export const FREQUENT_TOKENS = 'frequent_tokens';
export const tokensName = (index: number) => `tokens_${index}`;
export const mappedName = (index: number) => `mapped_${index}`;
/** `value` and `replacement`: the number of the group that neighbours were put together in, in ascending order. */
export const groupedName = (index: number) => `grouped_${index}`;
export const commonName = (index: number) => `common_${index}`;

/** Which of the accepted rows, and which of their columns, by place in the dataset. */
export interface TreatedPart {
  readonly dataset: PlannedDataset;
  /** The table of accepted rows. */
  readonly rows: string;
  readonly columns: readonly number[];
  readonly classes: ClassesBy;
  /** Tokens are made where they are shown, for an engine to which a join of all rows is dearer than a digest of each. */
  readonly tokensInPlace?: boolean;
  /** The table of those that a watermark leaves; absent where it takes none. */
  readonly unmarked?: string;
  /** Every subject is one row of `SUBJECT_ROWS`. */
  readonly isSteady?: boolean;
  /** Of `packSizes`, for an engine that looks up by place. */
  readonly packed?: readonly number[] | undefined;
}

/**
 * How a row's class is found; rows that have none are left out. `nothing`: no row is, and none has a class. `subject`:
 * all rows of a subject have one tuple, so that its token, which is among the columns, knows the class: one join less.
 */
export type ClassesBy = 'nothing' | 'values' | 'subject';

/** The columns of the part that are treated so. */
export function listTreated(
  { dataset, columns }: TreatedPart,
  ...kinds: readonly Treatment['kind'][]
): readonly number[] {
  return columns.filter((index) => kinds.includes(dataset.columns[index]!.treatment.kind));
}

/** The columns whose tokens have a table of their own. */
export function listTokenTables(part: TreatedPart): readonly number[] {
  return part.tokensInPlace ? [] : listTreated(part, 'token');
}

/** The subject's column, where its tokens are made in place but for those that are needed often; -1 where there is none. */
export function findFrequent(part: TreatedPart): number {
  const { dataset, tokensInPlace, classes } = part;
  const subject = findSubject(dataset);
  return tokensInPlace && classes === 'values' && listTreated(part, 'token').includes(subject) ? subject : -1;
}

export function findSubject({ columns, subject }: PlannedDataset): number {
  return columns.findIndex(({ name }) => name === subject);
}

/** Whether the tokens of this column say their subject's class. */
export function knowsClass({ dataset, classes }: TreatedPart, index: number): boolean {
  return classes === 'subject' && index === findSubject(dataset);
}

export function joinOn(
  kind: 'inner' | 'left',
  name: string,
  key: string,
  to: SqlExpression,
): Exclude<Join, { readonly kind: 'cross' }> {
  return { kind, with: table(name), on: equals(to, columnOf(name, key)) };
}
