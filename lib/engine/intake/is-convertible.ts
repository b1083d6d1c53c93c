import type { ColumnType } from '../../domain/agreement/plan/plan';
import type { NativeType } from '../sql/rendering/sql-expression';

const NUMBERS = ['integer', 'wide-integer', 'decimal', 'double'];

/** Whether values of the first type can be of the second at all; each is then looked at. */
export function isConvertible({ kind: from }: NativeType, { kind: to }: ColumnType): boolean {
  if (from === 'string' || from === to) return true;
  switch (to) {
    case 'string':
      return from !== 'double' && from !== 'instant';
    case 'integer':
    case 'double':
    case 'decimal':
      return NUMBERS.includes(from);
    case 'boolean':
      return from === 'integer';
    case 'date':
    case 'timestamp':
      return ['date', 'timestamp', 'instant'].includes(from);
  }
}
