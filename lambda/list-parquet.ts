import type { Objects } from './objects';

/**
 * The Parquet files of a table that Spark wrote, in order. What begins with `_` or `.` is a committer's own: it may leave
 * things behind, since the job deletes nothing.
 */
export async function listParquet(objects: Pick<Objects, 'list'>, prefix: string): Promise<readonly string[]> {
  const keys = await objects.list(prefix);
  const isOwn = (key: string) => /(^|\/)[_.]/.test(key.slice(prefix.length));
  return keys.filter((key) => key.endsWith('.parquet') && !isOwn(key)).sort();
}
