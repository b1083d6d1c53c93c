import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { compareColumns } from '../intake/compare-columns';
import type { DeliveryProblem } from '../intake/delivery-problem';
import { hashFile } from '../intake/hash-file';
import { isConvertible } from '../intake/is-convertible';
import type { FoundFile } from '../intake/list-delivered-files';
import { InvalidDelivery } from '../invalid-delivery';
import { givenName } from '../sql/dataset-columns';
import type { NativeType } from '../sql/rendering/sql-expression';
import { type DeliveryRows, placeFiles } from './delivery-rows';
import type { DuckDbSession } from './duckdb-session';
import { listPaths, quoteIdentifier, selectFrom } from './sql-text';

interface ParquetColumn {
  readonly name: string;
  /** As DuckDB names it. */
  readonly type: string;
}

interface ParquetFile {
  readonly found: FoundFile;
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
}

/** @throws InvalidDelivery with the problems of all files. */
export async function readParquetDelivery(
  dataset: PlannedDataset,
  found: readonly FoundFile[],
  session: DuckDbSession,
): Promise<DeliveryRows> {
  const opened = await openFiles(dataset, found, session);
  const hashes = hashFiles(opened.map(({ found: { path } }) => path));
  const files = placeFiles(
    opened.map(({ found: { file, bytes }, rows }, index) => ({ file, bytes, rows, sha256: hashes[index]! })),
  );
  const first = opened[0]!;
  const types = dataset.columns.map(({ name }) => nativeTypeOf(findColumn(first, name)!.type)!);
  return { select: selectRows(dataset, opened, files), types, files };
}

/** @throws InvalidDelivery with the problems of all files. */
export async function inspectParquet(
  dataset: PlannedDataset,
  found: readonly FoundFile[],
  session: DuckDbSession,
): Promise<number> {
  return (await openFiles(dataset, found, session)).reduce((sum, { rows }) => sum + rows, 0);
}

async function openFiles(
  dataset: PlannedDataset,
  found: readonly FoundFile[],
  session: DuckDbSession,
): Promise<readonly ParquetFile[]> {
  const problems: DeliveryProblem[] = [];
  const opened: ParquetFile[] = [];
  for (const file of found) {
    const parquet = await openParquet(file, session);
    if ('problem' in parquet) problems.push(parquet);
    else opened.push(parquet);
  }
  problems.push(...opened.flatMap((file) => checkColumns(dataset, file, opened[0]!)));
  if (problems.length > 0) throw new InvalidDelivery(dataset.id, problems);
  return opened;
}

/** One after another, while queries run. */
function hashFiles(paths: readonly string[]): readonly Promise<string>[] {
  let last: Promise<unknown> = Promise.resolve();
  return paths.map((path) => {
    const hash = last.then(() => hashFile(path));
    // Awaited in the end, unless something else fails first.
    hash.catch(() => {});
    last = hash;
    return hash;
  });
}

async function openParquet({ ...found }: FoundFile, session: DuckDbSession): Promise<ParquetFile | DeliveryProblem> {
  const path = listPaths([found.path]);
  try {
    const described = await session.run(`DESCRIBE SELECT * FROM read_parquet(${path}, hive_partitioning = false)`);
    const counted = await session.run(`SELECT num_rows FROM parquet_file_metadata(${path})`);
    const [names = [], types = []] = await described.getColumns();
    const [[rows] = []] = await counted.getColumns();
    return {
      found,
      rows: Number(rows),
      columns: names.map((name, index) => ({ name: String(name), type: String(types[index]) })),
    };
  } catch {
    return {
      where: found.file,
      problem: 'it cannot be opened as Parquet: it is truncated, damaged, encrypted or something else',
      remedy: 'Write it again and deliver the whole file.',
    };
  }
}

function checkColumns(dataset: PlannedDataset, file: ParquetFile, first: ParquetFile): readonly DeliveryProblem[] {
  const where = file.found.file;
  const names = file.columns.map(({ name }) => name);
  return [
    ...compareColumns(where, names, dataset),
    ...dataset.columns.flatMap(({ name, type }): DeliveryProblem[] => {
      const found = findColumn(file, name);
      if (!found) return [];
      const native = nativeTypeOf(found.type);
      const column = `column ${JSON.stringify(name)}`;
      if (!native || !isConvertible(native, type)) {
        const problem = `${column} is ${describeType(found.type)}, of which no ${type.kind} can be made`;
        return [{ where, problem, remedy: `Write it as ${type.kind}, or as text.` }];
      }
      const other = findColumn(first, name);
      if (!other || other.type === found.type) return [];
      const problem = `${column} is ${describeType(found.type)}, in ${first.found.file} ${describeType(other.type)}`;
      return [{ where, problem, remedy: 'Write all files of a dataset with the same types.' }];
    }),
  ];
}

function findColumn({ columns }: ParquetFile, name: string): ParquetColumn | undefined {
  return columns.find((column) => column.name === name);
}

/** Nested and enumerated types spell out names and values of the file. */
function describeType(type: string): string {
  return type.replace(/[([].*$/s, '').replace(/^$/, 'a list');
}

function selectRows(dataset: PlannedDataset, opened: readonly ParquetFile[], files: DeliveryRows['files']): string {
  const firsts = files.map(({ first }) => first);
  const start = firsts.length === 1 ? '0' : `CAST([${firsts.join(', ')}] AS BIGINT[])[CAST(file_index AS BIGINT) + 1]`;
  return selectFrom(
    [
      { name: 'position', sql: `(${start} + file_row_number)` },
      ...dataset.columns.map(({ name }, index) => ({ name: givenName(index), sql: readColumn(opened[0]!, name) })),
    ],
    `read_parquet(${listPaths(opened.map(({ found }) => found.path))}, hive_partitioning = false)`,
  );
}

/** Enumerations and UUIDs are taken as the texts they show. */
function readColumn(file: ParquetFile, name: string): string {
  const { type } = findColumn(file, name)!;
  const isText = type !== 'VARCHAR' && nativeTypeOf(type)?.kind === 'string';
  return isText ? `CAST(${quoteIdentifier(name)} AS VARCHAR)` : quoteIdentifier(name);
}

/** The type of a Parquet column as DuckDB names it; nothing for nested ones. */
export function nativeTypeOf(type: string): NativeType | undefined {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (type.startsWith('ENUM(')) return { kind: 'string' };
  switch (type) {
    case 'VARCHAR':
    case 'UUID':
      return { kind: 'string' };
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'UTINYINT':
    case 'USMALLINT':
    case 'UINTEGER':
      return { kind: 'integer' };
    case 'UBIGINT':
    case 'HUGEINT':
    case 'UHUGEINT':
      return { kind: 'wide-integer' };
    case 'FLOAT':
    case 'DOUBLE':
      return { kind: 'double' };
    case 'BOOLEAN':
      return { kind: 'boolean' };
    case 'DATE':
      return { kind: 'date' };
    case 'TIMESTAMP':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
    case 'TIMESTAMP_NS':
      return { kind: 'timestamp' };
    case 'TIMESTAMP WITH TIME ZONE':
      return { kind: 'instant' };
    default:
      return undefined;
  }
}
