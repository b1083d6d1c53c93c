import type { ColumnType } from '../../../domain/agreement/plan/plan';

/** The agreement's types in DuckDB. */
export function renderType(type: ColumnType): string {
  switch (type.kind) {
    case 'string':
      return 'VARCHAR';
    case 'integer':
      return 'BIGINT';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'double':
    case 'boolean':
    case 'date':
    case 'timestamp':
      return type.kind.toUpperCase();
  }
}
