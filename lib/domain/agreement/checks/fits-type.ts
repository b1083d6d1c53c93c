import { isDate, readTimestamp } from '../periods/duration';
import type { ColumnType } from '../plan/plan';

/** Whether a value of the agreement is written as one of the type. */
export function fitsType(value: string, type: ColumnType): boolean {
  switch (type.kind) {
    case 'string':
      return true;
    case 'integer':
      return /^-?\d{1,18}$/.test(value);
    case 'double':
      return /^-?\d+(\.\d+)?$/.test(value);
    case 'decimal': {
      const [, whole = '', fraction = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
      return (
        whole !== '' &&
        whole.length <= type.precision - type.scale + (/^0+$/.test(whole) ? 1 : 0) &&
        fraction.length <= type.scale
      );
    }
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'date':
      return isDate(value);
    case 'timestamp':
      return readTimestamp(value) !== undefined;
  }
}
