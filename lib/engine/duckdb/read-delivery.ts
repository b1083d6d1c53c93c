import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { FoundDelivery } from '../intake/list-delivered-files';
import type { DeliveryRows } from './delivery-rows';
import type { DuckDbSession } from './duckdb-session';
import { readCsvDelivery } from './read-csv-delivery';
import { readJsonDelivery } from './read-json-delivery';
import { readParquetDelivery } from './read-parquet-delivery';

/** @throws InvalidDelivery with the problems of all files. */
export async function readDelivery(
  session: DuckDbSession,
  dataset: PlannedDataset,
  found: Extract<FoundDelivery, { kind: 'found' }>,
  directory: string,
): Promise<DeliveryRows> {
  switch (found.format) {
    case 'csv':
      return readCsvDelivery(dataset, found.files, directory);
    case 'json-lines':
      return readJsonDelivery(dataset, found.files, directory, session);
    case 'parquet':
      return readParquetDelivery(dataset, found.files, session);
  }
}
