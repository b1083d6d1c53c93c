import { describeTreatment } from '../../privacy/certificate/certify-release';
import type { Generalisation } from '../../privacy/hierarchies/generalisation';
import type { Treatment } from '../../privacy/treatments/treatment';
import type { ColumnType } from '../plan/plan';
import { NONE } from './amendment-change';

export const sayList = (values: readonly string[]): string => values.join(', ') || NONE;

export const sayThere = (): string => 'there';

export function sayType(type: ColumnType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}

export function sayTreatment(treatment: Treatment): string {
  const words = describeTreatment(treatment);
  return treatment.kind === 'generalise' ? `${words} (${sayLevels(treatment.generalisation)})` : words;
}

/** Rows of a hierarchy are their hash here. */
export function sayLevels(generalisation: Generalisation): string {
  switch (generalisation.kind) {
    case 'widths':
      return `widths ${generalisation.widths.join(', ')}`;
    case 'prefixes':
      return `prefixes ${generalisation.lengths.join(', ')}`;
    case 'dates':
      return `dates by ${generalisation.periods.join(', ')}`;
    case 'hierarchy':
      return `${generalisation.file}: ${generalisation.rows.join()}`;
    case 'none':
      return 'no levels';
  }
}
