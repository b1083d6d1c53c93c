import { join } from 'node:path';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { joinCsvFields } from '../intake/join-csv-fields';
import { givenName } from '../sql/dataset-columns';
import { describeDuplicate } from '../sql/describe-duplicate';
import { column, columnOf, equals, named, table, text, when } from '../sql/rendering/expressions';
import type { SqlQuery } from '../sql/rendering/sql-query';
import { BAD_RECORDS, type CleanedRows, DELIVERED, DUPLICATES, FILES, REJECTS } from './clean-delivery';
import type { DuckDbSession } from './duckdb-session';
import { publishFile } from './publish-file';
import { quoteText, renderQuery } from './sql-text';

/**
 * Writes the rejected rows for their giver, as CSV: file, row (from 1, behind a header), all reasons, and the columns as
 * they were given. Values stay as they are, also those that a spreadsheet would take for a formula. Nothing without rejects.
 */
export async function writeQuarantine(
  session: DuckDbSession,
  dataset: PlannedDataset,
  cleaned: CleanedRows,
  scratch: string,
  file: string,
): Promise<void> {
  const parts = [
    ...(cleaned.broken > 0 ? [selectBroken(dataset, cleaned)] : []),
    ...(cleaned.bad > 0 ? [selectBad(dataset)] : []),
    ...(cleaned.duplicates > 0 ? [await selectDuplicates(session, dataset)] : []),
  ];
  if (parts.length === 0) return;
  const given = dataset.columns.map((_, index) => givenName(index));
  const rows = parts.map(renderQuery).join('\nUNION ALL\n');
  const body = join(scratch, 'quarantine.csv');
  await session.run(`COPY (
SELECT file, position - first + 1 AS row, reason, ${given.join(', ')}
FROM (${rows}) JOIN ${FILES} ON position >= first AND position < behind
ORDER BY position
) TO ${quoteText(body)} (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')`);
  await publishFile(body, file, joinCsvFields(['file', 'row', 'reason', ...dataset.columns.map(({ name }) => name)]));
}

function selectBroken(dataset: PlannedDataset, { rules }: CleanedRows): SqlQuery {
  const reasons = rules.map(({ reason }, index) => when(column(`rule_${index}`), text(reason)));
  return {
    columns: [
      named('position', column('position')),
      named('reason', { kind: 'list', separator: '; ', operands: reasons }),
      ...dataset.columns.map((_, index) => named(givenName(index), column(givenName(index)))),
    ],
    from: table(REJECTS),
  };
}

function selectBad(dataset: PlannedDataset): SqlQuery {
  const names = ['position', 'reason', ...dataset.columns.map((_, index) => givenName(index))];
  return { columns: names.map((name) => named(name, column(name))), from: table(BAD_RECORDS) };
}

const ORIGINALS = 'originals';

/** Cleaning kept what was given of broken rows only: duplicates are good rows, and have to be looked up again. */
async function selectDuplicates(session: DuckDbSession, dataset: PlannedDataset): Promise<SqlQuery> {
  const given = dataset.columns.map((_, index) => givenName(index));
  const texts = given.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ');
  await session.storeRows(ORIGINALS, `SELECT position, ${texts} FROM ${DELIVERED}`);
  return {
    columns: [
      named('position', columnOf(DUPLICATES, 'position')),
      named('reason', text(describeDuplicate(dataset))),
      ...given.map((name) => named(name, columnOf(ORIGINALS, name))),
    ],
    from: table(DUPLICATES),
    joins: [
      {
        kind: 'inner',
        with: table(ORIGINALS),
        on: equals(columnOf(DUPLICATES, 'position'), columnOf(ORIGINALS, 'position')),
      },
    ],
  };
}
