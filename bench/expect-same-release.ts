import { deepStrictEqual } from 'node:assert';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ReleaseMeasurement } from '../lib/domain/privacy/certificate/release-measurement';
import type { Histogram } from '../lib/domain/privacy/histogram/histogram';
import { openDuckDbEngine } from '../lib/engine/duckdb/duckdb-engine';
import type { ReleaseTask } from '../lib/engine/engine';

export interface ReleaseMade {
  readonly histogram: Histogram;
  readonly measurement: Omit<ReleaseMeasurement, 'sha256' | 'riskBefore'>;
  /** Of its files. */
  readonly pattern: string;
}

/**
 * What is wrong is not worth measuring: counts, measurement and every row must be those of the other engine.
 * @param folder private, for the other engine
 * @throws AssertionError
 */
export async function expectSameRelease(
  task: Omit<ReleaseTask, 'file'>,
  input: string,
  folder: string,
  made: ReleaseMade,
): Promise<void> {
  const file = join(folder, 'expected.parquet');
  const engine = await openDuckDbEngine({ directory: join(folder, 'scratch'), threads: 2 });
  try {
    await engine.clean(task.dataset, input, join(folder, 'expected.csv'));
    deepStrictEqual(made.histogram, await engine.histogram(task.dataset));
    await engine.release({ ...task, file });
    const { sha256: _, riskBefore: __, ...measurement } = await engine.measure({ ...task, file });
    deepStrictEqual(made.measurement, measurement);
  } finally {
    await engine.close();
  }
  deepStrictEqual(await countDifferent(made.pattern, file), [0n, 0n]);
}

/** Rows that only the one has, and only the other. */
async function countDifferent(left: string, right: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const only = (from: string, but: string) =>
      `(SELECT count(*) FROM (FROM read_parquet('${from}') EXCEPT ALL FROM read_parquet('${but}')))`;
    const found = await connection.runAndReadAll(`SELECT ${only(left, right)}, ${only(right, left)}`);
    return found.getRows()[0]!;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
