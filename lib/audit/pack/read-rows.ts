import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type * as z from 'zod';
import { parseJson } from '../../domain/parse-json';

/** Each line of a table, from 1; undefined for what is none of these. A table that is missing is found with the manifest. */
export async function* readRows<T>(
  folder: string,
  name: string,
  schema: z.ZodType<T>,
): AsyncGenerator<readonly [T | undefined, number]> {
  const path = join(folder, name);
  if (!existsSync(path)) return;
  let at = 0;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    at += 1;
    yield [schema.safeParse(parseJson(line)).data, at];
  }
}
