import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isFollowable, type ReleaseCounts } from '../../domain/privacy/certificate/assemble-measurement';
import type { ReleaseTask } from '../engine';
import { countTrackGroups, earlierName, listTracked, placeRound, TRACKED } from '../sql/compose-rounds';
import { WRITTEN } from '../sql/measure-rows';
import { releasedName } from '../sql/release-rows';
import type { DuckDbSession } from './duckdb-session';
import { lendFile } from './lend-file';
import { listPaths, quoteIdentifier, renderQuery, selectFrom } from './sql-text';

/** Follows the subjects of the written release through the earlier ones; nothing where nobody can follow them. */
export async function countTracks(
  session: DuckDbSession,
  { dataset, earlier }: ReleaseTask,
  scratch: string,
): Promise<Pick<ReleaseCounts, 'tracks'>> {
  const { subject } = dataset;
  if (earlier === undefined || subject === undefined || !isFollowable(dataset)) return {};
  const lent = earlier.map((_, index) => join(scratch, `${earlierName(index)}.parquet`));
  const columns = listTracked(dataset, subject).map((index) => ({
    name: releasedName(index),
    sql: quoteIdentifier(dataset.columns[index]!.name),
  }));
  try {
    for (const [index, file] of earlier.entries()) {
      await lendFile(file, lent[index]!);
      const read = `read_parquet(${listPaths([lent[index]!])})`;
      await session.run(`CREATE OR REPLACE VIEW ${earlierName(index)} AS ${selectFrom(columns, read)}`);
    }
    const rounds = [...earlier.keys()].map(earlierName).concat(WRITTEN);
    const placed = rounds.map((rows, round) => renderQuery(placeRound(dataset, subject, rows, round)));
    await session.run(`CREATE OR REPLACE VIEW ${TRACKED} AS ${placed.join('\nUNION ALL\n')}`);
    const [subjects, groups] = await session.readNumbers(countTrackGroups());
    return { tracks: { groups: { subjects: subjects!, groups: groups! }, rounds: rounds.length } };
  } finally {
    for (const file of lent) await rm(file, { force: true });
  }
}
