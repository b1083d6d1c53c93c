import type { ColumnRole, ColumnType, Missing, PlannedColumn } from '../plan/plan';
import type { Judge } from './rule';

type ViewedColumn = Pick<PlannedColumn, 'role' | 'treatment'> & { readonly check: PlannedColumn['checks'] };

/** A column that comes or goes: looser where it is released now, or where its checks go. */
export const judgeColumn: Judge<ViewedColumn> = (before, after) => {
  if (before !== undefined && before.check.length > 0) return 'loosens';
  const isReleased = (after ?? before)?.treatment.kind !== 'drop';
  if (!isReleased) return 'changes';
  return after === undefined ? 'tightens' : 'loosens';
};

/** What identifies is treated, what singles out is counted in classes, what is sensitive has l and t: the last two have no order. */
export const judgeRole: Judge<ColumnRole> = (before, after) =>
  before !== undefined && after !== undefined && GUARD[after] > GUARD[before] ? 'tightens' : 'loosens';

const GUARD: Readonly<Record<ColumnRole, number>> = { plain: 0, quasi: 1, sensitive: 1, identifier: 2 };

/** A day says less than a moment, and fewer digits less than more; other types have no order. */
export const judgeType: Judge<ColumnType> = (before, after) => {
  if (before?.kind === 'timestamp' && after?.kind === 'date') return 'tightens';
  if (before?.kind !== 'decimal' || after?.kind !== 'decimal') return 'loosens';
  return after.precision <= before.precision && after.scale <= before.scale ? 'tightens' : 'loosens';
};

/** A row without a value is let in by all but `reject`; to keep and to fill have no order. */
export const judgeMissing: Judge<Missing> = (_, after) => (after?.kind === 'reject' ? 'tightens' : 'loosens');
