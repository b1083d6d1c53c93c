import { DuckDBInstance } from '@duckdb/node-api';

/** All rows of a Parquet file, values as text, in file order. */
export async function readParquet(file: string): Promise<readonly Record<string, string | null>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll('SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet($file)', {
      file,
    });
    return reader.getRowObjectsJson() as Record<string, string | null>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
