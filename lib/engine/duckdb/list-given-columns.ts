import type { ColumnType } from '../../domain/agreement/plan/plan';
import type { DeliveryProblem } from '../intake/delivery-problem';
import type { FoundDelivery } from '../intake/list-delivered-files';
import { type RaggedCsv, readCsvNames } from '../intake/read-csv-layout';
import { InvalidDelivery } from '../invalid-delivery';
import type { DuckDbSession } from './duckdb-session';
import { nativeTypeOf } from './read-parquet-delivery';
import { listPaths } from './sql-text';

export interface GivenColumn {
  readonly name: string;
  /** As the file has it; text formats have texts. */
  readonly type: ColumnType;
}

/**
 * The columns of files that no agreement speaks of yet.
 * @throws InvalidDelivery where Parquet holds what no agreement could name, or text does not say what its columns are.
 */
export async function listGivenColumns(
  session: DuckDbSession,
  dataset: string,
  { format, files }: Extract<FoundDelivery, { kind: 'found' }>,
): Promise<readonly GivenColumn[]> {
  const first = files[0]!;
  const readTexts = async (sql: string) => (await (await session.run(sql)).getColumns()) as readonly string[][];
  const asTexts = (names: readonly string[]) => names.map((name) => ({ name, type: { kind: 'string' } as const }));
  switch (format) {
    case 'csv': {
      const found = readCsvNames(first.path);
      if (found.kind === 'ragged') throw new InvalidDelivery(dataset, [describeRagged(first.file, found)]);
      return asTexts(found.names);
    }
    case 'json-lines': {
      const options = "ignore_errors = true, compression = 'uncompressed', hive_partitioning = false";
      const objects = `read_ndjson_objects(${listPaths(files.map(({ path }) => path))}, ${options})`;
      const keys = `SELECT json_keys(json) AS names FROM ${objects} WHERE json_type(json) = 'OBJECT'`;
      const placed = `SELECT unnest(names) AS name, generate_subscripts(names, 1) AS place FROM (${keys})`;
      const [names = []] = await readTexts(`SELECT name FROM (${placed}) GROUP BY name ORDER BY min(place), name`);
      return asTexts(names);
    }
    case 'parquet': {
      const described = `DESCRIBE SELECT * FROM read_parquet(${listPaths([first.path])}, hive_partitioning = false)`;
      // What cannot be opened has no columns here; the reader says what is wrong with it.
      const [names = [], types = []] = await readTexts(described).catch(() => []);
      const unusable = names.filter((_, index) => typeOf(types[index]!) === undefined);
      if (unusable.length > 0) {
        const remedy = 'Write one value per column, or leave the column out.';
        const problem = (name: string) => `column ${JSON.stringify(name)} is nested or of a type that no agreement has`;
        throw new InvalidDelivery(
          dataset,
          unusable.map((name) => ({ where: first.file, problem: problem(name), remedy })),
        );
      }
      return names.map((name, index) => ({ name, type: typeOf(types[index]!)! }));
    }
  }
}

function describeRagged(where: string, { delimiter, width, record, fields }: RaggedCsv): DeliveryProblem {
  return {
    where,
    problem: `its header has ${width} columns, divided by ${JSON.stringify(delimiter)}, and record ${record} (the header is the first) has ${fields}`,
    remedy: `Write as many values in every record as the header has names, and those that hold the divider in quotes; if the file has one column, write its name in quotes.`,
  };
}

function typeOf(type: string): ColumnType | undefined {
  const native = nativeTypeOf(type);
  switch (native?.kind) {
    case 'instant':
      return { kind: 'timestamp' };
    case 'wide-integer':
      return { kind: 'decimal', precision: 38, scale: 0 };
    default:
      return native;
  }
}
