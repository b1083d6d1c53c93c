import { BLOB, blobValue, VARCHAR } from '@duckdb/node-api';
import type { PlannedDataset } from '../../domain/agreement/plan';
import type { ErasedSubjects } from '../engine';
import { valueName } from '../sql/dataset-columns';
import { canonicalText, columnOf, equals, named, table } from '../sql/expressions';
import { padKey } from '../sql/key-pads';
import type { Join, SqlQuery } from '../sql/sql-query';
import type { DuckDbSession } from './duckdb-session';
import { fillTable } from './fill-table';

/** Positions of the rows of subjects that are to be erased. */
export const ERASED = 'erased';

export const ERASED_REASON = 'the subject is erased on request';

const SUBJECTS = 'erased_subjects';
const KEY = 'erasure_key';

/**
 * Finds the rows of erased subjects among what cleaning has accepted so far, by digests under a key that no SQL text, plan or
 * log holds. They are in no release, and not in the quarantine either.
 */
export async function findErased(
  session: DuckDbSession,
  dataset: PlannedDataset,
  { key, digests }: ErasedSubjects,
  without: readonly Join[],
): Promise<void> {
  const subject = dataset.columns.findIndex(({ name }) => name === dataset.subject);
  if (subject < 0) throw new Error(`Dataset ${dataset.id} names no subject, so none can be erased from it.`);
  const { inner, outer } = padKey(key);
  try {
    await fillTable(session, SUBJECTS, [{ name: 'digest', type: VARCHAR, values: [...digests] }], { temporary: true });
    await fillTable(
      session,
      KEY,
      [
        { name: 'erasure_inner', type: BLOB, values: [blobValue(inner)] },
        { name: 'erasure_outer', type: BLOB, values: [blobValue(outer)] },
      ],
      { temporary: true },
    );
    const digested: SqlQuery = {
      columns: [
        named('position', columnOf('cleaned', 'position')),
        named('digest', {
          kind: 'hmac',
          operand: canonicalText(columnOf('cleaned', valueName(subject))),
          keys: KEY,
          key: 'erasure',
        }),
      ],
      from: table('cleaned'),
      joins: [...without, { kind: 'cross', with: table(KEY) }],
    };
    await session.createTable(ERASED, {
      columns: [named('position', columnOf('digested', 'position'))],
      from: { kind: 'query', query: digested, as: 'digested' },
      joins: [
        {
          kind: 'inner',
          with: table(SUBJECTS),
          on: equals(columnOf('digested', 'digest'), columnOf(SUBJECTS, 'digest')),
        },
      ],
    });
  } finally {
    await session.dropTable(SUBJECTS);
    await session.dropTable(KEY);
  }
}
