import { gzipSync } from 'node:zlib';
import type { Objects } from './objects';

/** Leaves a table for the Glue job: JSON lines in a file of its own. */
export async function leaveLines(
  objects: Pick<Objects, 'write'>,
  prefix: string,
  lines: readonly string[],
): Promise<void> {
  await objects.write(`${prefix}part-0.jsonl.gz`, gzipSync(lines.map((line) => `${line}\n`).join('')));
}
