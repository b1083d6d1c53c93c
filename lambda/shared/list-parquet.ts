import type { Objects } from './objects';

/**
 * The Parquet files of a table that the job left in a folder, in order. What begins with `_` or `.` is a committer's own: it may leave
 * things behind, since the job deletes nothing.
 */
export async function listParquet(
  objects: Pick<Objects, 'list'>,
  folder: string,
  table: string,
): Promise<readonly string[]> {
  const prefix = `${folder}tables/table=${table}/`;
  const keys = await objects.list(prefix);
  const isOwn = (key: string) => /(^|\/)[_.]/.test(key.slice(prefix.length));
  return keys.filter((key) => key.endsWith('.parquet') && !isOwn(key)).sort();
}
