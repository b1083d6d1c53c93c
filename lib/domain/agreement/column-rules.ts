import type { Treatment } from '../privacy/treatment';
import type { Column, Dataset } from './agreement';
import type { TreatmentChoice } from './column-schema';
import type { ColumnRole, ColumnType, Missing } from './plan';

/*
 * What follows from a column by itself. The checks, the controls and the plan all ask here.
 */

/** What the file names or the role implies. Undefined where the role implies none: an identifier, or a quasi column that says nothing. */
export function chooseTreatment(column: Column): TreatmentChoice | undefined {
  if (column.treatment !== undefined) return column.treatment;
  switch (column.role) {
    case 'sensitive':
    case 'plain':
      return { kind: 'keep' };
    case 'quasi':
      if (column.generalise !== undefined) return { kind: 'generalise' };
      return column.exempt === undefined ? undefined : { kind: 'keep' };
    case 'identifier':
      return undefined;
  }
}

/** What the release holds: absent when the column is not in it. */
export function typeReleased(
  type: ColumnType,
  treatment: { readonly kind: Treatment['kind'] } | undefined,
): ColumnType | undefined {
  switch (treatment?.kind) {
    case undefined:
    case 'drop':
      return undefined;
    case 'keep':
    case 'date-shift':
      return type;
    case 'token':
    case 'mask':
    case 'generalise':
      return { kind: 'string' };
  }
}

/** Whether its released values tell subjects apart, so that they belong to what a class is made of. */
export function isClassColumn(column: Column): boolean {
  const treatment = chooseTreatment(column);
  if (treatment === undefined || treatment.kind === 'drop') return false;
  if (treatment.kind === 'mask') return treatment.keepFirst + treatment.keepLast > 0;
  return column.role === 'quasi';
}

/** Whether the release is searched for identifiers in it: a declared one, a token or a mask hides none. */
export function isSearched(role: ColumnRole, treatment: Treatment['kind']): boolean {
  return role !== 'identifier' && treatment !== 'drop' && treatment !== 'token' && treatment !== 'mask';
}

export function chooseMissing(name: string, column: Column, dataset: Pick<Dataset, 'subject' | 'clean'>): Missing {
  if (column.missing !== undefined) return column.missing;
  const { dedupe } = dataset.clean;
  const isKey = name === dataset.subject || (Array.isArray(dedupe) && dedupe.includes(name));
  return { kind: isKey ? 'reject' : 'keep' };
}
