import { basename, dirname } from 'node:path';
import * as z from 'zod';
import { readRows } from './read-rows';

const exceptionSchema = z.object({ kind: z.string(), evidence: z.array(z.object({ event: z.string() })) });

/** What an exception is called by each record that shows it. */
export function nameShown(kind: string, events: readonly string[]): readonly string[] {
  return events.map((event) => `${kind} ${event}`);
}

/**
 * Exceptions that reports list, of those that are asked for.
 * @param tables paths of their tables of exceptions
 * @param wanted names of `nameShown`
 */
export async function listShown(tables: readonly string[], wanted: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const listed = new Set<string>();
  if (wanted.size === 0) return listed;
  for (const table of tables)
    for await (const [exception] of readRows(dirname(table), basename(table), exceptionSchema)) {
      const events = exception?.evidence.map(({ event }) => event) ?? [];
      for (const name of nameShown(exception?.kind ?? '', events)) if (wanted.has(name)) listed.add(name);
    }
  return listed;
}
