import { stat } from 'node:fs/promises';
import type { FoundFile } from '../intake/list-delivered-files';
import { InvalidDelivery } from '../invalid-delivery';

/** What delivered files look like from outside: enough to see that one was written to. */
type FileLooks = readonly string[];

export async function describeLooks(files: readonly FoundFile[]): Promise<FileLooks> {
  return Promise.all(
    files.map(async ({ path }) => {
      const looks = await stat(path, { bigint: true }).catch(() => undefined);
      return looks ? `${looks.ino} ${looks.size} ${looks.mtimeNs}` : 'gone';
    }),
  );
}

/**
 * Queries read the files again and again: what was hashed must be what is released.
 * @throws InvalidDelivery naming the files that look different now.
 */
export async function refuseChanged(dataset: string, files: readonly FoundFile[], looks: FileLooks): Promise<void> {
  const now = await describeLooks(files);
  const problems = files
    .filter((_, index) => now[index] !== looks[index])
    .map(({ file }) => ({
      where: file,
      problem: 'the file was changed while it was read',
      remedy: 'Deliver it again once it is written to its end.',
    }));
  if (problems.length > 0) throw new InvalidDelivery(dataset, problems);
}
