import type { Treatment } from '../../privacy/treatments/treatment';
import type { ColumnRole, ColumnType, Missing } from '../plan/plan';
import type { Column, Dataset } from '../schema/agreement';
import type { TreatmentChoice } from '../schema/treatment-schema';

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

/** What noise moves a value by multiples of: its last digit, unless said otherwise. */
export function chooseStep({ step }: { readonly step?: string }, type: ColumnType): string {
  return step ?? unitOf(type) ?? '1';
}

/** What all values of the type are multiples of; undefined where there is no such thing. */
export function unitOf(type: ColumnType): string | undefined {
  switch (type.kind) {
    case 'integer':
      return '1';
    case 'decimal':
      return type.scale === 0 ? '1' : `0.${'1'.padStart(type.scale, '0')}`;
    default:
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
    case 'top-bottom':
    case 'round':
    case 'noise':
    case 'microaggregate':
      return type;
    case 'token':
    case 'mask':
    case 'generalise':
    case 'format-preserving':
    case 'common-text':
      return { kind: 'string' };
  }
}

/** Whether l and t can be counted before the release: its values go out one to one, or as what follows from them alone. */
export function isMeasurable(treatment: Treatment['kind'] | undefined): boolean {
  switch (treatment) {
    case 'keep':
    case 'token':
    case 'format-preserving':
    case 'top-bottom':
    case 'round':
      return true;
    default:
      return false;
  }
}

/** Whether its released values tell subjects apart, so that they belong to what a class is made of. */
export function isClassColumn(column: Column): boolean {
  const treatment = chooseTreatment(column);
  return treatment !== undefined && isInClasses(column.role, treatment);
}

export function isInClasses(role: ColumnRole, treatment: TreatmentChoice | Treatment): boolean {
  if (treatment.kind === 'drop') return false;
  if (treatment.kind === 'mask') return treatment.keepFirst + treatment.keepLast > 0;
  return role === 'quasi';
}

/** Whether its values can be looked for in requests to erase a subject: texts and whole numbers are written in one way alone. */
export function canNameSubject(type: ColumnType | undefined): boolean {
  return type?.kind === 'string' || type?.kind === 'integer';
}

/** Whether values of the type could be an identifier's: digits are one in whatever type of number they came. */
export function canIdentify(type: ColumnType): boolean {
  return type.kind === 'string' || type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'double';
}

/** Whether numbers of the type may have a fraction; those that have one are nobody's number. */
export function mayBeFraction(type: ColumnType): boolean {
  return type.kind === 'double' || (type.kind === 'decimal' && type.scale > 0);
}

/** Whether the release is searched for identifiers in it: a declared one, a token, a mask or an encrypted one hides none. */
export function isSearched(role: ColumnRole, treatment: Treatment['kind']): boolean {
  return role !== 'identifier' && !HIDDEN.includes(treatment);
}

const HIDDEN: readonly Treatment['kind'][] = ['drop', 'token', 'mask', 'format-preserving'];

export function chooseMissing(name: string, column: Column, dataset: Pick<Dataset, 'subject' | 'clean'>): Missing {
  if (column.missing !== undefined) return column.missing;
  const { dedupe } = dataset.clean;
  const isKey = name === dataset.subject || (Array.isArray(dedupe) && dedupe.includes(name));
  return { kind: isKey ? 'reject' : 'keep' };
}
