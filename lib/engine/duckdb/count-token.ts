import { DuckDBInstance } from '@duckdb/node-api';
import { describeDuckDbError } from './describe-duckdb-error';
import { quoteIdentifier } from './sql-text';

/** How many rows of a released file carry a token. @throws EngineFailure for a file that cannot be read */
export async function countToken(file: string, column: string, token: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const sql = `SELECT count(*) FROM read_parquet($1) WHERE ${quoteIdentifier(column)} = $2`;
    const [[rows] = []] = await (await connection.run(sql, [file, token])).getColumns();
    return Number(rows);
  } catch (error) {
    throw describeDuckDbError(error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
