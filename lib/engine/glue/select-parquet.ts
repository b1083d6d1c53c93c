import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { compareColumns } from '../intake/compare-columns';
import type { DeliveryProblem } from '../intake/delivery-problem';
import { isConvertible } from '../intake/is-convertible';
import { givenName } from '../sql/dataset-columns';
import { sparkDialect } from '../sql/rendering/spark-dialect';
import type { NativeType } from '../sql/rendering/sql-expression';

/** A top-level column of a Parquet file, in the words of its schema; `type` is absent for a nested one. */
export interface ParquetColumn {
  readonly name: string;
  readonly type?: string;
  readonly converted?: string;
  readonly logical?: { readonly type: string; readonly isAdjustedToUTC?: boolean; readonly unit?: string };
  readonly precision?: number;
  readonly scale?: number;
  readonly repeated?: boolean;
}

/** How a column comes out of the file: its type, and what is selected. */
interface SelectedColumn {
  readonly type: NativeType;
  /** Spark 3.5 has no nanoseconds: it gives them as a number. */
  readonly inNanoseconds?: boolean;
}

/** What Spark selects of a Parquet file, and the types that come out; or what is wrong with its columns. */
export function selectParquet(dataset: PlannedDataset, file: string, schema: readonly ParquetColumn[]) {
  const problems: DeliveryProblem[] = [
    ...compareColumns(
      file,
      schema.map(({ name }) => name),
      dataset,
    ),
  ];
  const columns = ['_metadata.row_index AS position'];
  const types: NativeType[] = [];
  for (const [index, { name, type }] of dataset.columns.entries()) {
    const found = schema.find((column) => column.name === name);
    if (!found) continue;
    const selected = describeColumn(found);
    if (!selected || !isConvertible(selected.type, type)) {
      const problem = `column ${JSON.stringify(name)} is ${describeType(found)}, of which no ${type.kind} can be made`;
      problems.push({ where: file, problem, remedy: `Write it as ${type.kind}, or as text.` });
    } else if (selected.type.kind === 'double' && type.kind === 'decimal' && type.precision > KEPT_DIGITS) {
      const problem = `column ${JSON.stringify(name)} is a double, which does not hold the ${type.precision} digits of its decimal`;
      problems.push({ where: file, problem, remedy: 'Write it as decimal, or as text.' });
    } else {
      columns.push(`${selectColumn(name, selected)} AS ${givenName(index)}`);
      types.push(selected.type);
    }
  }
  return { problems, columns, types };
}

/** Beyond, two decimals can be the same double, and engines choose differently. */
const KEPT_DIGITS = 15;

function selectColumn(name: string, { type, inNanoseconds = false }: SelectedColumn): string {
  const column = sparkDialect.quoteIdentifier(name);
  const moment = inNanoseconds ? `timestamp_micros(${column} DIV 1000)` : column;
  switch (type.kind) {
    case 'timestamp':
      return `CAST(${moment} AS TIMESTAMP_NTZ)`;
    case 'instant':
      return moment;
    case 'integer':
      return `CAST(${column} AS BIGINT)`;
    case 'double':
      return `CAST(${column} AS DOUBLE)`;
    default:
      return column;
  }
}

function describeColumn(column: ParquetColumn): SelectedColumn | undefined {
  const { type, converted, logical, precision = 0, scale = 0, repeated = false } = column;
  if (type === undefined || repeated) return undefined;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL')
    return precision > 38 ? undefined : { type: { kind: 'decimal', precision, scale } };
  switch (type) {
    case 'BOOLEAN':
      return { type: { kind: 'boolean' } };
    case 'FLOAT':
    case 'DOUBLE':
      return { type: { kind: 'double' } };
    case 'INT96':
      return { type: { kind: 'timestamp' } };
    case 'BYTE_ARRAY':
      return isText(column) ? { type: { kind: 'string' } } : undefined;
    case 'INT32':
      if (converted === 'DATE' || logical?.type === 'DATE') return { type: { kind: 'date' } };
      return isTime(column) ? undefined : { type: { kind: 'integer' } };
    case 'INT64':
      if (isTime(column)) return undefined;
      if (converted === 'UINT_64') return { type: { kind: 'wide-integer' } };
      return describeMoment(column) ?? { type: { kind: 'integer' } };
    default:
      return undefined;
  }
}

function isText({ converted, logical }: ParquetColumn): boolean {
  return converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' || logical?.type === 'ENUM';
}

function isTime({ converted = '', logical }: ParquetColumn): boolean {
  return converted.startsWith('TIME_') || logical?.type === 'TIME';
}

/** The older annotation always means moments in UTC. */
function describeMoment({ converted = '', logical }: ParquetColumn): SelectedColumn | undefined {
  if (logical?.type === 'TIMESTAMP') {
    const kind = logical.isAdjustedToUTC ? 'instant' : 'timestamp';
    return { type: { kind }, inNanoseconds: logical.unit === 'NANOS' };
  }
  return converted.startsWith('TIMESTAMP_') ? { type: { kind: 'instant' } } : undefined;
}

function describeType({ type = 'nested', converted, logical }: ParquetColumn): string {
  return logical?.type ?? converted ?? type;
}
