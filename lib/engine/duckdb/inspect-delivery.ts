import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { FoundDelivery } from '../intake/list-delivered-files';
import type { DuckDbSession } from './duckdb-session';
import { inspectCsv } from './read-csv-delivery';
import { inspectJson } from './read-json-delivery';
import { inspectParquet } from './read-parquet-delivery';

/**
 * What is wrong with files as they are: no text, other columns, no Parquet.
 * @returns their rows
 * @throws InvalidDelivery with the problems of all files.
 */
export async function inspectDelivery(
  dataset: PlannedDataset,
  found: Extract<FoundDelivery, { kind: 'found' }>,
  openSession: () => Promise<DuckDbSession>,
): Promise<number> {
  switch (found.format) {
    case 'csv':
      return inspectCsv(dataset, found.files);
    case 'json-lines':
      return inspectJson(dataset, found.files);
    case 'parquet': {
      const session = await openSession();
      return inspectParquet(dataset, found.files, session).finally(() => session.close());
    }
  }
}
