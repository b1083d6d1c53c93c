import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { listSearched, MOST_SEARCHED, type ReleasedSample } from '../../domain/discovery/search-release';
import { drawValues, listWrittenValues } from '../sql/sample-values';
import type { DuckDbSession } from './duckdb-session';

const VALUES = 'written_values';

/** Values of the written release's columns, to be searched for identifiers; all of them, or a sample. */
export async function drawSamples(session: DuckDbSession, dataset: PlannedDataset): Promise<readonly ReleasedSample[]> {
  const samples: ReleasedSample[] = [];
  for (const index of listSearched(dataset)) {
    await session.createTable(VALUES, listWrittenValues(dataset, index));
    const distinct = await session.countRows(VALUES);
    const [values = []] = await session.read(drawValues(VALUES, MOST_SEARCHED / distinct));
    samples.push({ column: dataset.columns[index]!.name, distinct, values: values as readonly string[] });
  }
  await session.dropTable(VALUES);
  return samples;
}
