import { BLOB, blobValue, VARCHAR } from '@duckdb/node-api';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { ErasedSubjects } from '../engine';
import { ERASED, ERASED_SUBJECTS, findErased } from '../sql/find-erased';
import { padKey } from '../sql/key-pads';
import type { Join } from '../sql/rendering/sql-query';
import type { DuckDbSession } from './duckdb-session';
import { fillTable } from './fill-table';

const KEY = 'erasure_key';

/** Finds the rows of erased subjects among what cleaning has accepted so far, under a key that no SQL text, plan or log holds. */
export async function storeErased(
  session: DuckDbSession,
  dataset: PlannedDataset,
  { key, digests }: ErasedSubjects,
  without: readonly Join[],
): Promise<void> {
  const { inner, outer } = padKey(key);
  const temporary = { temporary: true };
  try {
    await fillTable(session, ERASED_SUBJECTS, [{ name: 'digest', type: VARCHAR, values: [...digests] }], temporary);
    await fillTable(
      session,
      KEY,
      [
        { name: 'erasure_inner', type: BLOB, values: [blobValue(inner)] },
        { name: 'erasure_outer', type: BLOB, values: [blobValue(outer)] },
      ],
      temporary,
    );
    await session.createTable(ERASED, findErased(dataset, { keys: KEY, without }));
  } finally {
    await session.dropTable(ERASED_SUBJECTS);
    await session.dropTable(KEY);
  }
}
